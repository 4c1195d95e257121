"""The text of a .docx, part by part: what tests compare and a page shows."""

from collections.abc import Iterator

from lxml import etree

from postloan_archive.wordgen.container import read_zip
from postloan_archive.wordgen.ooxml import FALLBACK, WORD_TYPE, parse, w
from postloan_archive.wordgen.safety import content_types

_PARTS = ("document.main", "template.main", "header", "footer", "footnotes", "endnotes")
_SIGNS = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-"}


def docx_text(data: bytes) -> str:
    """Return the text of body, headers, footers and notes, one line for each paragraph.

    Raises:
        TemplateRefusedError: not a .docx, or over a limit.
    """
    members = read_zip(data)
    types = content_types(members)
    lines: list[str] = []
    for kind in _PARTS:
        for name in sorted(members):
            if types[name] == f"{WORD_TYPE}{kind}+xml":
                root = parse(members[name].unpack())
                lines += (paragraph_text(one) for one in paragraphs(root))
    return "\n".join(lines)


def docx_reading_text(data: bytes) -> str:
    """Return the text of the body as a person reads it on a screen: a table row is one line.

    Raises:
        TemplateRefusedError: not a .docx, or over a limit.
    """
    members = read_zip(data)
    types = content_types(members)
    lines: list[str] = []
    for name in sorted(members):
        if types[name] != f"{WORD_TYPE}document.main+xml":
            continue
        root = parse(members[name].unpack())
        rows: dict[etree._Element, tuple[int, list[str]]] = {}
        for paragraph in paragraphs(root):
            row = next(iter(paragraph.iterancestors(w("tr"))), None)
            text = paragraph_text(paragraph)
            if row is None:
                lines.append(text)
            elif row in rows:
                rows[row][1].append(text)
            else:
                rows[row] = (len(lines), [text])
                lines.append("")
        for at, texts in rows.values():
            lines[at] = "　　".join(filter(None, texts))
    return "\n".join(lines)


def paragraphs(root: "etree._Element") -> Iterator["etree._Element"]:
    """Yield the paragraphs of a part in order, those of fallback drawings left out."""
    for paragraph in root.iter(w("p")):
        if not any(parent.tag == FALLBACK for parent in paragraph.iterancestors()):
            yield paragraph


def paragraph_text(paragraph: "etree._Element") -> str:
    """Return the text of a paragraph without that of text boxes anchored in it."""
    out: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag == w("t"):
            out.append(element.text or "")
        elif element.tag in _SIGNS and _is_in_run(element):
            out.append(_SIGNS[element.tag])
        elif element.tag not in {w("p"), w("pPr"), w("rPr")}:
            stack.extend(reversed(element))
    return "".join(out)


def _is_in_run(element: "etree._Element") -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == w("r")
