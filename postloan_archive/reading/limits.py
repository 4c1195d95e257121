"""How much one file may cost before the reader says no."""

from dataclasses import asdict, dataclass
from typing import Final

MEBIBYTE: Final = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one call; the defaults hold for a machine with two cores and 4 GB.

    Attributes:
        wall_s: seconds until the worker is killed.
        cpu_s: seconds of processor time until the kernel kills the worker.
        memory_mb: address space of the worker, MiB.
        file_bytes: size of the file itself.
        answer_bytes: size of what the worker may send back.
        chars: characters of text kept from one file.
        pages: pages kept from one file.
        unpacked_bytes: total of the unpacked members of one container.
        ratio: unpacked to packed, judged only once `ratio_from` bytes are unpacked.
        ratio_from: see `ratio`, bytes.
        entries: members of one container.
        nesting: containers within containers, the outermost counted as 1.
        pixels: width times height of one picture.
    """

    wall_s: float = 60
    cpu_s: int = 55
    memory_mb: int = 1_536
    file_bytes: int = 2_048 * MEBIBYTE
    answer_bytes: int = 128 * MEBIBYTE
    chars: int = 20_000_000
    pages: int = 20_000
    unpacked_bytes: int = 500 * MEBIBYTE
    ratio: int = 100
    ratio_from: int = 20 * MEBIBYTE
    entries: int = 10_000
    nesting: int = 3
    pixels: int = 200_000_000

    def wire(self) -> dict[str, float]:
        """Return the limits as the worker is told them."""
        return asdict(self)


DEFAULT_LIMITS: Final = Limits()
