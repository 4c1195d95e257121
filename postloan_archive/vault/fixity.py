"""What is known of one stored file after reading it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The result of a check; everything but `good` is a finding."""

    GOOD = "good"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"  # could not be checked: neither good nor bad is claimed
    STRAY = "stray"  # no row points to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixity:
    """The result for one file.

    Attributes:
        name: the digest, or the path below the root for a file that no digest names.
        state: what is known.
        size: bytes found, None where nothing could be read.
        message: one Chinese sentence, empty for a good file.
    """

    name: str
    state: State
    size: int | None = None
    message: str = ""

    @property
    def good(self) -> bool:
        """Return whether nothing is wrong."""
        return self.state is State.GOOD
