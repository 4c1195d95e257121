"""What is known of a case when a paper is written: file, claim, docket, measures, letters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.cases import periods
from postloan_archive.cases import queries as cases
from postloan_archive.cases.models import Case
from postloan_archive.cases.rules.events import Event
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import LawPolicy
from postloan_archive.litigation import queries
from postloan_archive.litigation.form import Source
from postloan_archive.notices import queries as notices
from postloan_archive.notices.queries import LetterRow
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

# The period that a paper must keep, by the rule and the beginning of what is to be done.
DEADLINES: Final[Mapping[str, tuple[str, ...]]] = {
    "P07": ("R-B21", "R-B22"),
    "P16": ("R-C10",),
    "P20": ("R-B32",),
    "X01": ("R-B35", "R-C12"),
    "X02": ("R-B46", "R-B51"),
    "X09": ("R-B39", "R-B45"),
    "X11": ("R-B40",),
    "X13": ("R-B42",),
    "P10": ("R-B11",),
    "P11": ("R-B11",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """Where a procedure runs: the court, and its number once it has one."""

    court: str
    case_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """The period that a paper must keep."""

    act: str
    on: date
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Everything the papers of a case are written from.

    Attributes:
        source: file, claim, parties, measures, facts.
        courts: kind of procedure to the newest one of that kind.
        days: kind of event to the day of the newest one that stands.
        amounts: kind of event to the newest amount on record, yuan.
        served: (party, day) of each service of the judgment.
        effective_on: when the judgment took effect, None before or where it is not certain.
        letters: the demands, newest first.
        last_days: code of a paper to the period it must keep.
    """

    source: Source
    courts: Mapping[str, Court]
    days: Mapping[str, date]
    amounts: Mapping[str, Decimal]
    served: tuple[tuple[str, date], ...]
    effective_on: date | None
    letters: tuple[LetterRow, ...]
    exhibits: tuple[str, ...]
    last_days: Mapping[str, LastDay]
    policy: LawPolicy

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.source.case

    def each(self) -> tuple["Matter", ...]:
        """Return the same for each loan alone."""
        return tuple(replace(self, source=one) for one in self.source.each())

    def court(self, *kinds: str) -> Court:
        """Return the newest procedure of the first kind found, else the court of the case."""
        for kind in kinds:
            if kind in self.courts:
                return self.courts[kind]
        return Court(court=self.case.court, case_no="")


def matter_of(uow: UnitOfWork, case: Case) -> Matter:
    """Return what is known of a case, as of today."""
    source = queries.source_of(uow, case)
    calendar = load_calendar(uow.session)
    standing = periods.standing(case)
    names = {row.id: row.name for row in source.parties}
    days = {row.kind: row.happened_on for row in standing}
    effect = periods.effect_of(case, calendar)
    certain = effect is not None and not effect.unserved
    package = queries.package_of(uow, case)
    return Matter(
        source=source,
        courts={
            row.kind: Court(court=row.court, case_no=row.court_case_no or "")
            for row in case.procedures
        },
        days=days,
        amounts={row.kind: row.amount for row in standing if row.amount is not None},
        served=tuple(
            (
                names.get(row.party_id or 0, "当事人"),
                periods.trigger_day(case, row, calendar),
            )
            for row in standing
            if row.kind == Event.JUDGMENT_SERVED
        ),
        effective_on=days.get(Event.EFFECTIVE)
        or (effect.day.on if effect is not None and certain else None),
        letters=tuple(
            row for loan_id in case.loan_ids for row in notices.letters_of_loan(uow, loan_id)
        ),
        exhibits=tuple(row.title for row in package.items) if package else (),
        last_days=_last_days(uow, case),
        policy=load_policy(uow),
    )


def _last_days(uow: UnitOfWork, case: Case) -> dict[str, LastDay]:
    ours = [
        one for one in cases.deadlines(uow, case) if one.ours and not one.refused and one.day
    ]
    found = {}
    for code, rules in DEADLINES.items():
        rows = [one for one in ours if one.period.rule in rules]
        if rows:
            newest = rows[-1]
            assert newest.day is not None  # filtered above
            found[code] = LastDay(act=newest.period.act, on=newest.day, due=newest.due)
    return found
