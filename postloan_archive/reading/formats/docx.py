"""Word documents (docx), read from the XML parts straight."""

from collections.abc import Iterator
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import markup
from postloan_archive.reading.formats import ooxml
from postloan_archive.reading.pages import cut
from postloan_archive.reading.refusals import DamagedError, TimedOutError, TooLargeError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source
from postloan_archive.reading.zips import Container

_MAIN: Final = "word/document.xml"
_BEFORE: Final = ("word/header",)
_AFTER: Final = (
    "word/footnotes",
    "word/endnotes",
    "word/comments.",
    "word/footer",
    "word/charts/chart",
    "word/diagrams/data",
)
_IGNORED: Final = frozenset({"Fallback", "moveFrom"})  # said twice, or moved elsewhere
_MARKS: Final = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "ptab": "\t",
}
_SOME: Final = 200  # paragraphs between two looks at the clock


def read(source: Source) -> Content:
    """Return the text of headers, body, notes, comments and footers.

    Raises:
        DamagedError: there is no body.
    """
    content = Content(reader="docx-xml")
    with ooxml.opened(source) as container:
        ooxml.note(container, content)
        paragraphs: list[str] = []
        chars = 0
        try:
            for paragraph in _parts(container, content):
                paragraphs.append(paragraph)
                chars += len(paragraph)
                if chars > source.limits.chars or (
                    len(paragraphs) % _SOME == 0 and source.late
                ):
                    content.trouble = TimedOutError(_l("文档过长，仅读出前面的部分。"))
                    break
        except DamagedError as error:
            content.trouble = error
        except TooLargeError as error:
            if not paragraphs:
                raise
            content.trouble = error
    content.pages = cut(paragraphs, chars=source.limits.chars)
    return content


def _parts(container: Container, content: Content) -> Iterator[str]:
    seen: set[str] = set()
    for name in _names(container):
        broken = False
        lines = Story(container, name)
        for line in lines:
            if name == _MAIN or not name.startswith(("word/header", "word/footer")):
                yield line
            elif line.strip() and line not in seen:  # one header on many sections
                seen.add(line)
                yield line
        broken = lines.broken
        content.flags.update(lines.flags)
        if broken and content.trouble is None:
            content.trouble = DamagedError(
                _l("“{part}”部分已损坏，仅读出其中一部分文字。"), part=name
            )


def _names(container: Container) -> list[str]:
    body = container.find(_MAIN)
    names = [name for name in container.names if name.endswith(".xml")]
    main = _MAIN if body is not None else _other_main(names)
    if main is None:
        raise DamagedError(_l("Word 文档缺少正文。"))
    before = sorted(name for name in names if name.startswith(_BEFORE))
    after = [name for start in _AFTER for name in sorted(names) if name.startswith(start)]
    return [*before, main, *after]


def _other_main(names: list[str]) -> str | None:
    """Return the body where a program has given it another name, such as document2.xml."""
    found = [name for name in names if name.startswith("word/document")]
    return found[0] if found else None


class Story:
    """The lines of one part: paragraphs, and table rows with a tab between cells."""

    def __init__(self, container: Container, name: str) -> None:
        self._container, self._name = container, name
        self.broken = False
        self.flags: set[Flag] = set()
        self._runs: list[list[str]] = []  # one list for each open paragraph
        self._rows: list[list[str]] = []  # one list of cells for each open row
        self._cells: list[list[str]] = []  # one list of lines for each open cell
        self._outer: list[tuple[list[list[str]], list[list[str]]]] = []  # around text boxes
        self._lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        entry = self._container.find(self._name)
        assert entry is not None
        ignored = 0
        with self._container.open(entry) as stream:
            events = markup.Events(stream)
            for start, name, element in events:
                if name in _IGNORED:
                    ignored += 1 if start else -1
                elif not ignored:
                    self._take(start, name, element)
                    if self._lines and not self._outer:
                        yield from self._lines
                        self._lines = []
        if self._runs:
            self._lines.append("".join(self._runs[0]))
        yield from self._lines
        self.broken = events.broken
        if events.entities:
            self.flags.add(Flag.ENTITIES)

    def _take(self, start: bool, name: str, element: markup.Element) -> None:  # noqa: FBT001 - one of two events
        if start:
            self._start(name)
        elif name == "t":
            self._text(element.text or "")
        elif name in _MARKS:
            self._text(_MARKS[name])
        elif name == "instrText":
            self._instruction(element.text or "")
        elif name == "fldSimple":
            self._instruction(markup.attribute(element, "instr"))
        else:
            self._end(name)

    def _start(self, name: str) -> None:
        if name == "p":
            self._runs.append([])
        elif name == "tr":
            self._rows.append([])
        elif name == "tc":
            self._cells.append([])
        elif name == "txbxContent":
            self._outer.append((self._rows, self._cells))
            self._rows, self._cells = [], []

    def _end(self, name: str) -> None:
        if name == "p" and self._runs:
            self._line("".join(self._runs.pop()))
        elif name == "tc" and self._cells:
            cell = " ".join(line for line in self._cells.pop() if line.strip())
            if self._rows:
                self._rows[-1].append(cell)
        elif name == "tr" and self._rows:
            self._line("\t".join(self._rows.pop()).rstrip("\t"))
        elif name == "txbxContent" and self._outer:
            self._rows, self._cells = self._outer.pop()

    def _line(self, line: str) -> None:
        if self._cells:
            self._cells[-1].append(line)
        else:
            self._lines.append(line)

    def _text(self, text: str) -> None:
        if self._runs:
            self._runs[-1].append(text)

    def _instruction(self, text: str) -> None:
        if text.lstrip().upper().startswith("DDE"):
            self.flags.add(Flag.DDE)
