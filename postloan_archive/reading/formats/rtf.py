"""Rich text: the words without the control words."""

import re
from typing import Final

from postloan_archive.reading.formats.ole_marks import decoded
from postloan_archive.reading.formats.ww8 import without_fields
from postloan_archive.reading.pages import cut
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_TOKEN: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])"
    rb"|[\r\n]+|([^\\{}\r\n]+)",
    re.IGNORECASE,
)
_SKIPPED: Final = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore "
    b"listtable listoverridetable rsidtbl generator xmlnstbl latentstyles filetbl revtbl "
    b"objdata objclass shppict nonshppict bkmkstart bkmkend ffdata formfield mmathpr "
    b"wgrffmtfilter blipuid".split()
)
_KEPT: Final = frozenset({b"footnote", b"header", b"footer", b"shptxt", b"fldrslt"})
_WORDS: Final = {
    b"par": "\n", b"line": "\n", b"page": "\n", b"sect": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"nestcell": "\t", b"nestrow": "\n", b"emdash": "—", b"endash": "–",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•",
}  # fmt: skip
_MOST: Final = 64 << 20
_DEEP: Final = 2_000
_CHARSETS: Final = {134: 936, 136: 950, 128: 932, 129: 949, 204: 1251, 161: 1253, 162: 1254}
_FONT: Final = re.compile(rb"\\f(\d+)[^;{}]{0,200}?\\fcharset(\d+)")
_PAR: Final = re.compile(rb"\\ansicpg(\d+)")


def read(source: Source) -> Content:
    """Return the text."""
    content = Content(reader="rtf")
    with source.path.open("rb") as file:
        data = file.read(_MOST)
    if b"\\objdata" in data:
        content.flags.add(Flag.OLE)
    if re.search(
        rb"\\\*?\s*\\?template\s*https?:|\{\\\*\\template\s+http", data, re.IGNORECASE
    ):
        content.flags |= {Flag.REMOTE_TEMPLATE, Flag.EXTERNAL_LINK}
    if re.search(rb"\\fldinst[^{}]{0,40}(?:\{[^{}]{0,80})?DDE", data):
        content.flags.add(Flag.DDE)
    content.pages = cut(text_of(data).split("\n"), chars=source.limits.chars)
    return content


def text_of(data: bytes) -> str:
    """Return the text of a rich text."""
    text = _Reader(data).text()
    return without_fields(text)[0]


class _Reader:
    """Walks through the tokens; one state for each open group."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        page = _PAR.search(data[:1_000])
        self._default = int(page[1]) if page else 1252
        self._fonts = {
            int(found[1]): _CHARSETS[int(found[2])]
            for found in _FONT.finditer(data[:1_000_000])
            if int(found[2]) in _CHARSETS
        }
        self._parts: list[str] = []
        self._bytes = bytearray()  # of the code page, not yet decoded
        self._groups: list[tuple[bool, int, int]] = []
        self._skipping, self._fallback, self._page = False, 1, self._default
        self._owed = 0  # fallback characters still to be passed over
        self._starred = False

    def text(self) -> str:
        for word, number, code, symbol, brace, plain in _TOKEN.findall(self._data):
            if brace:
                self._brace(brace)
            elif word:
                self._word(word.lower(), int(number) if number else None)
            elif code:
                self._byte(bytes.fromhex(code.decode()))
            elif symbol:
                self._symbol(symbol)
            elif plain:
                self._byte(plain)
        self._flush()
        return "".join(self._parts)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._owed = 0
        if brace == b"{":
            if len(self._groups) < _DEEP:
                self._groups.append((self._skipping, self._fallback, self._page))
        elif self._groups:
            self._skipping, self._fallback, self._page = self._groups.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in _SKIPPED or (starred and word not in _KEPT):
            self._skipping = True
        elif word == b"u" and number is not None:
            self._flush()
            if not self._skipping:
                self._parts.append(_character(number))
            self._owed = self._fallback
        elif word == b"uc" and number is not None:
            self._fallback = max(0, min(number, 8))
        elif word == b"f" and number is not None:
            self._flush()
            self._page = self._fonts.get(number, self._default)
        elif word in _WORDS:
            self._flush()
            if not self._skipping:
                self._parts.append(_WORDS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in {b"\\", b"{", b"}"}:
            self._byte(symbol)
        elif symbol == b"~":
            self._byte(b" ")
        elif symbol in {b"\n", b"\r"}:
            self._flush()
            self._parts.append("\n")

    def _byte(self, data: bytes) -> None:
        if self._owed:
            passed = min(self._owed, len(data))
            self._owed -= passed
            data = data[passed:]
        if not self._skipping:
            self._bytes += data

    def _flush(self) -> None:
        if self._bytes:
            self._parts.append(decoded(bytes(self._bytes), self._page))
            self._bytes.clear()


def _character(number: int) -> str:
    return chr(number & 0xFFFF)
