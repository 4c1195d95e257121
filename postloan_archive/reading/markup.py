"""XML and HTML from strangers: no entities, no network, no DTD, no deep trees."""

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from lxml import etree

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import MEBIBYTE
from postloan_archive.reading.refusals import DamagedError, TooLargeError

Element = Any  # lxml's elements, entities and comments have no common stub type

_SILENT: Final = 32  # MiB that a parser may take before anything begins or ends
_SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}


def local(element: Element) -> str:
    """Return the name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its local name, whatever its namespace; empty if absent."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def tree(data: bytes) -> Element:
    """Return the root of a small XML document.

    Raises:
        DamagedError: it is not well-formed beyond repair.
    """
    parser = etree.XMLParser(**_SAFE, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedError(_l("内部 XML 已损坏。")) from error
    if root is None:
        raise DamagedError(_l("内部 XML 已损坏。"))
    return root


class _Watched:
    """A stream that is refused once the parser has swallowed far more than one element."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.silent = 0  # bytes since the last event

    def read(self, size: int = -1) -> bytes:
        """Read on.

        Raises:
            TooLargeError: nothing has ended or begun for too long.
        """
        if self.silent > _SILENT * MEBIBYTE:
            raise TooLargeError(
                _l("内部 XML 有一处超过 {limit} MB 的内容，疑为压缩炸弹，已拒绝展开。"),
                limit=_SILENT,
            )
        data = self._stream.read(size)
        self.silent += len(data)
        return data


class Events:
    """Start and end of elements, streamed; iterate, then look at `broken` and `entities`.

    An element that has ended and lies outside every element of `keep` is emptied at once, so a
    large part needs little memory.
    """

    def __init__(self, stream: IO[bytes], *, keep: Iterable[str] = ()) -> None:
        self._stream = _Watched(stream)
        self._parse = etree.iterparse(
            self._stream, events=("start", "end"), recover=True, **_SAFE
        )
        self._keep = frozenset(keep)
        self.broken = False
        self.entities = False

    def __iter__(self) -> Iterator[tuple[bool, str, Element]]:
        """Yield whether an element starts, its local name and the element."""
        kept = 0
        try:
            for event, element in self._parse:
                self._stream.silent = 0
                name = local(element)
                start = event == "start"
                if name in self._keep:
                    kept += 1 if start else -1
                yield start, name, element
                if not start and not kept:
                    element.clear(keep_tail=False)
                    parent = element.getparent()
                    if parent is not None and len(parent) > 1:
                        del parent[0]
        except etree.XMLSyntaxError:
            self.broken = True
        self.broken = self.broken or any(
            entry.level >= etree.ErrorLevels.FATAL for entry in self._parse.error_log
        )
        root = self._parse.root
        if root is not None:
            self.entities = root.getroottree().docinfo.internalDTD is not None


def html_tree(data: bytes, encoding: str | None) -> Element | None:
    """Return the root of an HTML page, None where there is nothing in it."""
    parser = etree.HTMLParser(
        encoding=encoding,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=True,
    )
    try:
        return etree.parse(io.BytesIO(data), parser).getroot()
    except (etree.XMLSyntaxError, AssertionError):
        return None


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield `start` and `end` of every element, without recursion."""
    return iter(etree.iterwalk(root, events=("start", "end")))
