"""Opening the index that the settings name."""

from pathlib import Path
from typing import Final

from postloan_archive.config import SettingsError
from postloan_archive.search.port import Index
from postloan_archive.search.tables import DatabaseIndex
from postloan_archive.search.whoosh_index import WhooshIndex

ADAPTERS: Final = ("database", "whoosh")


class NoSuchAdapterError(SettingsError):
    """The setting names an adapter that there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(f"POSTLOAN_SEARCH_ADAPTER={name!r}: {' | '.join(ADAPTERS)}")


def open_index(adapter: str, folder: Path) -> Index:
    """Return the index of an installation.

    Args:
        adapter: `database`, with FTS5 on SQLite and GIN on PostgreSQL, or `whoosh`, in files.
        folder: where an adapter with files of its own keeps them.

    Raises:
        NoSuchAdapterError: the setting names none.
    """
    match adapter:
        case "database":
            return DatabaseIndex()
        case "whoosh":
            return WhooshIndex(folder / "whoosh")
        case _:
            raise NoSuchAdapterError(adapter)
