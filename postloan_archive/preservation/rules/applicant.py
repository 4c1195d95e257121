"""Which kind of applicant a lender is, by its name, for the security of R-C04."""

from typing import Final

from postloan_archive.preservation.rules.security import Applicant

BY_NAME: Final = (  # the first word that the name holds decides
    ("小额贷款", Applicant.MICRO_LOAN_COMPANY),
    ("银行", Applicant.COMMERCIAL_BANK),
    ("保险", Applicant.INSURANCE_COMPANY),
    ("信用合作", Applicant.OTHER_LICENSED),
    ("信用社", Applicant.OTHER_LICENSED),
    ("消费金融", Applicant.OTHER_LICENSED),
    ("信托", Applicant.OTHER_LICENSED),
)


def applicant_of(name: str) -> Applicant:
    """Return the kind of a lender; a name that says nothing is no licensed institution."""
    return next((kind for word, kind in BY_NAME if word in name), Applicant.OTHER)
