"""`postloan law …`: the calculators on the command line, one JSON line in, one out."""

import json
import sys
from typing import BinaryIO

import click

from postloan_archive.calculators.compute import compute_lines, explain, read_request
from postloan_archive.calculators.faults import RequestError


@click.group(name="law")
def group() -> None:
    """Compute periods, fees, interest and the other rules of law."""


@group.command()
@click.option(
    "--json", "as_json", is_flag=True, help="JSON lines on stdout (this is also the default)."
)
@click.argument("source", type=click.File("rb"), default="-")
def compute(source: BinaryIO, *, as_json: bool) -> None:
    """Answer {"fn","input"} lines from SOURCE (stdin) with {"result","basis"} or {"error"}.

    Exit code 1 if a line was refused.
    """
    del as_json  # the answers are JSON lines either way
    refused = False
    out = sys.stdout.buffer
    for answer in compute_lines(source):
        refused = refused or "error" in answer
        out.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace"))
        out.write(b"\n")
        out.flush()
    if refused:
        sys.exit(1)


@group.command(name="explain")
@click.argument("source", type=click.File("rb"), default="-")
def explain_command(source: BinaryIO) -> None:
    """Print the derivation of each {"fn","input"} line in Chinese.

    Exit code 1 if a line was refused.
    """
    refused = False
    for number, line in enumerate(filter(bytes.strip, source)):
        try:
            text = explain(read_request(line))
        except RequestError as error:
            text = f"拒绝计算：{error.fault.message}"
        refused = refused or text.startswith("拒绝计算")
        click.echo(("\n" if number else "") + text)
    if refused:
        sys.exit(1)
