"""Tags that take their row, cell, paragraph or run with them, and the pieces of a part."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from postloan_archive.wordgen.faults import Fault, excerpt_of
from postloan_archive.wordgen.ooxml import DECLARATION, w
from postloan_archive.wordgen.tags import CLOSE, OPEN, Scan, Tag, mark

_MARK: Final = re.compile(f"{OPEN}(\\d+){CLOSE}")
_UNITS: Final = {"tr": "行", "tc": "单元格", "p": "段"}
_HOSTS: Final = {"tr": w("tr"), "tc": w("tc"), "p": w("p"), "r": w("r")}
_NAMESPACE: Final = re.compile(r' xmlns:(\w+)="([^"]*)"')
_CELLS: Final = (w("tc"), w("txbxContent"))


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a tag prints: which filter writes it, and the looks it takes over."""

    mode: str  # text, runs, paragraphs or property
    looks: str = ""
    settings: str = ""


@dataclass(slots=True)
class Pieces:
    """A part cut at its tags: text of XML, and numbers of tags in between.

    Attributes:
        path: for each tag the names of the open elements around it.
    """

    items: list[str | int]
    printed: dict[int, Printed]
    path: dict[int, tuple[str, ...]]


def cut(root: "etree._Element", scan: Scan, *, properties: bool = False) -> Pieces:
    """Take out the elements that their tags replace, and cut the part at the marks."""
    printed: dict[int, Printed] = {}
    if properties:
        printed = {number: Printed("property") for number in scan.hosts}
    else:
        for kind in ("tr", "tc", "p"):
            _take_out(scan, kind, printed)
        for number, host in scan.hosts.items():
            if scan.tags[number].kind == "r" and _is_inside(host, root):
                printed[number] = Printed("runs", looks=_looks(host))
        for number in sorted(number for number, one in printed.items() if one.mode == "runs"):
            _split_run(root, scan, number)
        _fill_empty_cells(root, scan)
    return _cut_text(root, printed)


def _take_out(scan: Scan, kind: str, printed: dict[int, Printed]) -> None:
    taken: dict[etree._Element, list[int]] = {}
    for number, host in scan.hosts.items():
        tag = scan.tags[number]
        if tag.kind != kind:
            continue
        unit = next(host.iterancestors(_HOSTS[kind]), None)
        if unit is None:
            scan.faults.append(tag.fault("not_in_table", kind=kind))
        elif unit.getparent() is not None:
            taken.setdefault(unit, []).append(number)
    for unit, numbers in taken.items():
        tag = scan.tags[numbers[-1]]
        if len(numbers) > 1:
            scan.faults.append(tag.fault("two_in_one", unit=_UNITS[kind], kind=kind))
        left = _text_left(unit, numbers, scan)
        if left:
            scan.style.append(
                tag.fault("lost_text", kind=kind, unit=_UNITS[kind], text=excerpt_of(left))
            )
        if kind == "p":
            printed[numbers[0]] = Printed(
                "paragraphs",
                looks=_looks(scan.hosts[numbers[0]]),
                settings=_xml(unit.find(w("pPr"))),
            )
        _put_text(unit, "".join(map(mark, numbers)))


def _text_left(unit: "etree._Element", numbers: list[int], scan: Scan) -> str:
    """Return what else stands in an element that its tag replaces."""
    text = "".join(one.text or "" for one in unit.iter(w("t")))
    return _MARK.sub(
        lambda found: "" if int(found[1]) in numbers else scan.tags[int(found[1])].excerpt, text
    ).strip()


def _put_text(unit: "etree._Element", text: str) -> None:
    """Replace an element by text."""
    parent, before = unit.getparent(), unit.getprevious()
    assert parent is not None  # asked before
    text += unit.tail or ""
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text
    parent.remove(unit)


def _split_run(root: "etree._Element", scan: Scan, number: int) -> None:
    """Move the mark of a run tag between two halves of its run."""
    sign = mark(number)
    host = next(
        (one for one in _around(scan.hosts[number], root) if sign in (one.text or "")), None
    )
    run = None if host is None else next(host.iterancestors(w("r")), None)
    if host is None or run is None:
        return
    before, _, after = (host.text or "").partition(sign)
    rest = copy.deepcopy(run)
    rest.tail = None
    place = run.index(host)
    for child in list(run)[place + 1 :]:
        run.remove(child)
    for child in list(rest)[:place]:
        if child.tag != w("rPr"):
            rest.remove(child)
    host.text = before
    twin = next(child for child in rest if child.tag == host.tag and child.text is not None)
    twin.text = after
    run.addnext(rest)
    run.tail = sign


def _around(host: "etree._Element", root: "etree._Element") -> Iterator["etree._Element"]:
    paragraph = next(host.iterancestors(w("p")), root)
    return paragraph.iter(w("t"))


def _is_inside(element: "etree._Element", root: "etree._Element") -> bool:
    return any(parent is root for parent in element.iterancestors())


def _looks(host: "etree._Element") -> str:
    run = host.getparent()
    return "" if run is None else _xml(run.find(w("rPr")))


def _xml(element: "etree._Element | None") -> str:
    """Return an element without the declarations that its part makes anyway."""
    if element is None:
        return ""
    known = element.getroottree().getroot().nsmap
    return _NAMESPACE.sub(
        lambda found: "" if known.get(found[1]) == found[2] else found[0],
        etree.tostring(element, encoding="unicode", with_tail=False),
    )


def _fill_empty_cells(root: "etree._Element", scan: Scan) -> None:
    """Give a cell a paragraph for the case that a condition leaves it none.

    Word refuses a file with a cell that does not end in a paragraph. The paragraph goes into
    an else branch of the last block, so it appears only when it is needed.
    """
    for cell in root.iter(*_CELLS):
        texts = (cell.text or "", *(child.tail or "" for child in cell))
        if any(OPEN in text for text in texts):
            blocks = _Blocks(scan)
            blocks.read(None, cell.text or "")
            for child in cell:
                blocks.ends_safely = blocks.depth == 0 and child.tag == w("p")
                blocks.read(child, child.tail or "")
            if not blocks.ends_safely:
                _add_paragraph(cell, scan, blocks.last)


@dataclass(slots=True)
class _Blocks:
    """Follows the blocks that stand around whole paragraphs of a cell.

    Attributes:
        ends_safely: the last element is a paragraph that no condition can take away.
        last: the last outermost block without an else: the element before the text with its
            end, the number of the end, and the end itself.
    """

    scan: Scan
    depth: int = 0
    has_else: bool = False
    ends_safely: bool = False
    last: "tuple[etree._Element | None, int, Tag] | None" = None

    def read(self, element: "etree._Element | None", text: str) -> None:
        """Take note of the tags in the text after `element`."""
        for found in _MARK.finditer(text):
            tag = self.scan.tags[int(found[1])]
            word = tag.word if tag.opening == "{%" else ""
            if word in {"if", "for"}:
                self.has_else = self.has_else and self.depth > 0
                self.depth += 1
            elif word == "else" and self.depth == 1:
                self.has_else = True
            elif word in {"endif", "endfor"}:
                self.depth -= 1
                if self.depth == 0:
                    self.last = None if self.has_else else (element, int(found[1]), tag)


def _add_paragraph(
    cell: "etree._Element",
    scan: Scan,
    closing: "tuple[etree._Element | None, int, Tag] | None",
) -> None:
    if closing is None:
        etree.SubElement(cell, w("p"))
        return
    element, number, tag = closing
    otherwise = Tag(opening="{%", kind="p", body="else", part=tag.part, paragraph=tag.paragraph,
                    excerpt=tag.excerpt)  # fmt: skip
    scan.tags.append(otherwise)
    sign = mark(len(scan.tags) - 1)
    empty = etree.Element(w("p"))
    text = (cell.text if element is None else element.tail) or ""
    before, found, after = text.partition(mark(number))
    empty.tail = found + after
    if element is None:
        cell.text = before + sign
        cell.insert(0, empty)
    else:
        element.tail = None
        element.addnext(empty)
        element.tail = before + sign


def _cut_text(root: "etree._Element", printed: dict[int, Printed]) -> Pieces:
    text = DECLARATION + etree.tostring(root, encoding="unicode")
    parts = _MARK.split(text)
    items: list[str | int] = []
    for place, item in enumerate(parts):
        if place % 2:
            number = int(item)
            items.append(number)
            printed.setdefault(number, Printed("text"))
        elif item:
            items.append(item)
    return Pieces(items, printed, dict(_paths(root)))


def _paths(root: "etree._Element") -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield for each tag the names of the elements open around it."""
    for element in root.iter("*"):
        if element.text and OPEN in element.text:
            path = _path_to(element)
            yield from ((int(found), path) for found in _MARK.findall(element.text))
        parent = element.getparent()
        if element.tail and OPEN in element.tail and parent is not None:
            path = _path_to(parent)
            yield from ((int(found), path) for found in _MARK.findall(element.tail))


def _path_to(element: "etree._Element") -> tuple[str, ...]:
    around = [str(one.tag) for one in element.iterancestors()]
    return (*reversed(around), str(element.tag))


def balance(scan: Scan, pieces: Pieces, *, limit: int) -> list[Fault]:
    """Return what is wrong with how the blocks of a part nest."""
    faults: list[Fault] = []
    stack: list[int] = []
    for number in pieces.items:
        if isinstance(number, str) or scan.tags[number].opening != "{%":
            continue
        tag = scan.tags[number]
        if tag.word in {"if", "for"}:
            stack.append(number)
            if len(stack) == limit + 1:
                faults.append(tag.fault("too_deep", limit=limit))
        elif tag.word in {"elif", "else", "endif", "endfor"}:
            faults += _close(scan, pieces, stack, number)
    faults += [scan.tags[one].fault("not_ended", name=scan.tags[one].word) for one in stack]
    return faults


def _close(scan: Scan, pieces: Pieces, stack: list[int], number: int) -> Iterator[Fault]:
    tag = scan.tags[number]
    wanted = {"elif": {"if"}, "endif": {"if"}, "endfor": {"for"}}.get(tag.word, {"if", "for"})
    if not stack:
        yield tag.fault("not_begun", name=tag.word, wanted="/".join(sorted(wanted)))
        return
    begin = scan.tags[stack[-1]]
    if begin.word not in wanted:
        yield tag.fault("crossed", name=tag.word, other=begin.excerpt,
                        wanted=f"end{begin.word}")  # fmt: skip
        if any(scan.tags[one].word in wanted for one in stack):
            while scan.tags[stack[-1]].word not in wanted:
                stack.pop()
            if tag.word.startswith("end"):
                stack.pop()
        return
    if pieces.path.get(stack[-1]) != pieces.path.get(number):
        yield tag.fault("uneven", name=tag.excerpt, other=begin.excerpt)
    if tag.word.startswith("end"):
        stack.pop()
