"""Where messages leave: a small port, and the folder that is used where nothing else is set.

A gateway of the bank empties the folder. Each file holds one message as JSON and appears
whole; its name is that of the message, so that handing it over twice leaves one file.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message as a gateway needs it; `number` is the same for ever."""

    number: int
    channel: str
    recipient: str
    subject: str
    text: str
    letter: str


class Outbox(Protocol):
    """Takes messages that are to go out."""

    def put(self, message: Outgoing) -> str:
        """Take one message and return what it is called there; again for the same number."""
        ...


class FileOutbox:
    """A folder with one file for each message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, message: Outgoing) -> str:
        """Write the file under its name, whole and synced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{message.channel}-{message.number:09d}.json"
        half = self.folder / f".{uuid4().hex}"
        with half.open("w", encoding="utf-8") as stream:
            json.dump(asdict(message), stream, ensure_ascii=False, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(self.folder / name)
        return name
