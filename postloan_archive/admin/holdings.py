"""Rows against stored files against the index against the trail: what the archive holds."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, inspect, text
from sqlalchemy.orm import Session

from postloan_archive.admin import rechecking
from postloan_archive.archive.queries import page_count
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import SystemClock
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.search import Status
from postloan_archive.uow import System
from postloan_archive.vault import Fixity, State, repair, verify_all

Progress = Callable[[int, int], None]
"""Told files done and files in all."""

AT_ONCE: Final = 500  # digests of one statement
DIGEST: Final = "sha256"
MORE_COLUMNS: Final = frozenset(
    {
        ("notice_runs", "template_sha256"),
        ("notice_runs", "print_sha256"),
        ("notices", "template_sha256"),
        ("case_papers", "template_sha256"),
        ("case_papers", "pdf_sha256"),
    }
)
OURS: Final = "vault_checks"
IN_ARGS: Final = re.compile(r"\b[0-9a-f]{64}\b")
BAD: Final = frozenset({State.CHANGED, State.MISSING, State.UNREADABLE})
MISMATCH: Final = _l("登记的摘要与审计记录第 {seq} 条不一致，登记被改动。")
UNRECORDED: Final = _l("没有任何审计记录说明该登记的来历。")
NOT_NEWEST: Final = _l("文件登记的摘要与其最新版本不一致。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        name: the digest, or the path below the vault for a file that no digest names, or
            `table:id` of a row.
        state: changed, missing, unreadable, stray, or `row` for a row at odds with the trail.
        message: one Chinese sentence.
        size: bytes found.
        rows: `table:id` of the rows that point to the file.
        repaired: a good copy has been put in its place.
    """

    name: str
    state: str
    message: str
    size: int | None = None
    rows: tuple[str, ...] = ()
    repaired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """The result of looking at everything.

    Attributes:
        rows: rows that point to a file.
        files: different files that they point to.
        good: files whose bytes were read and are right.
        findings: everything else, files first.
        index: the state of the search index against the pages.
    """

    rows: int
    files: int
    good: int
    findings: tuple[Finding, ...]
    index: Status

    @property
    def counts(self) -> dict[str, int]:
        """Return how many findings are in each state; every state is a key."""
        found = Counter(finding.state for finding in self.findings)
        states = (State.CHANGED, State.MISSING, State.UNREADABLE, State.STRAY, "row")
        return {str(state): found[state] for state in states}

    @property
    def repaired(self) -> int:
        """Return how many files were repaired."""
        return sum(finding.repaired for finding in self.findings)

    @property
    def ok(self) -> bool:
        """Return whether nothing is left to do."""
        return all(finding.repaired for finding in self.findings) and not self.index.problems


def expected_files(connection: Connection) -> dict[str, list[str]]:
    """Return the digests that rows point to, each with its rows as `table:id`.

    A column named `sha256` points into the vault, in whatever table: a digest of anything else
    has another name.
    """
    found: dict[str, list[str]] = {}
    for table, column, key in _digest_columns(connection, exact=True):
        rows = connection.exec_driver_sql(
            f'SELECT "{key}", "{column}" FROM "{table}" '  # noqa: S608 - names from the schema
            f"WHERE \"{column}\" <> '' ORDER BY 1"
        )
        for row_id, sha256 in rows:
            found.setdefault(sha256, []).append(f"{table}:{row_id}")
    return found


def named_anywhere(connection: Connection, digests: Iterable[str]) -> set[str]:
    """Return which of the digests a row names, or a job that has not been forgotten."""
    wanted = sorted(set(digests))
    found = set(wanted) & set(_of_jobs(connection))
    for table, column, _key in _digest_columns(connection, exact=False):
        for start in range(0, len(wanted), AT_ONCE):
            query = text(
                f'SELECT DISTINCT "{column}" FROM "{table}" '  # noqa: S608 - names from the schema
                f'WHERE "{column}" IN :part'
            ).bindparams(bindparam("part", expanding=True))
            part = wanted[start : start + AT_ONCE]
            found |= set(connection.execute(query, {"part": part}).scalars())
    return found


class Wanted:
    """Says whether any row names a digest; for the sweep, which would rather keep.

    What the rows said at the start is remembered; for any other digest the rows are asked
    again at that moment.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.connect().execution_options(read_only=True) as connection:
            self._columns = tuple(_digest_columns(connection, exact=False))
            self._known = {
                sha256
                for table, column, _key in self._columns
                for (sha256,) in connection.exec_driver_sql(
                    f'SELECT DISTINCT "{column}" FROM "{table}"'  # noqa: S608 - names from the schema
                )
            } | set(_of_jobs(connection))

    def __call__(self, sha256: str) -> bool:
        """Return whether a committed row names the digest."""
        return sha256 in self._known or self._asked_again(sha256)

    def _asked_again(self, sha256: str) -> bool:
        with self._engine.connect().execution_options(read_only=True) as connection:
            return sha256 in _of_jobs(connection) or any(
                connection.execute(
                    text(f'SELECT 1 FROM "{table}" WHERE "{column}" = :sha256 LIMIT 1'),  # noqa: S608 - names from the schema
                    {"sha256": sha256},
                ).first()
                for table, column, _key in self._columns
            )


def _of_jobs(connection: Connection) -> Iterator[str]:
    """Yield the digests that jobs were given: a scan waits there for its rows."""
    rows = connection.exec_driver_sql("SELECT args FROM jobs")
    return (sha256 for (args,) in rows for sha256 in IN_ARGS.findall(args))


def verify_holdings(
    system: System,
    actor: Actor,
    *,
    repair_from: Path | None = None,
    progress: Progress | None = None,
) -> Holdings:
    """Read every stored file and compare rows, files, index and trail; record the result.

    Args:
        system: the installation.
        actor: who asks.
        repair_from: a backup from which bad and missing files are replaced.
        progress: told files done and files in all.
    """
    started = SystemClock().now().timestamp()
    with system.engine.connect().execution_options(read_only=True) as connection:
        rows = expected_files(connection)
        at_odds = list(_rows_at_odds(connection))
        session = Session(bind=connection)
        index = system.index.status(session, expected=page_count(session))
    results = list(_looked_at(system, rows, started, progress))
    findings = [_finding(one, rows) for one in results if not one.good]
    if any(one.state == State.STRAY for one in findings):
        # A row may have followed its file while we were reading.
        is_wanted = Wanted(system.engine)
        findings = [
            one for one in findings if one.state != State.STRAY or not is_wanted(one.name)
        ]
    if repair_from is not None:
        findings = [_repaired(system, actor, one, repair_from) for one in findings]
    holdings = Holdings(
        rows=sum(map(len, rows.values())),
        files=len(rows),
        good=sum(one.good for one in results),
        findings=(*findings, *at_odds),
        index=index,
    )
    mended = {one.name for one in findings if one.repaired}
    states = {
        one.name: State.GOOD if one.name in mended else one.state
        for one in results
        if one.name in rows
    }
    with system.unit_of_work(actor) as uow:
        rechecking.note(uow.session, states, at=uow.clock.now())
        uow.record(
            "vault.verified",
            f"vault:{holdings.files}",
            files=holdings.files,
            good=holdings.good,
            repaired=holdings.repaired,
            index=str(index.health),
            lag=index.lag,
            **holdings.counts,
        )
    return holdings


def _looked_at(
    system: System, rows: Iterable[str], started: float, progress: Progress | None
) -> Iterator[Fixity]:
    wanted = list(rows)
    for done, fixity in enumerate(verify_all(system.vault, wanted, young=started), start=1):
        if progress is not None and (done % 64 == 0 or done == len(wanted)):
            progress(min(done, len(wanted)), len(wanted))
        yield fixity


def _finding(one: Fixity, rows: dict[str, list[str]]) -> Finding:
    return Finding(
        name=one.name,
        state=str(one.state),
        message=one.message,
        size=one.size,
        rows=tuple(rows.get(one.name, ())),
    )


def _repaired(system: System, actor: Actor, one: Finding, backup: Path) -> Finding:
    if one.state not in BAD:
        return one
    try:
        repair(system.vault, one.name, backup)
    except PostloanError as error:
        message = f"{one.message}{error}"
        return Finding(
            name=one.name, state=one.state, message=message, size=one.size, rows=one.rows
        )
    with system.unit_of_work(actor) as uow:
        uow.record("vault.file_repaired", f"vault:{one.name}", was=one.state)
    return Finding(
        name=one.name,
        state=one.state,
        message=one.message,
        size=one.size,
        rows=one.rows,
        repaired=True,
    )


def _rows_at_odds(connection: Connection) -> Iterator[Finding]:
    """Yield the document versions whose digest is not the one that the trail recorded."""
    recorded: dict[tuple[str, int], tuple[int, str]] = {}
    lines = connection.exec_driver_sql(
        "SELECT seq, event, subject, facts FROM audit_lines WHERE event IN "
        "('archive.document_added', 'archive.version_added') ORDER BY seq"
    )
    for seq, event, subject, facts in lines:
        try:
            values = json.loads(facts)
            no = 1 if event == "archive.document_added" else int(values["no"])
            recorded[subject, no] = (seq, str(values[DIGEST]))
        except (ValueError, KeyError, TypeError):  # an edited line: the trail says so itself
            continue
    destroyed = {
        document_id
        for (document_id,) in connection.exec_driver_sql("SELECT document_id FROM tombstones")
    }
    newest: dict[int, tuple[int, str]] = {}
    versions = connection.exec_driver_sql(
        "SELECT id, document_id, no, sha256 FROM document_versions ORDER BY document_id, no"
    )
    for row_id, document_id, no, sha256 in versions:
        newest[document_id] = (no, sha256)
        if document_id in destroyed and not sha256:  # its digests stand on the tombstone
            continue
        name, subject = f"document_versions:{row_id}", f"document:{document_id}"
        known = recorded.get((subject, no))
        if known is None:
            yield Finding(name=name, state="row", message=UNRECORDED, rows=(subject,))
        elif known[1] != sha256:
            message = MISMATCH.format(seq=known[0])
            yield Finding(name=name, state="row", message=message, rows=(subject,))
    documents = connection.exec_driver_sql(
        "SELECT id, current_version, sha256 FROM documents ORDER BY id"
    )
    for row_id, no, sha256 in documents:
        if newest.get(row_id) != (no, sha256):
            yield Finding(name=f"documents:{row_id}", state="row", message=NOT_NEWEST)


def _digest_columns(connection: Connection, *, exact: bool) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and key column of what points into the vault."""
    schema = inspect(connection)
    for table in sorted(schema.get_table_names()):
        if table == OURS:
            continue
        for column in schema.get_columns(table):
            name = str(column["name"])
            if name == DIGEST or (table, name) in MORE_COLUMNS:
                wanted = True
            else:
                wanted = not exact and name.endswith(DIGEST)
            if wanted:
                keys = schema.get_pk_constraint(table)["constrained_columns"]
                yield table, name, str(keys[0]) if keys else name
