"""`postloan audit`: verify the trail, send its signed head out, hand out its lines."""

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TextIO, TypeVar

import click

from postloan_archive.admin import checkpointing, trail_export
from postloan_archive.assurance.sealing import NoEvidenceError, check_seal
from postloan_archive.audit import TrailFilter
from postloan_archive.cli.session import CLI, emit, opened_system
from postloan_archive.kernel.clock import CHINA

BAD_KEY: Final = "公钥应为 64 位十六进制数，或存有它的文件。"
F = TypeVar("F", bound=Callable[..., object])


@click.group()
def group() -> None:
    """The audit trail."""


@group.command("verify")
@click.option(
    "--checkpoints",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A file or folder of checkpoints kept elsewhere; may be given several times.",
)
@click.option(
    "--trusted-key",
    "keys",
    multiple=True,
    metavar="HEX|FILE",
    help="The public key that may have signed; that of the installation by default.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def verify(
    context: click.Context,
    checkpoints: tuple[Path, ...],
    keys: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Check chain, tree and signatures against every checkpoint, inside and outside.

    Exit code 1 means that something was changed. The checkpoints of the data folder and of
    POSTLOAN_CHECKPOINT_FOLDER are always used; what an intruder could reach proves little, so
    name the copy of another machine, and the key written down when it was made.
    """
    with opened_system() as system:
        report = checkpointing.verify_trail(
            system, CLI, named=checkpoints, trusted=[_key(one) for one in keys]
        )
    if as_json:
        emit({"ok": report.ok, **trail_export.report_facts(report)})
    else:
        click.echo(
            f"审计记录 {report.lines} 条，签名检查点 {report.checkpoints} 个，"
            f"库外检查点覆盖至第 {report.covered} 条，问题 {report.fault_count} 个"
        )
        for fault in report.faults:
            click.echo(f"  {fault.message}")
        if report.clock_jumps:
            click.echo(f"  注意：{len(report.clock_jumps)} 条记录的时间早于前一条（时钟回拨）")
    context.exit(0 if report.ok else 1)


@group.command("checkpoint")
@click.option(
    "--out",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it there too, such as on a drive that leaves the room.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def checkpoint(context: click.Context, out: tuple[Path, ...], *, as_json: bool) -> None:
    """Sign the head of the trail and write it to every folder of checkpoints.

    Exit code 1 means that a folder could not be written.
    """
    with opened_system() as system:
        done = checkpointing.make_checkpoint(system, CLI, extra=out)
    if as_json:
        emit(
            {
                "checkpoint": done.checkpoint,
                "written": [{"folder": where, "new": count} for where, count in done.written],
                "failed": [{"folder": where, "reason": why} for where, why in done.failed],
            }
        )
    elif done.checkpoint is None:
        click.echo("审计记录为空，没有可签的检查点。")
    else:
        head = done.checkpoint
        click.echo(f"检查点：{head.tree_size} 条，根 {head.root}，{head.at}")
        click.echo(f"公钥 {head.public_key}（编号 {head.key_id}）")
        for where, count in done.written:
            click.echo(f"  {where}：新写入 {count} 个")
    for where, why in done.failed:
        click.echo(f"未能写入 {where}：{why}", err=True)
    context.exit(1 if done.failed else 0)


def filters(command: F) -> F:
    """Add the options that narrow the lines."""
    for option in (
        click.option("--until", metavar="DATE", type=click.DateTime(["%Y-%m-%d"])),
        click.option("--since", metavar="DATE", type=click.DateTime(["%Y-%m-%d"])),
        click.option("--subject", default="", help="Such as document:12."),
        click.option(
            "--event", default="", help="An event, or its first word such as archive."
        ),
        click.option("--user", default="", help="Name of the actor."),
    ):
        command = option(command)
    return command


@group.command("evidence")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def evidence(context: click.Context, file: Path, *, as_json: bool) -> None:
    """Check a sealed evidence chain (证据链签名包) from the file alone, without a database.

    Exit code 1 means that a byte, the signature or the audit proof does not hold.
    """
    try:
        checked = check_seal(file)
    except NoEvidenceError as error:
        click.echo(str(error), err=True)
        context.exit(2)
    if as_json:
        emit(
            {
                "good": checked.good,
                "findings": list(checked.findings),
                "loan_no": checked.facts.get("loan_no"),
                "key_id": checked.key_id,
                "proved": checked.proved,
            }
        )
    else:
        for finding in checked.findings:
            click.echo(f"  {finding}")
        verdict = "核验通过" if checked.good else "核验不通过"
        click.echo(
            f"{verdict}：{checked.facts.get('loan_no')}，签名密钥 {checked.key_id}，"
            f"审计证明 {checked.proved} 条"
        )
    context.exit(0 if checked.good else 1)


@group.command("export")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=".jsonl, or .xlsx for a table; stdout by default.",
)
@click.option("--proof", is_flag=True, help="Add the proof that the lines are in the trail.")
@filters
@click.option("--json", "as_json", is_flag=True, help="The same as without: JSON lines.")
def export(
    out: Path | None,
    user: str,
    event: str,
    subject: str,
    since: datetime | None,
    until: datetime | None,
    *,
    proof: bool,
    as_json: bool,
) -> None:
    """Write lines of the trail, oldest first, one JSON object each; the export is recorded.

    With --proof a last line holds, for each line, its path in the tree to a signed root:
    who has the public key can check it without this machine.
    """
    del as_json  # the lines are JSON either way
    wanted = TrailFilter(
        actor=user,
        event=event,
        subject=subject,
        since=None if since is None else since.replace(tzinfo=CHINA),
        until=None if until is None else until.replace(tzinfo=CHINA) + timedelta(days=1),
    )
    with opened_system() as system:
        if out is not None and out.suffix.lower() == ".xlsx":
            count = trail_export.export_table(system, CLI, wanted, out)
        else:
            opened = nullcontext(sys.stdout) if out is None else out.open("w", encoding="utf-8")
            with opened as stream:
                count = _write(
                    stream, trail_export.export_lines(system, CLI, wanted, proof=proof)
                )
    if out is not None:
        click.echo(f"已导出 {count} 条 → {out}", err=True)


def _write(stream: TextIO, rows: "trail_export.Rows") -> int:
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += "seq" in row
    return count


def _key(text: str) -> str:
    """Return a public key in hex, read from a file where the text is the name of one."""
    path = Path(text)
    if path.is_file():
        text = path.read_text(encoding="ascii", errors="replace")
    key = text.strip().lower()
    if len(key) != 64 or set(key) - set("0123456789abcdef"):  # noqa: PLR2004 - 32 bytes
        raise click.BadParameter(BAD_KEY)
    return key
