"""The docket as people read it: events and the days that follow, newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from postloan_archive.cases import case_loans, periods
from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.periods import Effect, Following
from postloan_archive.cases.queries import event_label, parties_of
from postloan_archive.cases.rules.docket import BY_US
from postloan_archive.cases.rules.events import Bound, Event
from postloan_archive.cases.rules.service import SERVICE, ServiceMode
from postloan_archive.kernel.clock import CHINA
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

SHOWN = frozenset({Bound.OWN, Bound.OTHER, Bound.BOTH})  # what the court must do is in the card


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The document that proves an entry, in the file of the loan."""

    id: int
    title: str
    pages: int
    loan_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the docket.

    Attributes:
        side: court, ours, or now for today.
        event_id: of an event that stands and may be corrected, else None.
        following: a period that follows from an event, else None.
        struck: it never was; `reason` says why.
    """

    side: str
    day: date
    title: str
    who: str = ""
    hour: datetime | None = None
    number: str = ""
    note: str = ""
    mode: str = ""
    paper: Paper | None = None
    event_id: int | None = None
    following: Following | None = None
    struck: bool = False
    reason: str = ""
    recorded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What one event proposes: the periods on which nobody has decided yet."""

    event_id: int
    label: str
    who: str
    day: date
    recorded_on: date
    met: bool
    items: tuple[Following, ...]

    def lapsed(self, before: date, today: date) -> bool:
        """Return whether every period of it was over before a day: history, no alarm.

        What was entered today stays in sight whatever its days.
        """
        if self.recorded_on >= today:
            return False
        return self.met or all(one.day is not None and one.day < before for one in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """A case as the timeline page shows it."""

    entries: tuple[Entry, ...]
    proposals: tuple[Proposals, ...]
    effect: Effect | None
    chase: tuple[Following, ...]  # what the court or another must do, still to come
    names: Mapping[int, str]  # of parties by id
    met: Mapping[int, date]  # by id of the event: when what it asked for was done


def docket_of(
    uow: UnitOfWork, case: Case, *, show: str = "all", procedure_id: int | None = None
) -> Docket:
    """Return the docket.

    Args:
        uow: whose rights count.
        case: the case.
        show: all, deadlines or papers.
        procedure_id: only this procedure.
    """
    calendar, policy = load_calendar(uow.session), load_policy(uow)
    names = {row.id: row.name for row in parties_of(uow, case)}
    papers = {
        row.id: Paper(id=row.id, title=row.title, pages=row.page_count, loan_no=loan.loan_no)
        for loan, rows in case_loans.files_of(uow, case)
        for row in rows
    }
    numbers = {row.id: row.court_case_no or "" for row in case.procedures}
    entries: list[Entry] = []
    proposals = []
    chase: list[Following] = []
    today = uow.clock.today()
    for event in case.events:
        if procedure_id is not None and event.procedure_id != procedure_id:
            continue
        found = list(periods.follows(case, event, calendar=calendar, policy=policy))
        entry = _entry(event, names, numbers, papers)
        if show == "all" or (show == "papers" and entry.paper):
            entries.append(entry)
        if show != "papers":
            entries += _days(found, names)
        chase += (
            one
            for one in found
            if one.period.bound not in SHOWN and one.day is not None and one.day >= today
        )
        waiting = tuple(one for one in found if one.open)
        if waiting and case.closed_on is None:
            proposals.append(
                Proposals(
                    event_id=event.id,
                    label=entry.title,
                    who=entry.who,
                    day=event.happened_on,
                    met=periods.met_by(case, event) is not None,
                    recorded_on=event.recorded_at.astimezone(CHINA).date(),
                    items=waiting,
                )
            )
    entries.append(Entry(side="now", day=today, title=""))
    entries.sort(key=lambda one: (one.day, one.side == "now", one.following is not None))
    return Docket(
        entries=tuple(reversed(entries)),
        proposals=tuple(reversed(proposals)),
        effect=periods.effect_of(case, calendar),
        chase=tuple(sorted(chase, key=lambda one: one.day or today)),
        names=names,
        met={
            event.id: act.happened_on
            for event in case.events
            if (act := periods.met_by(case, event)) is not None
        },
    )


def _entry(
    event: CaseEvent,
    names: Mapping[int, str],
    numbers: Mapping[int, str],
    papers: Mapping[int, Paper],
) -> Entry:
    known = event.kind in set(Event)
    ours = not known or Event(event.kind) in BY_US
    mode = event.facts.get(periods.MODE)
    return Entry(
        side="ours" if ours else "court",
        day=event.happened_on,
        title=event_label(event.kind),
        who=names.get(event.party_id or 0, ""),
        hour=event.happened_at,
        number=numbers.get(event.procedure_id or 0, ""),
        note=event.note,
        mode=SERVICE[ServiceMode(mode)].label if mode else "",
        paper=papers.get(event.document_id or 0),
        event_id=None if event.struck_reason else event.id,
        struck=bool(event.struck_reason),
        reason=event.struck_reason,
        recorded_by=event.recorded_by,
    )


def _days(found: list[Following], names: Mapping[int, str]) -> Iterator[Entry]:
    for one in found:
        if one.day is None or one.refused or one.period.bound not in SHOWN:
            continue
        if one.event.kind == Event.HEARING and one.day == one.event.happened_on:
            continue  # the hearing itself stands there already
        yield Entry(
            side="ours" if one.ours else "court",
            day=one.day,
            title=one.period.act,
            who=names.get(one.party.id, "") if one.party else "",
            following=one,
        )
