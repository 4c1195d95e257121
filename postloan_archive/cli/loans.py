"""`postloan loan list | show | import`: the ledger from the command line."""

import sys
from pathlib import Path

import click

from postloan_archive.access import branches
from postloan_archive.cli.session import CLI, emit, opened_system, opened_uow, progress_bar
from postloan_archive.loans import ledger, positions, queries
from postloan_archive.loans.clocks import header_clocks
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.importing import batches, saved
from postloan_archive.loans.importing.mapping import NO_MAPPING, mapping_of
from postloan_archive.loans.importing.report import Mode, Report
from postloan_archive.loans.importing.returned import with_results
from postloan_archive.loans.importing.service import import_content
from postloan_archive.loans.importing.sources import WorkbookError
from postloan_archive.loans.importing.undoing import undo
from postloan_archive.loans.ledger import LedgerFilter
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import bucket
from postloan_archive.loans.rules.stages import STAGE_LABELS, Stage, stage_of
from postloan_archive.uow import System, UnitOfWork

BOTH = "--dry-run and --good-only exclude each other."
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


@click.group()
def group() -> None:
    """Loan files: list, show, import a ledger."""


@group.command("list")
@click.option("--text", default="", metavar="WORDS", help="Part of a name or number.")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), default=None)
@JSON
def loan_list(text: str, stage: str | None, *, as_json: bool) -> None:
    """List the loan files, by number."""
    with opened_uow() as uow:
        names = branches.names(uow.session)
        wanted = LedgerFilter(text=text.strip(), stage=stage or "")
        for row in ledger.rows(uow, wanted, sort="loan_no"):
            branch = names.get(row.branch_id, "")
            if as_json:
                emit(
                    {
                        "loan_no": row.loan_no,
                        "customer": row.customer,
                        "branch": branch,
                        "balance": row.balance,
                        "overdue_days": row.overdue_days,
                        "stage": row.stage,
                    }
                )
                continue
            click.echo(
                f"{row.loan_no}  {row.customer}  {branch}  {row.balance:,}  "
                f"{row.overdue_days} 天 {row.bucket}  {STAGE_LABELS[Stage(row.stage)]}"
            )


@group.command("show")
@click.argument("loan_no", metavar="NO")
@JSON
def loan_show(loan_no: str, *, as_json: bool) -> None:
    """Show one loan file: facts, what is owed today with its derivation, clocks."""
    with opened_uow() as uow:
        loan = queries.get_loan(uow, loan_no)
        facts = _facts(uow, loan)
        if as_json:
            emit(facts)
            return
        click.echo(f"{facts['loan_no']}  {facts['customer']}  {facts['branch']}")
        for key, label in (
            ("archive_no", "档号"),
            ("contract_no", "合同"),
            ("principal", "金额"),
            ("balance", "余额"),
            ("total_due", "应还"),
            ("due_on", "到期"),
            ("overdue_days", "逾期天数"),
            ("stage", "状态"),
        ):
            click.echo(f"  {label}  {facts[key]}")
        for step in position_of(loan, uow.clock.today()).steps:
            click.echo(f"    {step}")
        for clock in header_clocks(uow, loan):
            day = clock.due.safe if clock.due else clock.words
            click.echo(f"  {clock.label} {clock.subject}  {day}")


@group.command("import")
@click.argument("path", metavar="LEDGER.xlsx", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Check only; nothing is kept.")
@click.option("--good-only", is_flag=True, help="Enter what can be entered; leave the rest.")
@click.option("--source", default="", metavar="NAME", help="A saved mapping of headings.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, writable=True),
    help="Write the file back with a column of results.",
)
@JSON
def loan_import(
    path: str, errors: str | None, source: str, *, dry_run: bool, good_only: bool, as_json: bool
) -> None:
    """Import customers, loans, guarantees, collateral, schedules, payments and balances.

    Reads .xlsx, .xls, .ods and .csv. Everything is entered or nothing, unless --good-only.
    Exit code 1: rows were refused.
    """
    if dry_run and good_only:
        raise click.UsageError(BOTH)
    mode = Mode.CHECK if dry_run else (Mode.GOOD if good_only else Mode.ALL)
    content = Path(path).read_bytes()
    with opened_system() as system:
        report, import_id = _import(system, Path(path).name, content, mode, source)
        with system.look(CLI) as uow:
            mapping = saved.peek(uow, source) if source else NO_MAPPING
    if errors:
        Path(errors).write_bytes(with_results(content, report, mapping))
    if as_json:
        _emit_report(report, import_id)
    else:
        _say_report(report)
        if report.applied:
            click.echo(f"第 {import_id} 号导入；撤销：postloan loan undo {import_id}", err=True)
    if report.faults:
        sys.exit(1)


@group.command("imports")
@JSON
def loan_imports(*, as_json: bool) -> None:
    """List the newest imports of the command line."""
    with opened_uow() as uow:
        for row in batches.imports_of(uow):
            loans = row.report.get("entered", {}).get("loans", 0)
            faults = row.report.get("fault_count", 0)
            if as_json:
                emit(
                    {
                        "import_id": row.id,
                        "file": row.filename,
                        "state": row.state,
                        "entered": row.report.get("entered", {}),
                        "faults": faults,
                        "created_at": row.created_at,
                        "applied_at": row.applied_at,
                        "undone_at": row.undone_at,
                    }
                )
            else:
                click.echo(
                    f"{row.id}  {row.state}  {row.filename}  贷款 {loans}  错误 {faults}"
                )


@group.command("undo")
@click.argument("import_id", metavar="IMPORT", type=click.IntRange(1, 2**31))
@JSON
def loan_undo(import_id: int, *, as_json: bool) -> None:
    """Take back an import, as long as nothing rests on its rows.

    Exit code 1: later facts rest on them, or it was not entered; nothing is changed.
    """
    with opened_uow() as uow:
        row = undo(uow, import_id)
        if as_json:
            emit({"import_id": row.id, "state": row.state, "undone_at": row.undone_at})
        else:
            click.echo(f"第 {row.id} 号导入已撤销。")


def _import(
    system: System, filename: str, content: bytes, mode: Mode, source: str
) -> tuple[Report, int | None]:
    """Check the file, or keep it and enter it; return the report and the id of the import."""
    if mode is Mode.CHECK:
        with system.look(CLI) as uow:
            mapping = saved.peek(uow, source) if source else NO_MAPPING
        return import_content(system, CLI, content, mode, mapping=mapping), None
    with system.unit_of_work(CLI) as uow:
        row = batches.keep(uow, filename, content, source=source, state="applying")
        import_id, mapping = row.id, mapping_of(row.mapping)
    report = batches.run(system, CLI, import_id, content, mode, mapping=mapping, later=False)
    if report is None:
        with system.look(CLI) as uow:
            raise WorkbookError(batches.get_import(uow, import_id).message)
    if report.applied and len(report.loan_ids) > positions.AT_ONCE:
        with progress_bar("余额", len(report.loan_ids)) as bar:
            for done in positions.refresh_loans(system, sorted(set(report.loan_ids))):
                bar.update(bar.task_ids[0], completed=done)
    return report, import_id


def _facts(uow: UnitOfWork, loan: Loan) -> dict[str, object]:
    today = uow.clock.today()
    owed = position_of(loan, today).value
    clocks = [
        {
            "key": clock.key,
            "label": clock.label,
            "subject": clock.subject,
            "safe": clock.due.safe if clock.due else None,
            "legal": clock.due.legal if clock.due else None,
            "provisional": clock.due.provisional if clock.due else False,
            "done": clock.done,
            "words": clock.words,
            "basis": [
                str(one) for one in (clock.basis or (clock.due.basis if clock.due else ()))
            ],
        }
        for clock in header_clocks(uow, loan)
    ]
    return {
        "loan_no": loan.loan_no,
        "archive_no": loan.archive_no,
        "customer": loan.customer.name,
        "branch": branches.name_of(uow, loan.branch_id),
        "contract_no": loan.contract.contract_no,
        "principal": loan.principal,
        "annual_rate": loan.annual_rate,
        "disbursed_on": loan.disbursed_on,
        "due_on": loan.due_on,
        "as_of": today,
        "balance": owed.balance,
        "principal_due": owed.principal_due,
        "interest_due": owed.interest_due,
        "penalty": owed.penalty,
        "compound": owed.compound,
        "total_due": owed.total_due,
        "total": owed.total,
        "overdue_days": owed.overdue_days,
        "bucket": bucket(owed.overdue_days),
        "risk_class": loan.risk_class,
        "stage": stage_of(
            court=loan.stage,
            overdue_days=owed.overdue_days,
            settled_on=loan.settled_on,
            as_of=today,
            transferred_on=loan.transferred_on,
        ).value,
        "guarantors": [row.guarantor.name for row in loan.guarantees],
        "collateral": [row.description for row in loan.collateral],
        "clocks": clocks,
    }


def _emit_report(report: Report, import_id: int | None) -> None:
    for fault in report.faults:
        emit(
            {
                "sheet": fault.sheet,
                "line": fault.line,
                "column": fault.column,
                "value": fault.value,
                "message": fault.text,
                "next_step": fault.step,
            }
        )
    emit(
        {
            "mode": report.mode.value,
            "applied": report.applied,
            "entered": report.entered,
            "refused": report.bad_units,
            "faults": len(report.faults),
            "import_id": import_id if report.applied else None,
        }
    )


def _say_report(report: Report) -> None:
    for sheet in report.sheets:
        skipped = f"，跳过合计行 {len(sheet.skipped)} 行" if sheet.skipped else ""
        click.echo(f"{sheet.name}：按“{sheet.label}”读取 {sheet.rows} 行{skipped}", err=True)
    for fault in report.faults:
        column = f" {fault.column}" if fault.column else ""
        value = f"（{fault.value}）" if fault.value and fault.value not in fault.text else ""
        step = f" {fault.step}" if fault.step else ""
        click.echo(f"{fault.sheet} 第 {fault.line} 行{column}{value}：{fault.text}{step}")
    words = {
        "customers": "客户",
        "loans": "贷款",
        "guarantees": "保证",
        "collateral": "押品",
        "schedule": "还款计划",
        "payments": "还款",
        "reversals": "冲正",
        "balances": "余额",
    }
    counted = "，".join(
        f"{words[key]} {count}" for key, count in report.entered.items() if count
    )
    if report.applied:
        click.echo(f"已导入：{counted or '无'}")
    elif report.mode is Mode.CHECK:
        click.echo(f"可以导入：{counted or '无'}（未保存）")
    else:
        click.echo(f"有 {report.bad_units} 笔不能导入，整批未导入")
