"""The roles: a fixed table of permissions and of the categories of paper each may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l

CATEGORIES: Final = ("QZ", "YJ", "GL", "BQ", "ZH")  # 权证、要件、管理、保全、综合


class Role(StrEnum):
    """An office in the bank; stored by value in the role assignments."""

    ARCHIVE_CLERK = "archive_clerk"
    LEGAL = "legal"
    AUDITOR = "auditor"
    ACCOUNT_MANAGER = "account_manager"
    BRANCH_MANAGER = "branch_manager"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTable:
    """What one role is called, may do and may see."""

    label: str  # Chinese, translated where it is shown
    permissions: frozenset[Permission]
    categories: frozenset[str]


_VIEW: Final = frozenset(
    {
        Permission.LOAN_VIEW,
        Permission.DOCUMENT_VIEW,
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
        Permission.CALCULATE,
    }
)
_ALL: Final = frozenset(CATEGORIES)

ROLES: Final[dict[Role, RoleTable]] = {
    Role.ARCHIVE_CLERK: RoleTable(
        label=_l("档案员"),
        permissions=_VIEW
        | {
            Permission.LOAN_EDIT,
            Permission.LEDGER_IMPORT,
            Permission.DOCUMENT_ADD,
            Permission.DOCUMENT_EDIT,
            Permission.DOCUMENT_EXPORT,
            Permission.NOTICE_DELIVER,
            Permission.CUSTODY_EDIT,
            Permission.LENDING_REQUEST,
            Permission.LENDING_APPROVE,
            Permission.RETENTION_EDIT,
            Permission.HOLD_EDIT,
            Permission.REPORT_VIEW,
        },
        categories=_ALL,
    ),
    Role.LEGAL: RoleTable(
        label=_l("法务"),
        permissions=_VIEW
        | {
            Permission.LOAN_EDIT,
            Permission.DOCUMENT_ADD,
            Permission.DOCUMENT_EDIT,
            Permission.DOCUMENT_EXPORT,
            Permission.NOTICE_RUN,
            Permission.NOTICE_DELIVER,
            Permission.CASE_EDIT,
            Permission.PRESERVATION_EDIT,
            Permission.PACKAGE_BUILD,
            Permission.DEADLINE_EDIT,
            Permission.INSPECTION_EDIT,
            Permission.CLASSIFY,
            Permission.COLLECTION_EDIT,
            Permission.COLLECTION_LEAD,
            Permission.DISPOSAL_EDIT,
            Permission.LENDING_REQUEST,
            Permission.RETENTION_APPROVE,
            Permission.HOLD_EDIT,
            Permission.REPORT_VIEW,
            Permission.TEMPLATE_EDIT,
            Permission.TEMPLATE_PUBLISH,
            Permission.CALENDAR_EDIT,
            Permission.POLICY_EDIT,
            Permission.UNMASK,
        },
        categories=_ALL,
    ),
    Role.AUDITOR: RoleTable(
        label=_l("审计"),
        permissions=_VIEW
        | {
            Permission.DOCUMENT_EXPORT,
            Permission.REPORT_VIEW,
            Permission.AUDIT_VIEW,
            Permission.AUDIT_VERIFY,
            Permission.AUDIT_WORK,
            Permission.UNMASK,
        },
        categories=_ALL,
    ),
    Role.ACCOUNT_MANAGER: RoleTable(
        label=_l("客户经理"),
        permissions=frozenset(
            {
                Permission.LOAN_VIEW,
                Permission.DOCUMENT_VIEW,
                Permission.DOCUMENT_ADD,
                Permission.SEARCH,
                Permission.NOTICE_VIEW,
                Permission.NOTICE_DELIVER,
                Permission.DEADLINE_VIEW,
                Permission.INSPECTION_VIEW,
                Permission.INSPECTION_EDIT,
                Permission.COLLECTION_VIEW,
                Permission.COLLECTION_EDIT,
                Permission.DISPOSAL_VIEW,
                Permission.CUSTODY_VIEW,
                Permission.LENDING_REQUEST,
                Permission.CALCULATE,
            }
        ),
        categories=frozenset({"YJ", "GL", "ZH"}),
    ),
    Role.BRANCH_MANAGER: RoleTable(
        label=_l("机构负责人"),
        permissions=_VIEW
        | {
            Permission.DEADLINE_EDIT,
            Permission.INSPECTION_EDIT,
            Permission.CLASSIFY,
            Permission.COLLECTION_EDIT,
            Permission.COLLECTION_LEAD,
            Permission.DISPOSAL_EDIT,
            Permission.DISPOSAL_APPROVE,
            Permission.LENDING_APPROVE,
            Permission.DEED_APPROVE,
            Permission.RETENTION_APPROVE,
            Permission.REPORT_VIEW,
            Permission.TEMPLATE_PUBLISH,
        },
        categories=_ALL,
    ),
    Role.SYSTEM_ADMIN: RoleTable(
        label=_l("系统管理员"),
        permissions=frozenset(
            {Permission.USER_ADMIN, Permission.SYSTEM_ADMIN, Permission.CALENDAR_EDIT}
        ),
        categories=frozenset(),
    ),
    Role.SECURITY_ADMIN: RoleTable(
        label=_l("安全管理员"),
        permissions=frozenset({Permission.ROLE_ADMIN}),
        categories=frozenset(),
    ),
    Role.AUDIT_ADMIN: RoleTable(
        label=_l("审计管理员"),
        permissions=frozenset({Permission.AUDIT_VIEW, Permission.AUDIT_VERIFY}),
        categories=frozenset(),
    ),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what the roles allow together."""
    return frozenset[Permission]().union(*(ROLES[role].permissions for role in roles))


def categories_of(roles: Iterable[Role]) -> frozenset[str]:
    """Return the categories of paper that the roles see together."""
    return frozenset[str]().union(*(ROLES[role].categories for role in roles))
