"""What the loan-file page is made of: each capability gives its tab, clocks, gaps and steps.

`app` puts the parts together; nothing here knows a page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from postloan_archive.kernel.law import Citation, Due
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderClock:
    """One clock of the header with the derivation that it opens.

    Attributes:
        key: its name in the address (`?clock=limitation`), unique within the file.
        label: Chinese, marked for translation.
        subject: whose or what, such as the guarantor; not translated.
        due: the day; the header shows `safe`. None: nothing runs, `words` says why.
        words: shown instead of the day, marked for translation.
        long_period: limitation or guarantee; the warning begins at 90 days instead of 60.
        cannot_be_repaired: a missed renewal; urgent one day earlier.
        done: the right was kept, or the step was taken.
        steps: the derivation; that of `due` where it is empty.
        note: a fact beside the derivation, such as the paper that proves it.
        source: endpoint of the page that owns the clock, with `source_args`.
    """

    key: str
    label: str
    due: Due | None
    subject: str = ""
    words: str = ""
    long_period: bool = False
    cannot_be_repaired: bool = False
    done: bool = False
    steps: tuple[str, ...] = ()
    basis: tuple[Citation, ...] = ()
    note: str = ""
    source: str = ""
    source_args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingItem:
    """A required paper that the file does not hold, with the reason that asks for it."""

    code: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How many of the required papers are there.

    `unknown`: why it cannot be told, such as a marriage that is not registered; else empty.
    """

    have: int
    need: int
    missing: tuple[MissingItem, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step that follows from the state of the loan; shown where the actor may take it.

    `urgency`: the smaller, the further in front; the first one gets the solid button.
    """

    label: str
    endpoint: str
    permission: str
    args: Mapping[str, object] = field(default_factory=dict)
    anchor: str = ""
    icon: str = ""
    urgency: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab: the page of a capability; left out while its route does not exist.

    The endpoint takes `loan_no`. `count` is the number beside the label, if there is one.
    """

    key: str
    label: str
    endpoint: str
    permission: str
    count: Callable[[UnitOfWork, Loan], int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What the header has found out, for the steps that follow from it."""

    clocks: tuple[HeaderClock, ...]
    completeness: Completeness | None


ClockProvider = Callable[[UnitOfWork, Loan], Iterable[HeaderClock]]
StepProvider = Callable[[UnitOfWork, Loan, FileState], Iterable[NextStep]]
CompletenessProvider = Callable[[UnitOfWork, Loan], Completeness]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFileParts:
    """Everything that `app` registers for the loan-file page."""

    tabs: tuple[Tab, ...]
    clocks: tuple[ClockProvider, ...] = ()
    steps: tuple[StepProvider, ...] = ()
    completeness: CompletenessProvider | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestDay:
    """The open day of a loan that comes first, of whatever capability; `label` Chinese."""

    label: str
    safe: date
    legal: date
    provisional: bool = False
    long_period: bool = False
    cannot_be_repaired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanListParts:
    """What other capabilities know about the loans of one page of the list, one SELECT each.

    Attributes:
        nearest: the first open day by loan id; loans without one are left out.
        places: where the originals are, by loan id; loans without originals are left out.
    """

    nearest: Callable[[UnitOfWork, Sequence[int]], Mapping[int, NearestDay]]
    places: Callable[[UnitOfWork, Sequence[int]], Mapping[int, str]]
