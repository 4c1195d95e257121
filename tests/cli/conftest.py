"""An installation that commands are called on, as a script would call them."""

import io
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from postloan_archive.archive import service
from postloan_archive.archive.service import FileMade
from postloan_archive.cli import cli
from postloan_archive.kernel.errors import PostloanError
from tests.builders import a_loan


@pytest.fixture
def call(system) -> Callable[..., SimpleNamespace]:
    """Call `postloan …` on the installation; `code`, `out`, `rows` (its JSON lines), `error`.

    A refusal gives code 1, as `main` does it.
    """

    def called(*arguments, **env) -> SimpleNamespace:
        runner = CliRunner(env={"POSTLOAN_DATA": str(system.settings.data), **env})
        answer = runner.invoke(cli, [str(one) for one in arguments])
        refused = answer.exception if isinstance(answer.exception, PostloanError) else None
        if answer.exception and not isinstance(answer.exception, SystemExit) and not refused:
            raise answer.exception
        rows = [json.loads(line) for line in answer.stdout.splitlines() if line[:1] == "{"]
        return SimpleNamespace(
            code=1 if refused else answer.exit_code,
            out=answer.output,
            rows=rows,
            error=str(refused or ""),
        )

    return called


@pytest.fixture
def papers(new_uow) -> Callable[[int], list[str]]:
    """File so many small papers in the loan file JJ2025-0001; returns their digests."""

    def filed(count: int) -> list[str]:
        with new_uow() as uow:
            loan = a_loan(uow)
            return [
                service.file_made(
                    uow,
                    FileMade(
                        loan_id=loan.id,
                        item_code="YJ01",
                        name=f"合同{number}.txt",
                        title=f"合同{number}",
                        stream=io.BytesIO(f"第{number}号合同".encode() * 50),
                    ),
                ).sha256
                for number in range(count)
            ]

    return filed


def named(rows: list[dict]) -> dict[str, set[str]]:
    """Return the names of the findings by state."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if "state" in row:
            found.setdefault(row["state"], set()).add(row["name"])
    return found
