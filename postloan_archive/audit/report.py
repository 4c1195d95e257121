"""What the verification of the trail says."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """How the trail was damaged."""

    EDITED = "edited"  # a line does not give its own hash
    BROKEN = "broken"  # a line does not follow the one before
    GAP = "gap"  # numbers are missing or out of order
    REWRITTEN = "rewritten"  # the lines do not give the root of a signed checkpoint
    SHORTENED = "shortened"  # fewer lines than a checkpoint covers, or than were ever written
    SIGNATURE = "signature"  # a checkpoint is not signed by a key of this installation
    CHECKPOINT_LOST = "checkpoint_lost"  # the outside file has one that the table has not
    OUTSIDE_FILE = "outside_file"  # a line of the outside file is no checkpoint
    UNPROTECTED = "unprotected"  # a trigger that keeps the tables append-only is missing
    UNREADABLE = "unreadable"  # the database does not give the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFault:
    """One finding.

    Attributes:
        kind: how.
        seq: the line, or the last line of the range, None where no line is at fault.
        message: one Chinese sentence.
    """

    kind: FaultKind
    seq: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The result of reading the whole trail.

    Attributes:
        lines: rows read.
        root: Merkle root over them, hex.
        head: hash of the last line, hex.
        checkpoints: checkpoints compared, inside and outside.
        covered: lines under the newest good outside checkpoint; later ones rest on the chain.
        faults: findings in the order found, at most `MOST_FAULTS` of each kind.
        fault_count: all findings.
        clock_jumps: numbers of lines that are earlier than the line before; the order of lines
            is that of commits, so this is a notice about the clock and no fault.
    """

    lines: int
    root: str
    head: str
    checkpoints: int
    covered: int
    faults: tuple[AuditFault, ...]
    fault_count: int
    clock_jumps: tuple[int, ...]

    @property
    def ok(self) -> bool:
        """Return whether nothing was found."""
        return self.fault_count == 0


MOST_FAULTS = 100
