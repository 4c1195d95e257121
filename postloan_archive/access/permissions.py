"""The permissions of the product: what a route declares and a role grants."""

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """One thing a person may be allowed to do; the values are stored nowhere."""

    LOAN_VIEW = "loan_view"
    LOAN_EDIT = "loan_edit"
    LEDGER_IMPORT = "ledger_import"
    DOCUMENT_VIEW = "document_view"
    DOCUMENT_ADD = "document_add"
    DOCUMENT_EDIT = "document_edit"
    DOCUMENT_EXPORT = "document_export"
    SEARCH = "search"
    NOTICE_VIEW = "notice_view"
    NOTICE_RUN = "notice_run"
    NOTICE_DELIVER = "notice_deliver"
    CASE_VIEW = "case_view"
    CASE_EDIT = "case_edit"
    PRESERVATION_VIEW = "preservation_view"
    PRESERVATION_EDIT = "preservation_edit"
    PACKAGE_VIEW = "package_view"
    PACKAGE_BUILD = "package_build"
    DEADLINE_VIEW = "deadline_view"
    DEADLINE_EDIT = "deadline_edit"
    CUSTODY_VIEW = "custody_view"
    CUSTODY_EDIT = "custody_edit"
    LENDING_REQUEST = "lending_request"
    LENDING_APPROVE = "lending_approve"
    DEED_APPROVE = "deed_approve"
    RETENTION_VIEW = "retention_view"
    RETENTION_EDIT = "retention_edit"
    RETENTION_APPROVE = "retention_approve"
    HOLD_EDIT = "hold_edit"
    INSPECTION_VIEW = "inspection_view"
    INSPECTION_EDIT = "inspection_edit"
    CLASSIFY = "classify"
    COLLECTION_VIEW = "collection_view"
    COLLECTION_EDIT = "collection_edit"
    COLLECTION_LEAD = "collection_lead"
    DISPOSAL_VIEW = "disposal_view"
    DISPOSAL_EDIT = "disposal_edit"
    DISPOSAL_APPROVE = "disposal_approve"
    REPORT_VIEW = "report_view"
    CALCULATE = "calculate"
    UNMASK = "unmask"
    TEMPLATE_EDIT = "template_edit"
    TEMPLATE_PUBLISH = "template_publish"
    CALENDAR_EDIT = "calendar_edit"
    POLICY_EDIT = "policy_edit"
    AUDIT_VIEW = "audit_view"
    AUDIT_VERIFY = "audit_verify"
    AUDIT_WORK = "audit_work"
    USER_ADMIN = "user_admin"
    ROLE_ADMIN = "role_admin"
    SYSTEM_ADMIN = "system_admin"


CASE_CONTENT = frozenset(
    {
        Permission.LOAN_VIEW,
        Permission.LOAN_EDIT,
        Permission.LEDGER_IMPORT,
        Permission.DOCUMENT_VIEW,
        Permission.DOCUMENT_ADD,
        Permission.DOCUMENT_EDIT,
        Permission.DOCUMENT_EXPORT,
        Permission.SEARCH,
        Permission.NOTICE_VIEW,
        Permission.NOTICE_RUN,
        Permission.NOTICE_DELIVER,
        Permission.CASE_VIEW,
        Permission.CASE_EDIT,
        Permission.PRESERVATION_VIEW,
        Permission.PRESERVATION_EDIT,
        Permission.PACKAGE_VIEW,
        Permission.PACKAGE_BUILD,
        Permission.DEADLINE_VIEW,
        Permission.DEADLINE_EDIT,
        Permission.INSPECTION_VIEW,
        Permission.INSPECTION_EDIT,
        Permission.CLASSIFY,
        Permission.COLLECTION_VIEW,
        Permission.COLLECTION_EDIT,
        Permission.COLLECTION_LEAD,
        Permission.DISPOSAL_VIEW,
        Permission.DISPOSAL_EDIT,
        Permission.DISPOSAL_APPROVE,
        Permission.CUSTODY_VIEW,
        Permission.CUSTODY_EDIT,
        Permission.LENDING_REQUEST,
        Permission.LENDING_APPROVE,
        Permission.DEED_APPROVE,
        Permission.RETENTION_VIEW,
        Permission.RETENTION_EDIT,
        Permission.RETENTION_APPROVE,
        Permission.HOLD_EDIT,
        Permission.AUDIT_WORK,
        Permission.REPORT_VIEW,
        Permission.UNMASK,
    }
)
"""What shows or changes a customer's file; no administrator holds any of it by office."""

READING: Final = frozenset(
    {
        Permission.LOAN_VIEW,
        Permission.DOCUMENT_VIEW,
        Permission.DOCUMENT_EXPORT,
        Permission.SEARCH,
        Permission.NOTICE_VIEW,
        Permission.CASE_VIEW,
        Permission.PRESERVATION_VIEW,
        Permission.PACKAGE_VIEW,
        Permission.DEADLINE_VIEW,
        Permission.INSPECTION_VIEW,
        Permission.COLLECTION_VIEW,
        Permission.DISPOSAL_VIEW,
        Permission.CUSTODY_VIEW,
        Permission.RETENTION_VIEW,
        Permission.REPORT_VIEW,
        Permission.CALCULATE,
        Permission.AUDIT_VIEW,
    }
)
"""What changes nothing: the scope of a program's key that may only read."""
