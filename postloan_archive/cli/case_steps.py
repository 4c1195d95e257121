"""`postloan case create | event | join | take-out | facts`: the steps of a case."""

from datetime import date
from decimal import Decimal

import click

from postloan_archive.cases import case_loans, cautions, queries, service
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.service import ServiceMode
from postloan_archive.cases.rules.steps import PROCEDURE_KINDS, Step
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.cli.cases import JSON, case_group
from postloan_archive.cli.entries import AMOUNT, DAY, ROW
from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.litigation import joining
from postloan_archive.uow import UnitOfWork

__all__ = ("JSON", "case_group")  # the group with the steps in it
PAIR = "应为 名称=内容，如 claim_basis=合同第六条。"


@case_group.command("create")
@click.option(
    "--loan",
    "loan_nos",
    required=True,
    multiple=True,
    metavar="NO",
    help="借据号; the first leads, further ones are sued for in the same case.",
)
@click.option(
    "--court", default="", help="The court; the one agreed in the contract by default."
)
@click.option("--cause", default=service.CAUSE, show_default=True)
@click.option("--owner", default="", help="User name of who conducts the case.")
@click.option("--opened-on", type=DAY, help="Today by default.")
@JSON
def create(
    loan_nos: tuple[str, ...],
    court: str,
    cause: str,
    owner: str,
    opened_on: date | None,
    *,
    as_json: bool,
) -> None:
    """Open a case for a loan, or several: our number, the parties, the amount in dispute."""
    with opened_uow() as uow:
        case = service.open_case(
            uow,
            OpenCase(
                loan_no=loan_nos[0],
                further=loan_nos[1:],
                court=court,
                cause=cause,
                owner=owner,
                opened_on=opened_on,
            ),
        )
        parties = [
            {"role": one.role, "capacity": one.capacity, "name": one.name}
            for one in queries.parties_of(uow, case)
        ]
        facts = {
            "case_no": case.case_no,
            "loan_no": loan_nos[0],
            "loan_nos": list(loan_nos),
            "court": case.court,
            "cause": case.cause,
            "claim_amount": case.claim_amount,
            "opened_on": case.opened_on,
            "parties": parties,
        }
    if as_json:
        emit(facts)
        return
    click.echo(f"已立卷 {facts['case_no']}：{facts['court']}，{facts['cause']}")
    for party in parties:
        click.echo(f"  {party['role']:<12} {party['name']}")


@case_group.command("event")
@click.argument("case_no", metavar="CASE")
@click.option(
    "--kind",
    required=True,
    type=click.Choice([service.NOTE, *sorted(str(one) for one in Event)]),
    help="What happened.",
)
@click.option("--on", "happened_on", required=True, type=DAY)
@click.option(
    "--stage",
    type=click.Choice([str(step) for step in Step]),
    help="Where the case stands now; by default where the event leads.",
)
@click.option(
    "--procedure",
    default="",
    type=click.Choice(["", *sorted(PROCEDURE_KINDS)]),
    help="Kind of the procedure.",
)
@click.option("--court-case-no", default="", help="案号 given by the court.")
@click.option("--document", "document_id", type=ROW, help="The paper that proves it.")
@click.option("--party", "party_id", type=ROW, help="Id of the party it was served on.")
@click.option(
    "--mode",
    default="",
    type=click.Choice(["", *map(str, ServiceMode)]),
    help="How it was served; by default the day is that of service.",
)
@click.option("--court-date", type=DAY, help="The last day that the paper states; it wins.")
@click.option("--amount", type=AMOUNT, help="Yuan.")
@click.option("--judge", default="")
@click.option("--note", default="")
@JSON
def event(  # noqa: PLR0913 - one argument an option
    *,
    case_no: str,
    kind: str,
    happened_on: date,
    stage: str | None,
    procedure: str,
    court_case_no: str,
    document_id: int | None,
    party_id: int | None,
    mode: str,
    court_date: date | None,
    amount: Decimal | None,
    judge: str,
    note: str,
    as_json: bool,
) -> None:
    """Record an event of a case and show the days that follow from it, and what is odd."""
    with opened_uow() as uow:
        before = Step(queries.get_case(uow, case_no).stage)
        added = service.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=kind,
                happened_on=happened_on,
                stage=Step(stage) if stage else None,
                stage_follows=stage is None,
                procedure=procedure,
                court_case_no=court_case_no,
                document_id=document_id,
                party_id=party_id,
                mode=mode,
                court_date=court_date,
                amount=amount,
                judge=judge,
                note=note,
            ),
        )
        case = queries.get_case(uow, case_no)
        row = queries.case_row(uow, case)
        warnings = [
            str(one)
            for one in cautions.of_event(uow, case, added, number=court_case_no, before=before)
        ]
        latest = max(queries.docket(uow, case), key=lambda one: one.id)
    follows = [{"label": one.label, "on": one.on, "due": one.due} for one in latest.follows]
    if as_json:
        emit(
            {
                "case_no": case_no,
                "stage": row.stage,
                "event": kind,
                "event_id": latest.id,
                "deadlines": follows,
                "warnings": warnings,
            }
        )
        return
    click.echo(f"{case_no}  {latest.label}  {latest.happened_on}  现在：{row.stage_label}")
    for one in follows:
        click.echo(f"  {one['on']}  {one['label']}")
    for text in warnings:
        click.echo(f"请核对：{text}", err=True)


@case_group.command("join")
@click.argument("case_no", metavar="CASE")
@click.option("--loan", "loan_no", required=True, metavar="NO", help="借据号.")
@JSON
def join(case_no: str, loan_no: str, *, as_json: bool) -> None:
    """Sue for one more loan in a case that is not filed yet; puts back one taken out."""
    with opened_uow() as uow:
        joining.join_loan(uow, case_no, loan_no)
        _say_loans(uow, case_no, as_json=as_json)


@case_group.command("take-out")
@click.argument("case_no", metavar="CASE")
@click.option("--loan", "loan_no", required=True, metavar="NO", help="借据号.")
@click.option("--reason", required=True, help="Why it is no longer sued for.")
@JSON
def take_out(case_no: str, loan_no: str, reason: str, *, as_json: bool) -> None:
    """Take a loan out of a case that is not filed yet."""
    with opened_uow() as uow:
        joining.take_out(uow, case_no, loan_no, reason)
        _say_loans(uow, case_no, as_json=as_json)


def _say_loans(uow: UnitOfWork, case_no: str, *, as_json: bool) -> None:
    case = queries.get_case(uow, case_no)
    numbers = list(case_loans.numbers_of(uow, case))
    if as_json:
        emit({"case_no": case_no, "loan_nos": numbers, "claim_amount": case.claim_amount})
        return
    click.echo(f"{case_no}  标的 {case.claim_amount:,} 元  借据 {'、'.join(numbers)}")


@case_group.command("facts")
@click.argument("case_no", metavar="CASE")
@click.argument("pairs", nargs=-1, metavar="NAME=TEXT…")
@JSON
def facts(case_no: str, pairs: tuple[str, ...], *, as_json: bool) -> None:
    """Keep facts that the papers of the case ask for; an empty text forgets one."""
    given = {}
    for pair in pairs:
        name, sign, words = pair.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(PAIR)
        given[name.strip()] = words
    with opened_uow() as uow:
        case = service.fill_in(uow, case_no, given) if given else queries.get_case(uow, case_no)
        kept = dict(case.facts)
    if as_json:
        emit({"case_no": case_no, "facts": kept})
        return
    for name, words in kept.items():
        click.echo(f"{name}={words}")
