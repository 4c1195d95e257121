"""The proof that lines are in the trail, for a reader who has no database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from postloan_archive.audit import merkle
from postloan_archive.audit.checkpoints import (
    Checkpoint,
    Signer,
    last_checkpoint,
    sign_checkpoint,
)
from postloan_archive.audit.errors import (
    HistoryChangedError,
    NoSuchLineError,
    NotCoveredError,
)
from postloan_archive.audit.line import JSON
from postloan_archive.audit.trail import lines_of
from postloan_archive.audit.tree import StoredTree


def proof_for(
    session: Session,
    seqs: Sequence[int],
    *,
    signer: Signer | None = None,
    at: datetime | None = None,
) -> dict[str, JSON]:
    """Return the lines with their paths to the root of a signed checkpoint.

    Args:
        session: may write if `signer` is given.
        seqs: numbers of lines.
        signer: signs a fresh checkpoint in this transaction where the last one does not cover
            all lines; publish it after the commit.
        at: when it is signed; needed with `signer`.

    Returns:
        `tree_size`, `root`, `entries` (`line`, `index`, `path`) and `checkpoint`; leaf is
        SHA-256 of 0x00 and the UTF-8 line, node SHA-256 of 0x01, left and right; all hex.

    Raises:
        NoSuchLineError: a number does not exist.
        NotCoveredError: no checkpoint covers a line and there is no signer.
        HistoryChangedError: the lines do not give the signed root.
    """
    lines = lines_of(session, seqs)
    for seq in sorted(set(seqs) - {line.seq for line in lines}):
        raise NoSuchLineError(seq=seq)
    highest = lines[-1].seq if lines else 0
    checkpoint = last_checkpoint(session)
    if checkpoint is None or checkpoint.tree_size < highest:
        if signer is None or at is None:
            covered = checkpoint.tree_size if checkpoint else 0
            raise NotCoveredError(seq=highest, covered=covered)
        checkpoint = sign_checkpoint(session, signer, at=at)
    if checkpoint is None:
        raise NotCoveredError(seq=highest, covered=0)
    tree = StoredTree(session)
    root = bytes.fromhex(checkpoint.root)
    entries: list[JSON] = []
    for line in lines:
        text, index = line.canonical(), line.seq - 1
        path = merkle.inclusion_path(index, checkpoint.tree_size, tree.range_hash)
        leaf = merkle.leaf_hash(text.encode())
        if not merkle.is_included(
            leaf, index=index, size=checkpoint.tree_size, path=path, root=root
        ):
            raise HistoryChangedError(tree_size=checkpoint.tree_size)
        entries.append({"line": text, "index": index, "path": [one.hex() for one in path]})
    return {
        "tree_size": checkpoint.tree_size,
        "root": checkpoint.root,
        "entries": entries,
        "checkpoint": asdict(checkpoint),
    }


def consistency_for(session: Session, old: Checkpoint, new: Checkpoint) -> list[str]:
    """Return the hashes, hex, that prove that `new` only added lines to `old`.

    `merkle.is_consistent` checks them; `old` covers one line or more, and no more than `new`.
    """
    tree = StoredTree(session)
    path = merkle.consistency_path(old.tree_size, new.tree_size, tree.range_hash)
    return [one.hex() for one in path]
