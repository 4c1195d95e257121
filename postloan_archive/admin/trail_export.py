"""Lines of the trail for a reader outside: as JSON lines, with proof, or as a table."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from postloan_archive import audit
from postloan_archive.audit import AuditLine, AuditReport, TrailFilter
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import CHINA
from postloan_archive.uow import System, UnitOfWork

Row = dict[str, Any]
Rows = Iterator[Row]

AT_ONCE: Final = 1_000  # lines read at a time
MOST_ROWS: Final = 1_000_000  # a sheet of Excel ends at 1,048,576
HEADINGS: Final = (
    ("序号", 9), ("时间", 20), ("操作人", 14), ("来源", 8), ("事件", 32), ("对象", 24),
    ("内容", 60), ("地址", 16), ("请求编号", 16), ("前一条哈希", 20), ("本条哈希", 20),
)  # fmt: skip


def lines_of(uow: UnitOfWork, wanted: TrailFilter) -> Iterator[AuditLine]:
    """Yield the lines that match, oldest first."""
    after = wanted.after or 0
    while True:
        part = audit.read_forward(uow.session, replace(wanted, after=after), limit=AT_ONCE)
        yield from part
        if len(part) < AT_ONCE:
            return
        after = part[-1].seq


def export_lines(
    system: System, actor: Actor, wanted: TrailFilter, *, proof: bool = False
) -> Rows:
    """Yield one mapping a line, with proof a last one that holds `proof`; record the export.

    Raises:
        NoKeyError: a proof needs the signing key, and it is missing.
        HistoryChangedError: the lines do not give the signed root.
    """
    seqs = []
    with system.unit_of_work(actor) as uow:
        for line in lines_of(uow, wanted):
            seqs.append(line.seq)
            yield row_of(line)
        record_export(uow, wanted, len(seqs), form="jsonl")
    if proof and seqs:
        signer = audit.load_key(system.settings.data)
        with system.unit_of_work(actor) as uow:
            yield {
                "proof": audit.proof_for(uow.session, seqs, signer=signer, at=uow.clock.now())
            }


def export_table(system: System, actor: Actor, wanted: TrailFilter, path: Path) -> int:
    """Write the lines as a table, record the export, and return how many there are."""
    with system.unit_of_work(actor) as uow:
        count = write_table(uow, wanted, path)
        record_export(uow, wanted, count, form="xlsx")
    return count


def write_table(
    uow: UnitOfWork,
    wanted: TrailFilter,
    path: Path,
    *,
    facts: Callable[[AuditLine], str] = lambda line: line.facts,
) -> int:
    """Write the lines, oldest first, as text: nothing in a cell is ever a formula.

    Args:
        uow: sees the trail.
        wanted: which lines.
        path: the file to write.
        facts: what of a line's content may be shown.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("审计")
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        for line in lines_of(uow, wanted):
            if count == MOST_ROWS:
                break
            count += 1
            sheet.write_number(count, 0, line.seq)
            moment = line.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
            cells = (
                moment, line.actor, line.origin, line.event, line.subject, facts(line),
                line.address, line.request_id, line.prev_hash, line.hash,
            )  # fmt: skip
            for column, text in enumerate(cells, start=1):
                sheet.write_string(count, column, text[:32_000])
    return count


def record_export(uow: UnitOfWork, wanted: TrailFilter, count: int, *, form: str) -> None:
    """Put the export into the trail, with what was asked for."""
    uow.record(
        "audit.exported",
        "audit_lines",
        form=form,
        lines=count,
        of_actor=wanted.actor,
        of_event=wanted.event,
        of_subject=wanted.subject,
        words=wanted.words,
        since=None if wanted.since is None else wanted.since.isoformat(),
        until=None if wanted.until is None else wanted.until.isoformat(),
    )


def row_of(line: AuditLine) -> Row:
    """Return the line as JSON knows it; `line` is the text under the hash."""
    return {
        "seq": line.seq,
        "at": line.at.isoformat(),
        "actor": line.actor,
        "user_id": line.user_id,
        "event": line.event,
        "subject": line.subject,
        "facts": line.facts,
        "origin": line.origin,
        "address": line.address,
        "request_id": line.request_id,
        "prev_hash": line.prev_hash,
        "hash": line.hash,
        "line": line.canonical(),
    }


def report_facts(report: AuditReport) -> Row:
    """Return the result of a verification as JSON knows it."""
    return {
        "lines": report.lines,
        "root": report.root,
        "head": report.head,
        "checkpoints": report.checkpoints,
        "covered": report.covered,
        "fault_count": report.fault_count,
        "faults": [
            {"kind": str(one.kind), "seq": one.seq, "message": one.message}
            for one in report.faults
        ],
        "clock_jumps": list(report.clock_jumps),
    }
