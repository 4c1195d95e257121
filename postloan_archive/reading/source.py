"""What a format reader is given and what it gives back; used inside the worker only."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import UnreadableError
from postloan_archive.reading.results import Flag, PageText, Signature

_SHARE: float = 0.8  # of the wall time: what is read by then is still sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to read.

    Attributes:
        careful: an earlier attempt came to an end by itself; use the second readers.
        stop_at: when to stop and send what there is, on the scale of `time.monotonic`.
    """

    path: Path
    name: str
    limits: Limits
    careful: bool = False
    stop_at: float = float("inf")

    @classmethod
    def of(cls, path: str, name: str, limits: Limits, *, careful: bool = False) -> "Source":
        """Return the source, its time running from now."""
        stop_at = time.monotonic() + limits.wall_s * _SHARE
        return cls(path=Path(path), name=name, limits=limits, careful=careful, stop_at=stop_at)

    @property
    def late(self) -> bool:
        """Return whether it is time to stop."""
        return time.monotonic() > self.stop_at


@dataclass(slots=True, kw_only=True)
class Content:
    """What a format reader found.

    Attributes:
        trouble: why what was read is not the whole; what was read is kept.
        notes: Chinese remarks that are no trouble.
        pictures: an office file holds pictures.
    """

    pages: list[PageText] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    flags: set[Flag] = field(default_factory=set)
    reader: str = ""
    trouble: UnreadableError | None = None
    notes: list[str] = field(default_factory=list)
    pictures: bool = False
    signatures: tuple[Signature, ...] = ()
