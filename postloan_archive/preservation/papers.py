"""The papers about measures as dataclasses: each blank of the Word file is one field."""

from dataclasses import dataclass
from typing import ClassVar, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalApplication:
    """P04 续行保全申请书 (R-H02a)."""

    template: ClassVar[str] = "renewal_application.docx"
    code: ClassVar[str] = "P04"
    title: ClassVar[str] = "续行保全申请书"
    heading: str
    court: str
    case_no: str
    applicant: tuple[str, ...]
    respondent: tuple[str, ...]
    requests: tuple[str, ...]
    ruling_no: str
    asset: str
    measure: str
    effective_date: str
    expiry_date: str
    new_period: str
    reasons: tuple[str, ...]
    attachments: tuple[str, ...]
    unit: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseApplication:
    """P05 解除保全申请书 (R-H02a)."""

    template: ClassVar[str] = "release_application.docx"
    code: ClassVar[str] = "P05"
    title: ClassVar[str] = "解除保全申请书"
    court: str
    case_no: str
    applicant: tuple[str, ...]
    respondent: tuple[str, ...]
    requests: tuple[str, ...]
    ruling_no: str
    asset: str
    scope: str
    reasons: tuple[str, ...]
    attachments: tuple[str, ...]
    unit: str
    date: str


PAPERS: Final = (RenewalApplication, ReleaseApplication)
