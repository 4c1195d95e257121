"""The award proposed from the docket: what the judgment says, what its event holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.archive.models import Page
from postloan_archive.cases import periods
from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.rules.events import LABELS as EVENT_LABELS
from postloan_archive.cases.rules.events import Event
from postloan_archive.enforcement.rules.award_reading import Read, award_terms
from postloan_archive.kernel.days import performance_last_day
from postloan_archive.kernel.entries import read_amount
from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

TITLES: Final = frozenset(  # what a paper of the court or the tribunal is recorded as
    {Event.JUDGMENT_SERVED, Event.MEDIATION_AGREED, Event.AWARD_RECEIVED}
)
LABELS: Final[Mapping[str, str]] = {
    "principal": _l("本金"),
    "interest": _l("已确定的利息"),
    "costs": _l("费用"),
    "rate_pct": _l("此后利息年利率"),
    "interest_from": _l("此后利息起算日"),
    "performance_last_day": _l("履行期间最后一日"),
}
SUMS: Final = ("principal", "interest", "costs")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTerm:
    """One term of the award with where it comes from, a Chinese sentence."""

    key: str
    value: Decimal | date | str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAward:
    """What the docket says of the award; empty where it says nothing."""

    document_id: int | None
    terms: tuple[ProposedTerm, ...]

    @property
    def values(self) -> dict[str, object]:
        """Return the terms as a form takes them."""
        found: dict[str, object] = {one.key: one.value for one in self.terms}
        if self.document_id is not None:
            found["document_id"] = str(self.document_id)
        return found


def propose_award(uow: UnitOfWork, case: Case) -> ProposedAward:
    """Return the award as judgment and docket have it; a person compares and keeps it."""
    document_id = None
    found: dict[str, ProposedTerm] = {}
    days = 0
    for event in _judgments(case):
        read = _read(uow, event.document_id)
        period = read.pop("performance_days", None)
        if period is not None and isinstance(period.value, int):
            days = period.value
        for one in (*_entered(event), *map(_said, read.values())):
            found[one.key] = one  # the words of the paper win over the event's single amount
        if "principal" in read or document_id is None:
            document_id = event.document_id
    for one in _last_day(uow, case, days):
        found[one.key] = one
    return ProposedAward(
        document_id=document_id, terms=tuple(found[key] for key in LABELS if key in found)
    )


def _judgments(case: Case) -> list[CaseEvent]:
    """Return the papers that fix the debt, oldest first: an appeal that upholds says no sum.

    A paper served on several parties counts once.
    """
    rows = [row for row in periods.standing(case) if row.kind in TITLES]
    rows.sort(key=lambda row: (row.happened_on, row.id))
    return list({row.document_id or -row.id: row for row in rows}.values())


def _read(uow: UnitOfWork, document_id: int | None) -> dict[str, Read]:
    if document_id is None:
        return {}
    try:
        archive.get_document(uow, document_id)
    except NotFoundError:  # its category is closed to this actor
        return {}
    texts = uow.session.scalars(
        select(Page.text).where(Page.document_id == document_id).order_by(Page.no)
    )
    return award_terms("\n".join(texts))


def _said(one: Read) -> ProposedTerm:
    value = one.value
    return ProposedTerm(
        key=one.key,
        value=f"{value.normalize():f}"
        if one.key == "rate_pct" and isinstance(value, Decimal)
        else value
        if isinstance(value, Decimal | date)
        else str(value),
        source=_l("裁判文书：“{words}”").format(words=one.words),
    )


def _entered(event: CaseEvent) -> Iterator[ProposedTerm]:
    day = date_in_body(event.happened_on)
    label = EVENT_LABELS[Event(event.kind)]
    source = _l("案件进程：{day}“{label}”登记的金额").format(day=day, label=label)
    if event.amount:
        yield ProposedTerm(key="principal", value=event.amount, source=source)
    for key in SUMS:
        try:
            amount = read_amount(str(event.facts.get(key) or ""))
        except RuleError:
            continue
        yield ProposedTerm(key=key, value=amount, source=source)


def _last_day(uow: UnitOfWork, case: Case, days: int) -> Iterator[ProposedTerm]:
    """Yield the last day to perform: as the docket has it, else from the effective day."""
    key = "performance_last_day"
    kept = {row.kind: row.happened_on for row in periods.standing(case)}
    if Event.PERFORMANCE_PERIOD_OVER in kept:
        yield ProposedTerm(
            key=key,
            value=kept[Event.PERFORMANCE_PERIOD_OVER],
            source=_l("案件进程：履行期间最后一日"),
        )
        return
    calendar = load_calendar(uow.session)
    effect = periods.effect_of(case, calendar)
    effective = kept.get(Event.EFFECTIVE)
    if effective is None and effect is not None and not effect.unserved:
        effective = effect.day.on
    if effective is not None and days:
        due = performance_last_day(effective, days, calendar=calendar)
        yield ProposedTerm(
            key=key,
            value=due.legal,
            source=_l("{day}生效，判决生效之日起{days}日内履行（{basis}）").format(
                day=date_in_body(effective), days=days, basis=due.basis[0]
            ),
        )
