"""Reading the whole trail and comparing it with the chain, the tree and the checkpoints."""

import hashlib
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from operator import le
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from postloan_archive.audit.checkpoints import (
    Checkpoint,
    OutsideCheckpoints,
    stored_checkpoints,
)
from postloan_archive.audit.line import GENESIS, canonical_line
from postloan_archive.audit.merkle import Peaks
from postloan_archive.audit.models import trigger_names
from postloan_archive.audit.report import MOST_FAULTS, AuditFault, AuditReport, FaultKind
from postloan_archive.audit.tree import COLUMNS
from postloan_archive.kernel.errors import _l

BATCH: Final = 2_048  # rows at a time
MOST_JUMPS: Final = 100

SENTENCES: Final = {
    FaultKind.EDITED: _l("第 {seq} 条记录的内容与其哈希不符，已被修改。"),
    FaultKind.BROKEN: _l("第 {seq} 条记录与前一条不衔接，存在删除、插入、调换或改写。"),
    FaultKind.GAP: _l("第 {seq} 条记录的序号不连续，应为第 {expected} 条。"),
    FaultKind.REWRITTEN: _l("第 {low} 至 {seq} 条记录与 {at} 的签名检查点不符，已被改写。"),
    FaultKind.SHORTENED: _l(
        "现有 {seq} 条记录，少于已有的 {expected} 条，记录被删除或数据库被回退。"
    ),
    FaultKind.SIGNATURE: _l("{at} 的检查点（覆盖 {seq} 条）签名无效或不是本机构密钥所签。"),
    FaultKind.CHECKPOINT_LOST: _l("库外有 {at} 的检查点（覆盖 {seq} 条），库内没有。"),
    FaultKind.OUTSIDE_FILE: _l("库外检查点文件第 {line} 行不是检查点，文件已被改动。"),
    FaultKind.UNPROTECTED: _l("防改触发器 {name} 不存在，审计保护被关闭过。"),
    FaultKind.UNREADABLE: _l("第 {seq} 条之后的审计记录无法读取（{reason}）。"),
}


def verify(
    session: Session,
    outside: OutsideCheckpoints | Sequence[Checkpoint] = (),
    *,
    trusted: Collection[str] | None = None,
) -> AuditReport:
    """Read every line once and compare it with all that is known of it.

    Args:
        session: sees the trail; nothing is written.
        outside: the checkpoints kept outside of the database.
        trusted: public keys, hex, that may have signed; None accepts any key, so that only the
            lines are checked against the checkpoints.
    """
    if not isinstance(outside, OutsideCheckpoints):
        outside = OutsideCheckpoints(checkpoints=tuple(outside))
    return _Verification(session, outside, trusted).run()


class _Verification:
    """One pass; holds what was found so far."""

    def __init__(
        self,
        session: Session,
        outside: OutsideCheckpoints,
        trusted: Collection[str] | None,
    ) -> None:
        self.session = session
        self.outside = outside
        self.trusted = None if trusted is None else frozenset(trusted)
        self.counts: Counter[FaultKind] = Counter()
        self.faults: list[AuditFault] = []
        self.jumps: list[int] = []
        self.peaks = Peaks()
        self.head = GENESIS.hex()
        self.last_seq, self.last_at = 0, ""
        self.low = 1  # first line after the last good checkpoint

    def run(self) -> AuditReport:
        """Do the pass."""
        self._check_triggers()
        genuine = self._genuine_checkpoints()
        by_size: dict[int, list[Checkpoint]] = {}
        for one in genuine:
            by_size.setdefault(one.tree_size, []).append(one)
        good_sizes = self._read(by_size)
        self._check_high_water()
        lines = self.peaks.size
        for size in sorted(size for size in by_size if size > lines):
            self._add(FaultKind.SHORTENED, lines, expected=size)
        outside_sizes = {one.tree_size for one in self.outside.checkpoints}
        return AuditReport(
            lines=lines,
            root=self.peaks.root().hex(),
            head=self.head,
            checkpoints=len(genuine),
            covered=max(good_sizes & outside_sizes, default=0),
            faults=tuple(self.faults),
            fault_count=sum(self.counts.values()),
            clock_jumps=tuple(self.jumps),
        )

    def _read(self, by_size: dict[int, list[Checkpoint]]) -> set[int]:
        """Follow the chain and grow the tree; return the sizes at which all roots agree."""
        good: set[int] = set()
        sizes = sorted(by_size)
        for rows in self._batches():
            lines = _lines(rows)
            if not self._is_sound(rows, lines):
                for row, line in zip(rows, lines, strict=True):
                    self._examine(row, line)
            self.last_seq, self.last_at = rows[-1][0], str(rows[-1][1])
            sha256 = hashlib.sha256
            leaves = [sha256(b"\x00" + line).digest() for line in lines]
            before = self.peaks.size
            after = before + len(leaves)
            within = sizes[bisect(sizes, before) : bisect(sizes, after)]
            for size in dict.fromkeys((*within, after)):
                self.peaks.extend(leaves[self.peaks.size - before : size - before])
                if size in by_size and self._roots_agree(by_size[size]):
                    good.add(size)
                    self.low = size + 1
        return good

    def _is_sound(self, rows: Sequence[Sequence[Any]], lines: Sequence[bytes]) -> bool:
        """Compare a whole batch at once; on the way of honest rows, so it has no loop of ours.

        Where it says yes, the head is moved on.
        """
        before, hashes = [row[-2] for row in rows], [row[-1] for row in rows]
        times = [row[1] for row in rows]
        sha256, unhex = hashlib.sha256, bytes.fromhex
        try:
            sound = (
                before == [self.head, *hashes[:-1]]
                and [row[0] for row in rows]
                == list(range(self.last_seq + 1, self.last_seq + 1 + len(rows)))
                and all(map(le, [self.last_at, *times], times))
                and hashes
                == [
                    sha256(unhex(one) + line).hexdigest()
                    for one, line in zip(before, lines, strict=True)
                ]
            )
        except (TypeError, ValueError):  # a value of another type
            return False
        if sound:
            self.head = hashes[-1]
        return sound

    def _examine(self, row: Sequence[Any], line: bytes) -> None:
        """Name what is wrong with a row; go on from what it claims: one edit, one finding."""
        seq, at, before, line_hash = row[0], str(row[1]), row[-2], row[-1]
        if seq != self.last_seq + 1:
            self._add(FaultKind.GAP, seq, expected=self.last_seq + 1)
        if before != self.head:
            self._add(FaultKind.BROKEN, seq)
        previous = bytes.fromhex(self.head)
        given = [
            hashlib.sha256(one + line).hexdigest()
            for one in (previous, _claimed(before, previous))
        ]
        if line_hash not in given:
            self._add(FaultKind.EDITED, seq)
        if at < self.last_at and len(self.jumps) < MOST_JUMPS:
            self.jumps.append(seq)
        self.last_seq, self.last_at = seq, at
        self.head = _claimed(line_hash, bytes.fromhex(given[0])).hex()

    def _batches(self) -> Iterator[Sequence[Sequence[Any]]]:
        connection = self.session.connection()
        try:
            result = connection.exec_driver_sql(
                f"SELECT {COLUMNS}, prev_hash, hash "  # noqa: S608 - constants only
                "FROM audit_lines ORDER BY seq",
                execution_options={"stream_results": True},
            )
            assert result.cursor is not None
            # The driver's own rows where nothing stands before them: a million pass here.
            plain = connection.dialect.name == "sqlite"
            fetch = result.cursor.fetchmany if plain else result.fetchmany
            while rows := fetch(BATCH):
                yield rows
            result.close()
        except (DBAPIError, connection.dialect.loaded_dbapi.Error) as error:
            self._add(FaultKind.UNREADABLE, self.last_seq, reason=str(error))

    def _roots_agree(self, checkpoints: Sequence[Checkpoint]) -> bool:
        root = self.peaks.root().hex()
        different = [one for one in checkpoints if one.root != root]
        for one in different:
            self._add(FaultKind.REWRITTEN, one.tree_size, low=self.low, at=one.at)
        return not different

    def _genuine_checkpoints(self) -> list[Checkpoint]:
        try:
            inside = stored_checkpoints(self.session)
        except (DBAPIError, ValueError) as error:  # a value of another type, or no such table
            self._add(FaultKind.UNREADABLE, 0, reason=str(error.args[0]))
            inside = []
        for number in self.outside.bad_lines:
            self._add(FaultKind.OUTSIDE_FILE, None, line=number)
        known = set(inside)
        for one in self.outside.checkpoints:
            if one not in known:
                self._add(FaultKind.CHECKPOINT_LOST, one.tree_size, at=one.at)
        genuine = []
        for one in dict.fromkeys((*inside, *self.outside.checkpoints)):
            trusted = self.trusted is None or one.public_key in self.trusted
            if trusted and one.is_genuine():
                genuine.append(one)
            else:
                self._add(FaultKind.SIGNATURE, one.tree_size, at=one.at)
        return genuine

    def _check_triggers(self) -> None:
        dialect = self.session.connection().dialect.name
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if dialect == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
        found = set(self.session.connection().scalars(text(query)))
        for name in sorted(trigger_names(dialect) - found):
            self._add(FaultKind.UNPROTECTED, None, name=name)

    def _check_high_water(self) -> None:
        """Compare with the highest number that SQLite remembers having given."""
        connection = self.session.connection()
        if connection.dialect.name != "sqlite":
            return
        highest = connection.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_lines'")
        )
        if isinstance(highest, int) and highest > self.last_seq:
            self._add(FaultKind.SHORTENED, self.last_seq, expected=highest)

    def _add(self, kind: FaultKind, seq: int | None, **facts: object) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_FAULTS:
            message = SENTENCES[kind].format(seq=seq, **facts)
            self.faults.append(AuditFault(kind=kind, seq=seq, message=message))


def _lines(rows: Sequence[Sequence[Any]]) -> list[bytes]:
    try:
        return [canonical_line(*row[:-2]).encode() for row in rows]
    except (TypeError, UnicodeEncodeError):  # a value of another type: not ours
        return [_line_or_not(row[:-2]) for row in rows]


def _line_or_not(fields: Sequence[Any]) -> bytes:
    try:
        return canonical_line(*fields).encode()
    except (TypeError, UnicodeEncodeError):
        return repr(fields).encode("utf-8", "backslashreplace")


def _claimed(value: object, otherwise: bytes) -> bytes:
    """Return the hash that a row states, or another one where it states none."""
    try:
        claimed = bytes.fromhex(str(value))
    except ValueError:
        return otherwise
    return claimed if len(claimed) == len(GENESIS) else otherwise
