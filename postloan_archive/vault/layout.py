"""Where a digest lives: `root/ab/cd/abcd…`, and what else the root may hold."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TEMPORARY: Final = "tmp"
QUARANTINE: Final = "quarantine"
PART: Final = ".part"  # a stream being written
SWEPT: Final = ".swept"  # a blob on its way out
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def is_digest(text: str) -> bool:
    """Return whether the text is a SHA-256 in lower-case hex."""
    return _DIGEST.fullmatch(text) is not None


def blob_path(root: Path, sha256: str) -> Path:
    """Return the one place of the digest; the caller has checked `is_digest`."""
    return root / sha256[:2] / sha256[2:4] / sha256


def is_plain_folder(path: Path) -> bool:
    """Return whether the path is a folder and no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def entries(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield every file below the root in order of name, with its digest or None for a stranger.

    Temporary files and the quarantine are left out; links are strangers and never followed.
    """
    for first in sorted(root.iterdir()):
        if first.name in {TEMPORARY, QUARANTINE}:
            continue
        if not is_plain_folder(first) or len(first.name) != 2:  # noqa: PLR2004 - two hex digits
            yield from _strangers(first)
            continue
        for second in sorted(first.iterdir()):
            if not is_plain_folder(second) or len(second.name) != 2:  # noqa: PLR2004 - the same
                yield from _strangers(second)
                continue
            for entry in sorted(second.iterdir()):
                own = is_digest(entry.name) and blob_path(root, entry.name) == entry
                if own and stat.S_ISREG(entry.lstat().st_mode):
                    yield entry, entry.name
                else:
                    yield from _strangers(entry)


def _strangers(path: Path) -> Iterator[tuple[Path, None]]:
    if not is_plain_folder(path):
        yield path, None
        return
    for entry in sorted(path.iterdir()):
        yield from _strangers(entry)
