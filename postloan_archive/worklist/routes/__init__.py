"""The pages of the worklist: desk, deadlines, limitation, two tabs of a loan file."""

from postloan_archive.worklist.routes import (
    board,
    desk,
    exports,
    feeds,
    file_tabs,
    interruptions,
    limitation,
    one,
    reminders,
)
from postloan_archive.worklist.routes.blueprint import bp

__all__ = [
    "board",
    "bp",
    "desk",
    "exports",
    "feeds",
    "file_tabs",
    "interruptions",
    "limitation",
    "one",
    "reminders",
]
