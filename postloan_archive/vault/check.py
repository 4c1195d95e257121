"""Looking at every stored byte: what is good, changed, missing, unreadable or strange."""

from collections.abc import Iterable, Iterator
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.vault.fixity import Fixity, State
from postloan_archive.vault.layout import blob_path, entries
from postloan_archive.vault.store import Vault

STRAY_FILE: Final = _l("不属于档案库的文件。")
STRAY_BLOB: Final = _l("没有任何登记指向该文件。")


def verify_all(
    vault: Vault, expected: Iterable[str], *, young: float | None = None
) -> Iterator[Fixity]:
    """Check every expected file and name everything else that is there.

    Args:
        vault: the vault.
        expected: the digests that rows point to; read once, kept in memory.
        young: seconds since 1970; a file without a row that was stored at this moment or later
            is not reported, because its row may be on its way. None reports all.

    Yields:
        One result for each expected digest and each stray file.
    """
    wanted = set(expected)
    for sha256 in sorted(wanted):
        yield vault.verify(sha256)
    for path, name in entries(vault.root):
        if name in wanted:
            continue
        if name is None:
            relative = path.relative_to(vault.root).as_posix()
            # A link or folder in place of a wanted file is named once, as unreadable.
            if path.name in wanted and blob_path(vault.root, path.name) == path:
                continue
            yield Fixity(name=relative, state=State.STRAY, message=STRAY_FILE)
        elif young is None or path.lstat().st_mtime < young:
            yield Fixity(
                name=name, state=State.STRAY, size=path.lstat().st_size, message=STRAY_BLOB
            )


def share(digests: Iterable[str], *, slot: int, slots: int) -> Iterator[str]:
    """Yield the part of the digests whose turn it is in a rolling check.

    Args:
        digests: any digests.
        slot: which turn; counts on for ever, such as hours since 1970.
        slots: turns in a full pass, such as 720 hours for 30 days.
    """
    turn = slot % slots
    return (sha256 for sha256 in digests if int(sha256[:8], 16) % slots == turn)
