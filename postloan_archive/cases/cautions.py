"""The warnings about a docket: what an event should have had, and what is still missing."""

from sqlalchemy import or_, select

from postloan_archive.cases import case_loans, interruptions, periods
from postloan_archive.cases.models import Case, CaseEvent, Procedure
from postloan_archive.cases.rules import cautions as rules
from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.steps import Step
from postloan_archive.kernel.cautions import Caution
from postloan_archive.kernel.identifiers import case_no
from postloan_archive.uow import UnitOfWork


def of_event(
    uow: UnitOfWork,
    case: Case,
    event: CaseEvent,
    *,
    number: str = "",
    before: Step | None = None,
) -> tuple[Caution, ...]:
    """Return what a person should look at again in an event that was just entered.

    Args:
        uow: whose rights count.
        case: the case, with the event on it.
        event: the event.
        number: the case number as it was typed with the event.
        before: the stage before the event, None if it is not of interest.
    """
    procedure = next((row for row in case.procedures if row.id == event.procedure_id), None)
    odd = of_number(uow, case, procedure, number, event) if procedure else ()
    if event.kind not in set(Event):
        return odd
    kind = Event(event.kind)
    found = [*rules.missing_before(kind, periods.history_of(case, without=event))]
    found += rules.unnamed_party(kind, event.party_id)
    found += rules.out_of_place(kind, procedure.kind if procedure else "")
    found += rules.before_the_loan(
        kind,
        event.happened_on,
        max(loan.disbursed_on for loan in case_loans.loans_of(uow, case)),
    )
    if before is not None:
        found += rules.stage_stays(kind, before, Step(case.stage))
    if interruptions.unproven(case, event):
        found.append(rules.unproven(LABELS[kind], event.happened_on))
    return (*found, *odd)


def of_number(
    uow: UnitOfWork,
    case: Case,
    procedure: Procedure,
    number: str,
    event: CaseEvent | None = None,
) -> tuple[Caution, ...]:
    """Return what is odd about the number of a procedure, at its first mention."""
    earlier = event and any(
        row.procedure_id == procedure.id and row is not event for row in case.events
    )
    if not number.strip() or (earlier and procedure.court_case_no is not None):
        return ()
    return rules.odd_number(
        procedure.court_case_no or number,
        procedure=procedure.kind,
        on=event.happened_on if event else procedure.opened_on or uow.clock.today(),
        court=procedure.court,
        courts_of_code=_courts_of(uow, procedure),
    )


def standing(case: Case) -> tuple[tuple[int, Caution], ...]:
    """Return what the docket lacks today: the id of the event and the words."""
    events = periods.standing(case)
    history = periods.history_of(case)
    by_past = dict(zip(map(id, history), events, strict=True))
    found = [(by_past[id(past)].id, caution) for past, caution in rules.gaps(history)]
    found += [
        (row.id, one)
        for row in events
        for one in rules.unnamed_party(Event(row.kind), row.party_id)
    ]
    found += [
        (row.id, rules.unproven(LABELS[Event(row.kind)], row.happened_on))
        for row in events
        if interruptions.unproven(case, row)
    ]
    return tuple(found)


def _courts_of(uow: UnitOfWork, procedure: Procedure) -> frozenset[str]:
    """Return the courts for which the code of this number is on record in other procedures."""
    number = case_no(procedure.court_case_no or "")
    if number is None or number.legacy:
        return frozenset()
    year = "____"
    kinds = {number.type}.union(*rules.TYPES.values())  # so that 苏01 does not find 苏0102
    rows = uow.session.scalars(
        select(Procedure.court)
        .where(
            or_(
                *(
                    Procedure.court_case_no.like(f"（{year}）{number.court}{kind}%")
                    for kind in sorted(kinds)
                )
            ),
            Procedure.id != procedure.id,
        )
        .distinct()
        .order_by(Procedure.court)
        .limit(5)
    )
    return frozenset(rows)
