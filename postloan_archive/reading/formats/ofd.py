"""OFD, the national fixed-layout format (GB/T 33190): a zip of XML; text in drawing order."""

from collections.abc import Iterator
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import markup
from postloan_archive.reading.formats import ooxml
from postloan_archive.reading.pages import tidy
from postloan_archive.reading.part_paths import path_from
from postloan_archive.reading.refusals import DamagedError, EncryptedError, TimedOutError
from postloan_archive.reading.results import Flag, PageText
from postloan_archive.reading.signing import signing_of
from postloan_archive.reading.source import Content, Source
from postloan_archive.reading.zips import Container

_MM: Final = 72 / 25.4
_BOX: Final = 4  # x, y, width, height
_A4: Final = (210.0, 297.0)
_PROPERTIES: Final = {
    "Title": "title",
    "Author": "author",
    "Subject": "subject",
    "CreationDate": "created",
    "ModDate": "modified",
    "Creator": "creator",
    "Keywords": "keywords",
}
_SAME_LINE: Final = 0.5  # of the height of a text object
_NEAR: Final = 1.0  # of that height: closer objects are one word
_PICTURE_SHARE: Final = 0.5
_DRAWN: Final = 30


def read(source: Source) -> Content:
    """Return the pages of all documents in the container.

    Raises:
        EncryptedError: it is encrypted as a whole.
        DamagedError: it has no documents that can be read.
    """
    content = Content(reader="ofd-xml")
    with ooxml.opened(source) as container:
        if container.find("Encryptions.xml") or container.find("OFDEncryptions.xml"):
            raise EncryptedError(_l("OFD 文件已加密。"))
        _flags(container, content)
        root = markup.tree(container.read_name("OFD.xml") or b"")
        _properties(root, content)
        if Flag.SIGNATURE in content.flags:
            content.signatures = signing_of("ofd").signatures(container)
        for element in root.iter():
            if markup.local(element) == "DocRoot" and element.text:
                _Document(container, element.text.strip(), source, content).read()
    if not content.pages:
        raise content.trouble or DamagedError(_l("OFD 文件中没有页面。"))
    return content


def _flags(container: Container, content: Content) -> None:
    for name in container.names:
        base = name.rpartition("/")[2].lower()
        if base in {"signatures.xml", "signedvalue.dat"}:
            content.flags.add(Flag.SIGNATURE)
        elif base == "attachments.xml" or "/attachs/" in name.lower():
            content.flags.add(Flag.EMBEDDED_FILE)


def _properties(root: markup.Element, content: Content) -> None:
    for element in root.iter():
        key = _PROPERTIES.get(markup.local(element))
        if key and element.text and element.text.strip():
            content.properties.setdefault(key, element.text.strip()[:500])


class _Document:
    """One document of the container."""

    def __init__(
        self, container: Container, path: str, source: Source, content: Content
    ) -> None:
        self._container, self._source, self._content = container, source, content
        self._path = path_from("", path)
        self._templates: dict[str, str] = {}
        self._size = _A4

    def read(self) -> None:
        """Append the pages to the content."""
        root = self._tree(self._path)
        if root is None:
            return
        pages: list[str] = []
        for element in root.iter():
            name = markup.local(element)
            location = element.get("BaseLoc") or "" if name in {"Page", "TemplatePage"} else ""
            if name == "Page" and location:
                pages.append(path_from(self._path, location))
            elif name == "TemplatePage" and location:
                self._templates[element.get("ID") or ""] = path_from(self._path, location)
            elif name == "PhysicalBox":
                self._size = _box(element.text) or self._size
        notes = self._annotations(root)
        for count, path in enumerate(pages):
            if self._source.late:
                self._content.trouble = TimedOutError(
                    _l("共 {count} 页，仅读出前 {done} 页。"), count=len(pages), done=count
                )
                return
            self._page(path, notes.get(path, []))

    def _page(self, path: str, notes: list[str]) -> None:
        root = self._tree(path)
        size = self._size
        texts: list[tuple[float, float, float, float, str]] = []
        drawn, covered = 0, 0.0
        for part in self._layers(root) if root is not None else ():
            for element in part.iter():
                name = markup.local(element)
                if name == "PhysicalBox":
                    size = _box(element.text) or size
                elif name == "TextObject":
                    texts.append(_text(element))
                elif name == "PathObject":
                    drawn += 1
                elif name == "ImageObject":
                    box = _numbers(element.get("Boundary"))
                    covered += box[2] * box[3] if len(box) == _BOX else 0.0
        text = tidy("\n".join([_joined(texts), *notes]))
        pictured = covered / (size[0] * size[1]) >= _PICTURE_SHARE if all(size) else False
        self._content.pages.append(
            PageText(
                no=len(self._content.pages) + 1,
                text=text,
                width=round(size[0] * _MM, 2),
                height=round(size[1] * _MM, 2),
                needs_ocr=not text and (pictured or drawn > _DRAWN or covered > 0),
            )
        )

    def _layers(self, root: markup.Element) -> Iterator[markup.Element]:
        """Yield the templates under the page, then the page."""
        for element in root:
            if markup.local(element) == "Template":
                path = self._templates.get(element.get("TemplateID") or "")
                template = self._tree(path) if path else None
                if template is not None:
                    yield template
        yield root

    def _annotations(self, root: markup.Element) -> dict[str, list[str]]:
        """Return the text of annotations (stamps, notes …) by the path of the page."""
        identities = {
            element.get("ID") or "": path_from(self._path, element.get("BaseLoc") or "")
            for element in root.iter()
            if markup.local(element) == "Page" and element.get("BaseLoc")
        }
        found: dict[str, list[str]] = {}
        for element in root:
            if markup.local(element) != "Annotations" or not element.text:
                continue
            place = path_from(self._path, element.text)
            listing = self._tree(place)
            for page in listing.iter() if listing is not None else ():
                files = [child for child in page if markup.local(child) == "FileLoc"]
                if markup.local(page) != "Page" or not files or not files[0].text:
                    continue
                notes = self._tree(path_from(place, files[0].text))
                if notes is not None:
                    texts = [_text(e) for e in notes.iter() if markup.local(e) == "TextObject"]
                    path = identities.get(page.get("PageID") or "", "")
                    found.setdefault(path, []).append(_joined(texts))
        return found

    def _tree(self, path: str) -> markup.Element | None:
        try:
            data = self._container.read_name(path)
            if data is not None:
                return markup.tree(data)
            self._content.trouble = DamagedError(_l("OFD 内部文件“{path}”缺失。"), path=path)
        except DamagedError as error:
            self._content.trouble = error
        return None


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(part) for part in (text or "").split()]
    except ValueError:
        return []


def _box(text: str | None) -> tuple[float, float] | None:
    numbers = _numbers(text)
    return (numbers[2], numbers[3]) if len(numbers) == _BOX else None


def _text(element: markup.Element) -> tuple[float, float, float, float, str]:
    """Return x, y, width, height in mm, and the words of a text object."""
    box = _numbers(element.get("Boundary"))
    x, y, width, height = box if len(box) == _BOX else (0.0, 0.0, 0.0, 0.0)
    lines: dict[str, list[str]] = {}
    for code in element.iter():
        if markup.local(code) == "TextCode":
            lines.setdefault(code.get("Y") or "", []).append(code.text or "")
    return x, y, width, height, "\n".join("".join(parts) for parts in lines.values())


def _joined(texts: list[tuple[float, float, float, float, str]]) -> str:
    """Join the objects in their order: one line while they stay at one height."""
    parts: list[str] = []
    last: tuple[float, float, float] | None = None  # right edge, y, height
    for x, y, width, height, text in texts:
        if last is not None:
            right, last_y, last_height = last
            if abs(y - last_y) > _SAME_LINE * max(height, last_height, 1.0):
                parts.append("\n")
            elif x - right > _NEAR * max(height, 1.0):
                parts.append(" ")
        parts.append(text)
        last = (x + width, y, height)
    return "".join(parts)
