"""How a value becomes XML at the place of its tag: exactly, or not at all."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from jinja2 import Undefined
from markupsafe import Markup

from postloan_archive.kernel.errors import _l
from postloan_archive.wordgen.values import Picture, RichText, Span, UnprintableValueError
from postloan_archive.wordgen.work import CURRENT

EMU_PER_MM: Final = 36_000
_SPECIAL: Final = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufdd0\ufdd1\ufffe\uffff]')
_ILLEGAL: Final = re.compile("[\x00-\x08\x0c\x0e-\x1f\ud800-\udfff\ufdd0\ufdd1\ufffe\uffff]")
_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB: Final = '</w:t><w:tab/><w:t xml:space="preserve">'


class BlankError(Exception):
    """There is nothing to print where something was asked for."""


def as_text(value: object) -> str:
    """Return the characters of a value; dates as 2026-03-05, numbers without an exponent."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]  # `kind` says so
    if isinstance(value, bool | list | dict | Picture | RichText):
        raise UnprintableValueError(
            what=kind.__name__, reason=_NOT_TEXT.get(kind, _l("不是文字"))
        )
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | int | date):
        return str(value)
    if value is None:
        raise BlankError
    if isinstance(value, Undefined):
        str(value)  # raises UndefinedError
    raise UnprintableValueError(what=kind.__name__, reason=_l("类型不受支持"))


_NOT_TEXT: Final[dict[type, str]] = {
    bool: _l("“是/否”不能直接印出，请用 {% if %}"),
    list: _l("列表不能直接印出，请用循环"),
    dict: _l("一组字段不能直接印出，请写明其中的字段"),
    Picture: _l("此处不能放图片"),
    RichText: _l("带格式的文字请用 {{r … }}"),
}


def escaped(text: str) -> str:
    """Return text for XML content or an attribute.

    Raises:
        UnprintableValueError: it holds a character that XML cannot hold.
    """
    illegal = _ILLEGAL.search(text)
    if illegal:
        raise UnprintableValueError(
            what=_l("文字"), reason=_l("含有控制字符 U+{code:04X}").format(code=ord(illegal[0]))
        )
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text


def in_text(text: str) -> str:
    """Return text for the inside of `w:t`: line ends become breaks, tabs become tabs."""
    if not _SPECIAL.search(text):
        return text
    text = escaped(text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n"))
    return text.replace("\n", _BREAK).replace("\t", _TAB)


def print_text(value: object, blank: bool = False) -> Markup:  # noqa: FBT001, FBT002  # called by compiled templates
    """Return what `{{ … }}` prints inside `w:t`."""
    if type(value) is Picture:
        return Markup(f'</w:t>{_drawing(value)}<w:t xml:space="preserve">')  # noqa: S704  # built from numbers
    text = as_text(value)
    if not blank and (not text or text.isspace()):
        raise BlankError
    return Markup(in_text(text))  # noqa: S704  # escaped in the call


def print_property(value: object, blank: bool = False) -> Markup:  # noqa: FBT001, FBT002  # as above
    """Return what `{{ … }}` prints in a document property."""
    text = as_text(value)
    if not blank and (not text or text.isspace()):
        raise BlankError
    return Markup(escaped(text))  # noqa: S704  # escaped in the call


def print_runs(value: object, blank: bool = False, looks: str = "") -> Markup:  # noqa: FBT001, FBT002  # as above
    """Return what `{{r … }}` prints: runs with the looks of the run that held the tag."""
    if type(value) is Picture:
        return Markup(f"<w:r>{looks}{_drawing(value)}</w:r>")  # noqa: S704  # built from numbers
    if not isinstance(value, RichText):
        return Markup(_run(looks, str(print_text(value, blank))))  # noqa: S704  # escaped in the call
    if not value.spans and not blank:
        raise BlankError
    return Markup("".join(_span(span, looks) for span in value.spans))  # noqa: S704  # escaped in the call


def print_paragraphs(
    value: object,
    blank: bool = False,  # noqa: FBT001, FBT002  # as above
    looks: str = "",
    settings: str = "",
) -> Markup:
    """Return what `{{p … }}` prints: one paragraph for each item of a list."""
    items = value if isinstance(value, list) else [value]
    if not items and not blank:
        raise BlankError
    return Markup(  # noqa: S704  # escaped in the call
        "".join(f"<w:p>{settings}{print_runs(item, blank, looks)}</w:p>" for item in items)
    )


def _run(looks: str, text: str) -> str:
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _span(span: Span, looks: str) -> str:
    inner = looks.removeprefix("<w:rPr>").removesuffix("</w:rPr>") if len(looks) > 9 else ""  # noqa: PLR2004  # longer than <w:rPr/>
    extra = "".join(
        (
            "<w:b/>" if span.bold else "",
            "<w:i/>" if span.italic else "",
            f'<w:color w:val="{span.colour}"/>' if span.colour else "",
            '<w:u w:val="single"/>' if span.underline else "",
        )
    )
    keep = inner
    for name in ("b", "i", "color", "u"):
        if f"<w:{name}" in extra:
            keep = re.sub(rf"<w:{name}( [^>]*)?/>", "", keep)
    # The schema wants rStyle and rFonts before b, and b before the rest.
    head = "".join(re.findall(r"<w:(?:rStyle|rFonts)\b[^>]*/>", keep))
    rest = re.sub(r"<w:(?:rStyle|rFonts)\b[^>]*/>", "", keep)
    properties = f"{head}{extra}{rest}"
    return _run(f"<w:rPr>{properties}</w:rPr>" if properties else "", in_text(span.text))


def _drawing(picture: Picture) -> str:
    work = CURRENT.get()
    relation = work.pictures.setdefault(picture, f"rIdPicture{len(work.pictures) + 1}")
    work.rounds -= 1
    number = 900_000 + work.rounds
    width = int(picture.width_mm * EMU_PER_MM)
    height = int(picture.height_mm * EMU_PER_MM)
    words = escaped(picture.description)
    return (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        f'wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" descr="{words}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/>'
        '</pic:nvPicPr><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/relationships" r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
