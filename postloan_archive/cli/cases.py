"""`postloan case`, `preservation`, `readiness`: lists for people and programs."""

import click

from postloan_archive.cases import case_loans, cautions, listing
from postloan_archive.cases import queries as cases
from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.litigation import readiness
from postloan_archive.preservation import queries as preservation

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


@click.group()
def case_group() -> None:
    """Court cases."""


@case_group.command("list")
@JSON
def case_list(*, as_json: bool) -> None:
    """List the cases with their next deadline."""
    with opened_uow() as uow:
        for row in listing.case_rows(uow):
            if as_json:
                emit(row)
                continue
            due = f"{row.next_deadline} {row.next_label}" if row.next_deadline else "—"
            click.echo(
                f"{row.case_no}  {row.loan_no}  {row.customer}  {row.court}  "
                f"{row.stage_label}  {row.court_case_no or '—'}  {due}"
            )


@case_group.command("show")
@click.argument("case_no", metavar="CASE")
@JSON
def case_show(case_no: str, *, as_json: bool) -> None:
    """Show one case: parties, docket, the days that follow."""
    with opened_uow() as uow:
        case = cases.get_case(uow, case_no)
        row = cases.case_row(uow, case)
        parties = [
            {
                "id": one.id,
                "role": one.role,
                "capacity": one.capacity,
                "name": one.name,
                "abroad": one.abroad,
            }
            for one in cases.parties_of(uow, case)
        ]
        warnings = [
            {"event_id": event_id, "text": str(one)}
            for event_id, one in cautions.standing(case)
        ]
        docket = cases.docket(uow, case)
        if as_json:
            events = [
                {
                    "id": event.id,
                    "kind": event.kind,
                    "label": event.label,
                    "happened_on": event.happened_on,
                    "court_case_no": event.court_case_no,
                    "note": event.note,
                    "document_id": event.document_id,
                    "deadlines": [
                        {"label": one.label, "on": one.on, "due": one.due}
                        for one in event.follows
                    ],
                }
                for event in docket
            ]
            emit(
                {
                    "case_no": row.case_no,
                    "loan_no": row.loan_no,
                    "loan_nos": list(case_loans.numbers_of(uow, case)),
                    "customer": row.customer,
                    "cause": row.cause,
                    "court": row.court,
                    "court_case_no": row.court_case_no,
                    "stage": row.stage,
                    "claim_amount": row.claim_amount,
                    "next_deadline": row.next_deadline,
                    "parties": parties,
                    "events": events,
                    "facts": dict(case.facts),
                    "warnings": warnings,
                }
            )
            return
        click.echo(f"{row.case_no}  {row.court}  {row.cause}  {row.stage_label}")
        click.echo(f"  借据 {'、'.join(case_loans.numbers_of(uow, case))}")
        for party in parties:
            click.echo(f"  {party['id']:>4}  {party['role']:<12} {party['name']}")
        for event in docket:
            click.echo(f"  {event.happened_on}  {event.label}  {event.note}")
            for one in event.follows:
                click.echo(f"      {one.on}  {one.label}")
        for warning in warnings:
            click.echo(f"请核对：{warning['text']}")


@click.group()
def preservation_group() -> None:
    """Measures on assets."""


@preservation_group.command("list")
@click.option(
    "--due",
    type=click.IntRange(0, 36_500),
    default=None,
    metavar="DAYS",
    help="Lapsing within DAYS.",
)
@JSON
def preservation_list(due: int | None, *, as_json: bool) -> None:
    """List the measures that stand, the one that lapses first at the head."""
    with opened_uow() as uow:
        for row in preservation.measures(uow, due_within=due):
            if as_json:
                emit(
                    {
                        "id": row.id,
                        "loan_no": row.loan_no,
                        "respondent": row.respondent,
                        "asset_kind": row.asset_kind,
                        "asset": row.asset,
                        "amount": row.amount,
                        "court": row.court,
                        "ruling_no": row.ruling_no,
                        "seizure_order": row.seizure_order,
                        "effective_on": row.effective_on,
                        "expiry": row.expiry,
                        "days_left": row.days_left,
                        "apply_by": None if row.apply_by is None else row.apply_by.legal,
                        "apply_by_safe": None if row.apply_by is None else row.apply_by.safe,
                        "from_court": row.from_court,
                        "basis": []
                        if row.apply_by is None
                        else [str(one) for one in row.apply_by.basis],
                    }
                )
                continue
            left = "轮候" if row.days_left is None else f"剩 {row.days_left} 天"
            apply_by = "—" if row.apply_by is None else f"续封申请 {row.apply_by.safe} 前"
            click.echo(
                f"{row.loan_no}  {row.respondent}  {row.asset_label}  {row.ruling_no}  "
                f"届满 {row.expiry or '—'}  {left}  {apply_by}"
            )


@click.group()
def readiness_group() -> None:
    """What overdue loans still lack for court."""


@readiness_group.command("list")
@JSON
def readiness_list(*, as_json: bool) -> None:
    """List every overdue loan with the papers and facts that are missing."""
    with opened_uow() as uow:
        for row in readiness.rows(uow):
            if as_json:
                emit(
                    {
                        "loan_no": row.loan_no,
                        "customer": row.customer,
                        "overdue_days": row.overdue_days,
                        "case_no": row.case_no,
                        "ready": row.ready,
                        "missing_items": row.missing_items,
                        "missing_facts": row.missing_facts,
                        "claim_total": row.claim_total,
                        "limitation_by": row.limitation_by,
                        "guarantee_by": row.guarantee_by,
                        "procedure": row.procedure,
                        "fee": row.fee,
                        "notes": row.notes,
                    }
                )
                continue
            state = (
                "可以起诉" if row.ready else "；".join((*row.missing_items, *row.missing_facts))
            )
            click.echo(f"{row.loan_no}  {row.customer}  逾期 {row.overdue_days} 天  {state}")
