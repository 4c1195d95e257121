"""Writing a PDF object by object, so that a bundle never has to fit into memory."""

import hashlib
import re
import zlib
from typing import Final, Protocol

_UNSAFE: Final = re.compile(rb"[^!-~]|[#/%()<>\[\]{}]")


def name(text: str) -> bytes:
    """Return a PDF name object; `text` is without the slash."""
    return raw_name(text.encode("utf-8"))


def raw_name(raw: bytes) -> bytes:
    """Return a PDF name object from its bytes, whatever encoding they are in."""
    return b"/" + _UNSAFE.sub(lambda found: b"#%02X" % found[0][0], raw)


def text_string(text: str) -> bytes:
    """Return a PDF text string, as bookmarks and document properties need."""
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"


def number(value: float) -> bytes:
    """Return a number with at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".").encode()


def exact(value: float) -> bytes:
    """Return a number of a source with all the digits that matter to a viewer."""
    return f"{value:.9f}".rstrip("0").rstrip(".").encode()


def reference(of: int) -> bytes:
    """Return an indirect reference."""
    return b"%d 0 R" % of


class Sink(Protocol):
    """What a PDF can be written into: nothing is read back, nothing is sought."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


class PdfOutput:
    """A PDF under way: numbers are reserved, objects written once, the table comes last."""

    def __init__(self, stream: Sink) -> None:
        self._stream: Final = stream
        self._offsets: Final[list[int]] = [0]
        self._digest: Final = hashlib.sha256()
        self.size = 0
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)

    def reserve(self) -> int:
        """Return a fresh object number; one that is never put counts as free."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, at: int, body: bytes) -> None:
        """Write the object of a reserved number."""
        self._offsets[at] = self.size
        self._write(b"%d 0 obj\n" % at)
        self._write(body)
        self._write(b"\nendobj\n")

    def add(self, body: bytes) -> int:
        """Write an object and return its number."""
        at = self.reserve()
        self.put(at, body)
        return at

    def put_stream(self, at: int, entries: bytes, data: bytes) -> None:
        """Write a stream; `entries` are the dictionary's entries without /Length."""
        self._offsets[at] = self.size
        head = b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (at, entries, len(data))
        self._write(head)
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def add_stream(self, entries: bytes, data: bytes, *, pack: bool = False) -> int:
        """Write a stream, packed if asked for, and return its number."""
        at = self.reserve()
        if pack:
            entries, data = entries + b" /Filter /FlateDecode", zlib.compress(data, 6)
        self.put_stream(at, entries, data)
        return at

    def finish(self, *, root: int, info: int) -> str:
        """Write the table and the trailer; return the SHA-256 of the file."""
        identity = self._digest.hexdigest()[:32].encode()
        start = self.size
        rows = [b"0000000000 65535 f \n"]
        rows += [
            b"%010d 00000 n \n" % offset if offset else b"0000000000 00001 f \n"
            for offset in self._offsets[1:]
        ]
        self._write(b"xref\n0 %d\n" % len(self._offsets) + b"".join(rows))
        self._write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\n"
            b"startxref\n%d\n%%%%EOF\n"
            % (len(self._offsets), root, info, identity, identity, start)
        )
        return self._digest.hexdigest()
