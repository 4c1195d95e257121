"""`postloan notice …`: what follows on a run: proposals, sending, receipts, the clock."""

from datetime import date
from pathlib import Path

import click

from postloan_archive.cli.entries import DAY, ROW
from postloan_archive.cli.notices import group
from postloan_archive.cli.session import CLI, emit, opened_system, runner_of
from postloan_archive.jobs import get_job
from postloan_archive.notices import (
    delivery,
    mailing,
    pausing,
    printing,
    proposal_list,
    queries,
    receipts,
    registers,
    run_letters,
    sheets,
)
from postloan_archive.notices.delivery import Dispatch, RecordOutcome
from postloan_archive.notices.effects import effect_of
from postloan_archive.notices.proposal_list import ProposalFilter
from postloan_archive.notices.proposing import PROPOSE
from postloan_archive.notices.rules.delivery import Channel, Outcome, Signer
from postloan_archive.notices.run_letters import Group

RUN = click.argument("run_id", type=ROW)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("propose")
@click.option("--day", type=DAY, help="Of this day; today where left out.")
@AS_JSON
def propose(day: date | None, *, as_json: bool) -> None:
    """Compute what the plan proposes for a day, and list it; nothing is sent."""
    with opened_system() as system:
        with system.unit_of_work(CLI) as uow:
            wanted = day or uow.clock.today()
            uow.enqueue(PROPOSE, wanted.isoformat())
        runner_of(system).run_until_empty()
        with system.unit_of_work(CLI) as uow:
            for row in proposal_list.rows(uow, ProposalFilter(day=wanted)):
                if as_json:
                    emit(
                        {
                            "day": wanted,
                            "loan_no": row.loan_no,
                            "addressee": row.addressee,
                            "stage": row.stage,
                            "kind": row.kind,
                            "days": row.days,
                            "urgent_on": row.urgent_on,
                            "why": row.why,
                            "last": row.last,
                            "stopped": row.stopped,
                            "next_step": row.next_step,
                        }
                    )
                else:
                    click.echo(f"{row.kind}  {row.loan_no}  {row.addressee}  {row.why[0]}")


@group.command("show")
@RUN
@AS_JSON
@click.pass_context
def show(context: click.Context, run_id: int, *, as_json: bool) -> None:
    """Show a run: each letter, each loan that got none; exit 1 if any is held back."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        run = queries.get_run(uow, run_id)
        rows = run_letters.rows(uow, run, Group.ALL)
        for row in rows:
            if as_json:
                emit(
                    {
                        "run_no": run.run_no,
                        "letter": row.id,
                        "loan_no": row.loan_no,
                        "addressee": row.addressee,
                        "state": row.state,
                        "serial_no": row.serial_no,
                        "barcode": row.barcode,
                        "total": row.total,
                        "problems": row.errors,
                        "warnings": row.warnings,
                        "dispatched_on": row.dispatched_on,
                        "channel": row.channel,
                        "tracking_no": row.tracking_no,
                        "outcome": row.outcome,
                        "outcome_on": row.outcome_on,
                        "proof_level": row.proof_level,
                    }
                )
            else:
                said = "；".join(row.errors) or row.outcome or row.tracking_no
                click.echo(f"{row.id:>6} {row.state:<8} {row.loan_no}  {row.addressee}  {said}")
        for one in run.left_out:
            if as_json:
                emit({"run_no": run.run_no, "state": "left_out", **one})
            else:
                click.echo(f"       left_out {one['what']}  {one['reason']}")
        held_back = any(row.state in {"blocked", "failed"} for row in rows) or run.left_out
    context.exit(1 if held_back else 0)


@group.command("pause")
@RUN
def pause(run_id: int) -> None:
    """Hold a run after the letters in hand."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        click.echo(f"{pausing.pause_run(uow, run_id).run_no} 已暂停")


@group.command("resume")
@RUN
def resume(run_id: int) -> None:
    """Go on with a run that was held or whose worker fell over; no letter is made twice."""
    with opened_system() as system:
        with system.unit_of_work(CLI) as uow:
            pausing.resume_run(uow, run_id)
        runner_of(system).run_until_empty()
        with system.unit_of_work(CLI) as uow:
            run = queries.get_run(uow, run_id)
            count = run_letters.counts(uow, run)[Group.ISSUED]
            click.echo(f"{run.run_no} {run.state} {count}")


@group.command("dispatch")
@RUN
@click.option("--channel", required=True, type=click.Choice([one.value for one in Channel]))
@click.option("--on", "day", required=True, type=DAY)
def dispatch(run_id: int, channel: str, day: date) -> None:
    """Record that the letters of a run that are not sent yet went out."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        ids = run_letters.ids(uow, queries.get_run(uow, run_id), Group.UNSENT)
        cmd = Dispatch(notice_ids=tuple(ids), channel=Channel(channel), on=day)
        click.echo(f"{len(delivery.dispatch(uow, cmd))}")


@group.command("tracking")
@RUN
@click.argument("sheet", type=FILE)
@click.pass_context
def tracking(context: click.Context, run_id: int, sheet: Path) -> None:
    """Take tracking numbers from a sheet; exit 1 if a line matches no letter."""
    with opened_system() as system, system.unit_of_work(CLI) as uow, sheet.open("rb") as stream:
        rows = sheets.tracking_of_sheet(stream)
        taken, unmatched = delivery.register_tracking(uow, run_id, rows)
    click.echo(f"{taken}")
    for name in unmatched:
        click.echo(f"没有对应的函件：{name}", err=True)
    context.exit(1 if unmatched else 0)


@group.command("receipts")
@click.argument("scans", nargs=-1, required=True, type=FILE)
def scan(scans: tuple[Path, ...]) -> None:
    """Read scanned return slips: filed by their barcodes, the others into the inbox."""
    with opened_system() as system:
        jobs = []
        for path in scans:
            with system.unit_of_work(CLI) as uow, path.open("rb") as stream:
                jobs.append(receipts.take_slips(uow, path.name, stream).id)
        runner_of(system).run_until_empty()
        with system.unit_of_work(CLI) as uow:
            for job_id in jobs:
                job = get_job(uow.session, job_id)
                click.echo(job.message or job.reason)


@group.command("outcome")
@click.argument("number")
@click.option("--outcome", required=True, type=click.Choice([one.value for one in Outcome]))
@click.option("--on", "day", required=True, type=DAY)
@click.option("--signer", type=click.Choice([one.value for one in Signer]))
@click.option("--note", default="")
@click.option("--proof", type=FILE, help="The slip or the track record; filed with it.")
def outcome(
    number: str, outcome: str, day: date, signer: str | None, note: str, proof: Path | None
) -> None:
    """Record what became of a letter, by its barcode, serial or tracking number."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        notice = delivery.find_by_number(uow, number)
        document_id = None
        if proof is not None:
            with proof.open("rb") as stream:
                document_id = receipts.file_proof(uow, notice, proof.name, stream)
        cmd = RecordOutcome(
            notice_id=notice.id,
            outcome=Outcome(outcome),
            on=day,
            signer=Signer(signer) if signer else None,
            note=note,
            document_id=document_id,
        )
        level = delivery.record_outcome(uow, cmd).level
        effect = effect_of(uow, notice)
        click.echo(f"{notice.serial_no} {level}{'  ' + effect.sentence if effect else ''}")


@group.command("confirm")
@click.argument("number")
def confirm(number: str) -> None:
    """Let the delivery of a letter move its clock."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        notice = delivery.find_by_number(uow, number)
        delivery.confirm_effect(uow, notice.id)
        effect = effect_of(uow, notice)
        assert effect is not None  # it was confirmed just now
        click.echo(f"{effect.label} → {effect.after.safe if effect.after else '—'}")


@group.command("outputs")
@RUN
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
def outputs(run_id: int, out: Path) -> None:
    """Write the print file, labels, order sheet, posting register and register of a run."""
    out.mkdir(parents=True, exist_ok=True)
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        run = queries.get_run(uow, run_id)
        rows = run_letters.rows(uow, run, Group.ISSUED)
        made = {
            "打印.docx": printing.print_file(uow, run),
            "地址标签.docx": printing.label_sheet(uow, run),
            "EMS下单表.xlsx": mailing.order_sheet(run.run_no, rows),
            "交寄清单.xlsx": mailing.posting_register(uow, run.run_no, rows),
            "登记表.xlsx": registers.register_sheet(uow, f"{run.run_no} 函件登记表", rows),
        }
        for name, data in made.items():
            path = out / f"{run.run_no}-{name}"
            path.write_bytes(data)
            click.echo(str(path))
