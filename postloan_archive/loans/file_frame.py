"""The frame of the loan-file page (案卷): header, clocks, gaps, next steps and tabs.

Every tab calls `file_frame(uow, loan_no, "key")` and gives the result to its template as
`file`; the template extends `loans/_file.html`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from postloan_archive.access import branches
from postloan_archive.kernel.law import Citation
from postloan_archive.loans import queries
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.file_parts import (
    Completeness,
    FileState,
    HeaderClock,
    LoanFileParts,
)
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import bucket
from postloan_archive.loans.rules.position import Position
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.clocks import ClockFace, ClockState, clock_face
from postloan_archive.web.filters import with_query
from postloan_archive.web.frame import light

_KEY: Final = "postloan_loan_file"
Day = date  # a field of a shown clock is called `date`, as the macro wants it
MOST_CLOCKS: Final = 7
_LAST: Final = (ClockState.EXPIRED, ClockState.PROVISIONAL, ClockState.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClock:
    """A clock as the header draws it, and its derivation as it opens."""

    key: str
    label: str
    date: str  # the safe day, or the words that stand for it
    day: Day | None
    face: ClockFace
    href: str
    nominal: Day | None
    legal: Day | None
    steps: tuple[str, ...]
    basis: tuple[Citation, ...]
    edition: str
    calendar_edition: str
    note: str
    source: str  # address of the page that owns it, or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLink:
    """A next step that this person may take."""

    label: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TabLink:
    """A tab as the macro `tabs` draws it."""

    key: str
    label: str
    href: str
    current: bool
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFrame:
    """What `loans/_file.html` draws around every tab."""

    loan: Loan
    loan_no: str
    branch: str
    today: date
    position: Position
    bucket: str
    completeness: Completeness | None
    clocks: tuple[ShownClock, ...]
    hidden_clocks: int
    opened: ShownClock | None  # the clock whose derivation the address asks for
    steps: tuple[StepLink, ...]
    tabs: tuple[TabLink, ...]
    previous: str  # address of the same tab of the neighbours, or empty
    next: str


def install_loan_file(app: Flask, parts: LoanFileParts) -> None:
    """Give the loan-file page the parts of the capabilities."""
    app.extensions[_KEY] = parts


def file_frame(uow: UnitOfWork, loan_no: str, tab: str) -> FileFrame:
    """Return the frame of a loan file for the tab with this key.

    Raises:
        LoanNotFoundError: no such loan, or none that the actor may see.
    """
    parts: LoanFileParts = current_app.extensions[_KEY]
    loan = queries.get_loan(uow, loan_no)
    light("loans.index")
    today = uow.clock.today()
    owed = position_of(loan, today).value
    found = tuple(clock for provider in parts.clocks for clock in provider(uow, loan))
    state = FileState(
        clocks=found,
        completeness=parts.completeness(uow, loan) if parts.completeness else None,
    )
    clocks = sorted(
        (_shown(clock, today) for clock in found),
        key=lambda clock: (
            clock.face.state in _LAST,
            clock.day is None,
            clock.day or date.max,
            clock.key,
        ),
    )
    before, after = queries.neighbours(uow, loan)
    links = tuple(_tabs(uow, parts, loan, tab))
    return FileFrame(
        loan=loan,
        loan_no=loan.loan_no,
        branch=branches.name_of(uow, loan.branch_id),
        today=today,
        position=owed,
        bucket=bucket(owed.overdue_days),
        completeness=state.completeness,
        clocks=tuple(clocks[:MOST_CLOCKS]),
        hidden_clocks=max(0, len(clocks) - MOST_CLOCKS),
        opened=next((one for one in clocks if one.key == request.args.get("clock")), None),
        steps=tuple(_steps(uow, parts, loan, state)),
        tabs=links,
        previous=_same_tab(before),
        next=_same_tab(after),
    )


def _same_tab(loan_no: str | None) -> str:
    if loan_no is None or request.endpoint is None:
        return ""
    return url_for(request.endpoint, **({**(request.view_args or {}), "loan_no": loan_no}))


def _shown(clock: HeaderClock, today: date) -> ShownClock:
    due = clock.due
    words = _(clock.words) if clock.words else ""
    if due is None:
        face = ClockFace(
            state=ClockState.DONE if clock.done else ClockState.PROVISIONAL,
            words=_("不在计算") if clock.done else _("未起算"),
        )
    elif clock.done:
        face = ClockFace(state=ClockState.DONE, words=words or _("已办"))
    else:
        face = clock_face(
            due.safe,
            today,
            legal=due.legal,
            provisional=due.provisional,
            long_period=clock.long_period,
            cannot_be_repaired=clock.cannot_be_repaired,
        )
    return ShownClock(
        key=clock.key,
        label=" · ".join(filter(None, (_(clock.label), clock.subject))),
        date=due.safe.isoformat() if due else (words or "—"),
        day=due.safe if due else None,
        face=face,
        href=with_query(clock=clock.key) + "#derivation",
        nominal=due.nominal if due else None,
        legal=due.legal if due else None,
        steps=clock.steps or (due.steps if due else ()),
        basis=clock.basis or (due.basis if due else ()),
        edition=due.edition if due else "",
        calendar_edition=due.calendar_edition if due else "",
        note=clock.note,
        source=_address(clock.source, dict(clock.source_args)),
    )


def _steps(
    uow: UnitOfWork, parts: LoanFileParts, loan: Loan, state: FileState
) -> Iterator[StepLink]:
    found = (step for provider in parts.steps for step in provider(uow, loan, state))
    for step in sorted(found, key=lambda step: step.urgency):
        href = _address(step.endpoint, dict(step.args))
        if href and uow.actor.may(step.permission):
            anchor = f"#{step.anchor}" if step.anchor else ""
            yield StepLink(label=_(step.label), href=href + anchor, icon=step.icon)


def _tabs(uow: UnitOfWork, parts: LoanFileParts, loan: Loan, current: str) -> Iterator[TabLink]:
    for tab in parts.tabs:
        href = _address(tab.endpoint, {"loan_no": loan.loan_no})
        if href and uow.actor.may(tab.permission):
            yield TabLink(
                key=tab.key,
                label=_(tab.label),
                href=href,
                current=tab.key == current,
                count=tab.count(uow, loan) if tab.count else None,
            )


def _address(endpoint: str, args: dict[str, object]) -> str:
    """Return the address of a route that exists, else nothing."""
    if not endpoint or endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, **args)  # type: ignore[arg-type]  # values of an address
