"""Files that leave the system: a name that every browser reads right, never shown in place."""

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO, Final
from urllib.parse import quote

from flask import Response

CHUNK: Final = 64 * 1024
_UNFIT: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f"\\/:*?<>|'
    "\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u2400]+"  # unseen, or turning the line
)
_LONGEST: Final = 180  # bytes of UTF-8; file systems stop at 255, browsers may add a number
_LONGEST_ENDING: Final = 16
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")


def download(
    body: bytes | Iterator[bytes], *, name: str, media_type: str, size: int | None = None
) -> Response:
    """Return the bytes as a file to keep; the browser never runs or renders it.

    Args:
        body: the bytes, or their pieces.
        name: as a person knows it; may hold anything.
        media_type: what the bytes are.
        size: of them all, where `body` comes in pieces.
    """
    response = Response(body, mimetype=media_type)
    if size is not None:
        response.content_length = size
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def disposition(name: str) -> str:
    """Return the header for a file name in any script (RFC 6266), safe against its tricks."""
    shown = _safe(name)
    plain = _PLAIN.sub("_", shown).strip("_") or "file"
    if plain.startswith("."):
        plain = f"file{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _safe(name: str) -> str:
    """Return a name that every system can save.

    Folders, names of devices, control characters and marks that turn the direction of writing
    are taken out; the ending stays when a long name is cut.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = _UNFIT.sub("_", last).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = shown, "", ""
    room = _LONGEST - len(f"{dot}{ending}".encode())
    shown = stem.encode()[:room].decode("utf-8", "ignore").strip() + dot + ending
    if _DEVICE.match(shown):
        shown = f"_{shown}"
    return shown.strip(" .") or "file"


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of the stream and close it."""
    with stream:
        while piece := stream.read(CHUNK):
            yield piece
