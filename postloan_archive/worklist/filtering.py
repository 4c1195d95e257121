"""What a list of deadlines shows: the filter in the address, and the same as SQL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, or_

from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.buckets import EDGES, LATER, MUST_DAYS, PAST, buckets
from postloan_archive.worklist.rules.computed import State
from postloan_archive.worklist.rules.kinds import GROUPS, Kind

MINE: Final = "mine"
ALL: Final = "all"
SCOPES: Final = (MINE, ALL)
MUST: Final = "must"  # over, today or near: what the desk lists first
TODAY: Final = "today"
NEAR: Final = "near"
REMIND: Final = "remind"
SPANS: Final = frozenset(
    {PAST, *(str(edge) for edge in EDGES), LATER, MUST, TODAY, NEAR, REMIND}
)


RENEWAL_MISSING: Final = "renewal_missing"
LIMITATION_UNPROVEN: Final = "limitation_unproven"
RENEWAL_ESCALATED: Final = "renewal_escalated"
GAPS: Final = (RENEWAL_MISSING, RENEWAL_ESCALATED, LIMITATION_UNPROVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFilter:
    """What is asked for; an empty field asks for nothing.

    Attributes:
        scope: mine (and nobody's), or all that the actor sees.
        branch: id of a branch.
        kind: a value of `Kind`, or the key of a group of the level table.
        span: a bucket, or must, today, near, remind.
        within: not over, and the safe day is at most so many days away.
        state: open, done or struck.
        owner: user name; `-` for nobody.
        words: part of the name of the debtor, the loan number, the title.
        loan_no: exact.
        case_id: id of a case.
        source: court_document, computed or entered.
        differs: only where the paper of the court and our computation differ.
        gap: one of the things that must not be forgotten which deadlines show, see `GAPS`.
    """

    scope: str = ALL
    branch: int | None = None
    kind: str = ""
    span: str = ""
    within: int | None = None
    state: str = State.OPEN
    owner: str = ""
    words: str = ""
    loan_no: str = ""
    case_id: int | None = None
    source: str = ""
    differs: bool = False
    gap: str = ""

    def query(self, **changes: object) -> str:
        """Return the filter as the query of an address, changed in some fields."""
        other = replace(self, **changes)  # type: ignore[arg-type]  # names of fields
        default = DeadlineFilter()
        pairs = {
            name: value
            for name in self.__slots__
            if (value := getattr(other, name)) != getattr(default, name)
        }
        return urlencode(
            {name: "1" if value is True else str(value) for name, value in pairs.items()}
        )


def filter_of(args: Mapping[str, str]) -> DeadlineFilter:
    """Return the filter of an address; what makes no sense is left out."""
    kind = args.get("kind", "")
    span = args.get("span", "")
    state = args.get("state", State.OPEN)
    scope = args.get("scope", ALL)
    return DeadlineFilter(
        scope=scope if scope in SCOPES else ALL,
        branch=_number(args.get("branch")),
        kind=kind if kind in GROUPS or kind in set(Kind) else "",
        span=span if span in SPANS else "",
        within=_number(args.get("within")),
        state=state if state in {*State, "any"} else State.OPEN,
        owner=args.get("owner", "").strip(),
        words=args.get("words", "").strip(),
        loan_no=args.get("loan_no", "").strip(),
        case_id=_number(args.get("case_id")),
        source=args.get("source", ""),
        differs=args.get("differs") == "1",
        gap=args.get("gap", "") if args.get("gap", "") in GAPS else "",
    )


def conditions(
    wanted: DeadlineFilter, *, actor: Actor, today: date, in_order: bool = False
) -> list[ColumnElement[bool]]:
    """Return the WHERE of a query over deadlines, loans and customers; rights included.

    `in_order`: the query wants the first few by day, so the rows are read in that order and
    the index of branches is kept out by the sum.
    """
    return [
        *_rights(actor, in_order=in_order),
        *_standing(wanted, actor),
        *_near(wanted, today),
        *_of_thing(wanted),
    ]


def _rights(actor: Actor, *, in_order: bool) -> Iterator[ColumnElement[bool]]:
    if actor.branch_ids is not None:
        branch = (Deadline.branch_id + 0) if in_order else Deadline.branch_id
        yield branch.in_(sorted(actor.branch_ids))


def _standing(wanted: DeadlineFilter, actor: Actor) -> Iterator[ColumnElement[bool]]:
    if wanted.state != "any":
        yield Deadline.state == wanted.state
    if wanted.scope == MINE:
        yield Deadline.owner.in_(["", actor.name])
    if wanted.branch is not None:
        yield Deadline.branch_id == wanted.branch
    if wanted.owner:
        yield Deadline.owner == ("" if wanted.owner == "-" else wanted.owner)


def _near(wanted: DeadlineFilter, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.kind:
        yield Deadline.kind.in_(kinds_of(wanted.kind))
    if wanted.span:
        yield in_span(wanted.span, today)
    if wanted.within is not None:
        yield within(wanted.within, today)
    if wanted.gap == RENEWAL_MISSING:
        yield in_span(REMIND, today)
    if wanted.gap == RENEWAL_ESCALATED:
        yield Deadline.kind == Kind.RENEWAL
        yield Deadline.escalate_on <= today
    if wanted.source:
        yield Deadline.source == wanted.source
    if wanted.differs:
        yield Deadline.computed_legal.is_not(None)
        yield Deadline.computed_legal != Deadline.legal


def _of_thing(wanted: DeadlineFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.words:
        yield or_(
            Customer.name.contains(wanted.words, autoescape=True),
            Loan.loan_no.contains(wanted.words, autoescape=True),
            Deadline.title.contains(wanted.words, autoescape=True),
        )
    if wanted.loan_no:
        yield Loan.loan_no == wanted.loan_no
    if wanted.case_id is not None:
        yield Deadline.case_id == wanted.case_id
    if wanted.gap == LIMITATION_UNPROVEN:
        yield Deadline.kind == Kind.LIMITATION
        yield Deadline.rule != "R-D01"  # it runs from the due date: the contract proves that
        yield Deadline.proof_document_id.is_(None)
    if wanted.gap == RENEWAL_MISSING:
        yield Deadline.kind == Kind.RENEWAL


def kinds_of(name: str) -> list[str]:
    """Return the kinds of a group, or the kind itself."""
    return sorted(str(kind) for kind in GROUPS[name]) if name in GROUPS else [name]


def in_span(span: str, today: date) -> ColumnElement[bool]:
    """Return the condition of one bucket, or of what the desk calls must, today, near."""
    if span == MUST:
        return or_(Deadline.legal < today, Deadline.safe <= today + timedelta(days=MUST_DAYS))
    if span == TODAY:
        return and_(Deadline.legal >= today, Deadline.safe <= today)
    if span == NEAR:
        return and_(
            Deadline.legal >= today,
            Deadline.safe > today,
            Deadline.safe <= today + timedelta(days=MUST_DAYS),
        )
    if span == REMIND:
        return Deadline.remind_from <= today
    if span == PAST:
        return Deadline.legal < today
    bucket = next(one for one in buckets(today) if one.key == span)
    parts: list[ColumnElement[bool]] = [Deadline.legal >= today]
    if bucket.first is not None:
        parts.append(Deadline.safe >= bucket.first)
    if bucket.last is not None:
        parts.append(Deadline.safe <= bucket.last)
    return and_(*parts)


def within(days: int, today: date) -> ColumnElement[bool]:
    """Return the condition of a column of the level table: not over, and near enough."""
    return and_(Deadline.legal >= today, Deadline.safe <= today + timedelta(days=days))


def _number(text: str | None) -> int | None:
    if text and text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004 - no bomb
        return int(text)
    return None
