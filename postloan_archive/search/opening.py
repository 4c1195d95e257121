"""Opening the index that the settings name."""

from pathlib import Path

from postloan_archive.search.fts5 import Fts5Index
from postloan_archive.search.port import Index


def open_index(adapter: str, folder: Path) -> Index:
    """Return the index of an installation.

    Args:
        adapter: `fts5`, in the database itself.
        folder: where an adapter with files of its own keeps them.

    Raises:
        ValueError: no such adapter.
    """
    del folder
    if adapter == "fts5":
        return Fts5Index()
    raise ValueError(adapter)
