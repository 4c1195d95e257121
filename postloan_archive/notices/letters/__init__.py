"""The letters as dataclasses: each blank of the Word file is one field, already formatted."""

from typing import Final

from postloan_archive.notices.letters.base import (
    AmountLine,
    DebtLine,
    Letter,
    LetterWithSlip,
    SignerLine,
    SlipLetter,
)
from postloan_archive.notices.letters.demands import (
    AccelerationNotice,
    DemandLetter,
    DueNotice,
    FirmDemand,
    GuarantorNotice,
    RateNotice,
    SettlementCertificate,
)
from postloan_archive.notices.letters.special import (
    CreditReportNotice,
    DebtConfirmation,
    DemandAnnouncement,
    GuarantorConsent,
    JointAnnouncement,
    LawyerLetter,
    MaximumFixed,
    RiskWarning,
    TransferNotice,
)

LETTERS: Final[tuple[type[Letter], ...]] = (
    DueNotice,
    DemandLetter,
    AccelerationNotice,
    GuarantorNotice,
    FirmDemand,
    LawyerLetter,
    TransferNotice,
    JointAnnouncement,
    DemandAnnouncement,
    RateNotice,
    DebtConfirmation,
    CreditReportNotice,
    SettlementCertificate,
    GuarantorConsent,
    RiskWarning,
    MaximumFixed,
)
__all__ = [
    "LETTERS",
    "AccelerationNotice",
    "AmountLine",
    "CreditReportNotice",
    "DebtConfirmation",
    "DebtLine",
    "DemandAnnouncement",
    "DemandLetter",
    "DueNotice",
    "FirmDemand",
    "GuarantorConsent",
    "GuarantorNotice",
    "JointAnnouncement",
    "LawyerLetter",
    "Letter",
    "LetterWithSlip",
    "MaximumFixed",
    "RateNotice",
    "RiskWarning",
    "SettlementCertificate",
    "SignerLine",
    "SlipLetter",
    "TransferNotice",
]
