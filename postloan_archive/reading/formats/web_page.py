"""Web pages: the text people would see; scripts and styles are dropped, nothing is fetched."""

import re
from typing import Final

from postloan_archive.reading import markup
from postloan_archive.reading.formats.plain import decoded
from postloan_archive.reading.pages import cut, tidy
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_DROPPED: Final = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "head",
        "svg:style",
    }
)
_BLOCKS: Final = frozenset(
    {
        "p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre",
        "blockquote", "section", "article", "header", "footer", "ul", "ol", "dl", "dt", "dd",
        "title", "form", "option", "body", "text", "tspan", "desc",
    }
)  # fmt: skip
_CHARSET: Final = re.compile(
    rb"""charset\s*=\s*["']?\s*([\w-]{2,20})|encoding\s*=\s*["']([\w-]{2,20})""", re.IGNORECASE
)
_BLANK: Final = re.compile(r"[ \t\r\n\f]+")
_MOST: Final = 32 << 20
_EXTERNAL: Final = re.compile(
    rb"""(?:src|href|action|background)\s*=\s*["']?\s*(?:https?:|file:|//|\\\\)""",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(rb"""<script\b|\bon\w{3,20}\s*=|javascript:""", re.IGNORECASE)


def read(source: Source) -> Content:
    """Return the visible text and the title."""
    content = Content(reader="html")
    with source.path.open("rb") as file:
        data = file.read(_MOST)
    paragraphs = visible(data, None, content)
    content.pages = cut(paragraphs, chars=source.limits.chars)
    return content


def visible(data: bytes, charset: str | None, content: Content) -> list[str]:
    """Return the paragraphs of a page, and note title and flags.

    Args:
        data: the page.
        charset: what a mail header says about it; None where there is none.
        content: receives title and flags.
    """
    if _SCRIPT.search(data):
        content.flags.add(Flag.SCRIPT)
    if _EXTERNAL.search(data):
        content.flags.add(Flag.EXTERNAL_LINK)
    if b"<!ENTITY" in data[:65_536]:
        content.flags.add(Flag.ENTITIES)
    text, _ = decoded(data, charset or _claimed(data))
    root = markup.html_tree(text.encode("utf-8", "replace"), "utf-8")
    if root is None:
        return []
    for title in root.iter("title"):
        found = tidy("".join(title.itertext()))
        if found:
            content.properties.setdefault("title", found[:500])
        break
    return _paragraphs(root)


def _claimed(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4_096])
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii").lower()
    return "gb18030" if name in {"gb2312", "gbk", "x-gbk"} else name


def _paragraphs(root: markup.Element) -> list[str]:
    lines: list[str] = []
    runs: list[str] = []

    def end() -> None:
        line = _BLANK.sub(" ", "".join(runs)).strip()
        runs.clear()
        if line:
            lines.append(line)

    dropped = 0
    for event, element in markup.walk(root):
        name = markup.local(element).lower()
        if name in _DROPPED:
            dropped += 1 if event == "start" else -1
        elif name in _BLOCKS:
            end()
        elif name in {"td", "th"} and event == "end":
            runs.append(" ")
        if event == "start" and not dropped:
            runs.append(element.text or "")
        elif event == "end" and not dropped:
            runs.append(element.tail or "")
    end()
    return lines
