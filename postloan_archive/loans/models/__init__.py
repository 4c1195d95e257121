"""The tables of the ledger: facts only; balances and clocks are derived for a given day."""

from postloan_archive.loans.models.amendment import Amendment
from postloan_archive.loans.models.balance import (
    BalanceDifference,
    DeliveredBalance,
    ReconciledDay,
)
from postloan_archive.loans.models.contracts import Contract, Loan
from postloan_archive.loans.models.customers import Customer
from postloan_archive.loans.models.ledger_import import LedgerImport, LedgerMapping, RetiredId
from postloan_archive.loans.models.lender import LenderProfile
from postloan_archive.loans.models.limitation import LimitationEvent
from postloan_archive.loans.models.position import LoanPosition
from postloan_archive.loans.models.repayment import (
    Instalment,
    Payment,
    ProductTerms,
    RateChange,
)
from postloan_archive.loans.models.security import Collateral, Guarantee
from postloan_archive.loans.models.selection import LoanSelection

__all__ = [
    "Amendment",
    "BalanceDifference",
    "Collateral",
    "Contract",
    "Customer",
    "DeliveredBalance",
    "Guarantee",
    "Instalment",
    "LedgerImport",
    "LedgerMapping",
    "LenderProfile",
    "LimitationEvent",
    "Loan",
    "LoanPosition",
    "LoanSelection",
    "Payment",
    "ProductTerms",
    "RateChange",
    "ReconciledDay",
    "RetiredId",
]
