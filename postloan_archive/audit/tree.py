"""The Merkle tree over the stored lines, with the roots of complete blocks kept in a table."""

from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from postloan_archive.audit import merkle
from postloan_archive.audit.line import canonical_line
from postloan_archive.audit.models import AuditRow, BlockRow

BLOCK: Final = 256  # lines; a power of two

COLUMNS: Final = "seq, at, actor, user_id, event, subject, facts, origin, address, request_id"


class StoredTree:
    """Hashes of ranges of lines; leaf `i` is the line numbered `i + 1`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.size: Final = (
            session.scalar(select(AuditRow.seq).order_by(AuditRow.seq.desc()).limit(1)) or 0
        )
        rows = session.execute(select(BlockRow.block, BlockRow.hash).order_by(BlockRow.block))
        self._blocks = {block: bytes.fromhex(digest) for block, digest in rows}
        self._stored = frozenset(self._blocks)
        self._leaves: dict[int, list[bytes]] = {}
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """Return the root over the first `size` lines."""
        return self.range_hash(0, size) if size else merkle.EMPTY_ROOT

    def range_hash(self, low: int, high: int) -> bytes:
        """Return the root of the leaves from `low` up to, not including, `high`."""
        block, offset = divmod(low, BLOCK)
        if high - low == BLOCK and offset == 0:
            if block not in self._blocks:
                self._blocks[block] = merkle.root_of(self._leaves_of(block))
            return self._blocks[block]
        if high - low < BLOCK:
            return merkle.root_of(self._leaves_of(block)[offset : offset + high - low])
        known = self._known.get((low, high))
        if known is None:
            middle = low + merkle.split(high - low)
            known = merkle.node_hash(
                self.range_hash(low, middle), self.range_hash(middle, high)
            )
            self._known[low, high] = known
        return known

    def keep_blocks(self) -> None:
        """Store the complete blocks computed so far, in the caller's transaction."""
        new = [
            {"block": block, "hash": digest.hex()}
            for block, digest in sorted(self._blocks.items())
            if block not in self._stored
        ]
        if new:
            self._session.execute(insert(BlockRow), new)

    def _leaves_of(self, block: int) -> list[bytes]:
        if block not in self._leaves:
            # Only the last block is read twice; the others are forgotten once they are hashed.
            self._leaves = {block: self._read(block)}
        return self._leaves[block]

    def _read(self, block: int) -> list[bytes]:
        rows = self._session.connection().exec_driver_sql(
            f"SELECT {COLUMNS} FROM audit_lines "  # noqa: S608 - constants and integers only
            f"WHERE seq > {int(block * BLOCK)} AND seq <= {int((block + 1) * BLOCK)} "
            "ORDER BY seq"
        )
        return [merkle.leaf_hash(canonical_line(*row).encode()) for row in rows]
