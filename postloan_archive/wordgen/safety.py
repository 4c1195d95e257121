"""What a template file may not contain: macros, objects, links outside, fields that run."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from postloan_archive.wordgen.container import Member
from postloan_archive.wordgen.faults import Fault, TemplateRefusedError
from postloan_archive.wordgen.ooxml import CONTENT_TYPES, PACKAGE_REL, WORD_TYPE, parse, w

MAIN_TYPE: Final = f"{WORD_TYPE}document.main+xml"
TEMPLATE_TYPE: Final = f"{WORD_TYPE}template.main+xml"
TYPES_NAME: Final = "[Content_Types].xml"

_DOCTYPES: Final = tuple(
    mark.encode(code)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_ALLOWED_FIELDS: Final = frozenset({
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "NOTEREF", "REF", "SEQ", "TOC",
    "HYPERLINK", "STYLEREF", "EQ", "SYMBOL", "=", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN",
    "SHAPE", "TITLE", "SUBJECT", "LISTNUM", "ADVANCE", "XE", "INDEX", "TC",
})  # fmt: skip
_FIELD_NAME: Final = re.compile(r"^\s*(=|[^\s\\\"]+)")
_OBJECTS: Final = frozenset({
    w("object"), w("control"), "{urn:schemas-microsoft-com:office:office}OLEObject",
})  # fmt: skip
_LINK: Final = re.compile(r"^(https?://|mailto:|tel:|#)", re.IGNORECASE)
_ACTIVE_TYPES: Final = ("vbaproject", "vbadata", "macroenabled", "keymapcustomizations")
_OBJECT_TYPES: Final = ("oleobject", "activex", "ms-office.vml-control")
_ACTIVE_RELATIONS: Final = {
    "vbaProject": "macro", "wordVbaData": "macro", "keyMapCustomizations": "macro",
    "oleObject": "ole", "control": "ole", "package": "ole",
    "aFChunk": "import", "subDocument": "import", "frame": "import",
    "attachedTemplate": "remote_template",
    "mailMergeSource": "external", "recipientData": "external",
}  # fmt: skip


def content_types(members: Mapping[str, Member]) -> dict[str, str]:
    """Return the content type of each member.

    Raises:
        TemplateRefusedError: there is none, or the zip is no Word document.
    """
    listing = members.get(TYPES_NAME)
    if listing is None:
        raise TemplateRefusedError([_whole("not_docx", reason="缺少内容类型表")])
    root = _parsed(listing)
    defaults = {str(one.get("Extension", "")).lower(): str(one.get("ContentType", ""))
                for one in root.iter(f"{{{CONTENT_TYPES}}}Default")}  # fmt: skip
    own = {str(one.get("PartName", "")).lstrip("/"): str(one.get("ContentType", ""))
           for one in root.iter(f"{{{CONTENT_TYPES}}}Override")}  # fmt: skip
    return {
        name: own.get(name) or defaults.get(name.rsplit(".", 1)[-1].lower(), "")
        for name in members
    }


def package_faults(
    members: Mapping[str, Member], types: Mapping[str, str], contents: Mapping[str, bytes]
) -> Iterator[Fault]:
    """Yield what is forbidden in the file as a whole; `contents` are the XML parts."""
    main = [name for name, kind in types.items() if kind in {MAIN_TYPE, TEMPLATE_TYPE}]
    if len(main) != 1:
        active = any("macroenabled" in kind.lower() for kind in types.values())
        yield (_whole("macro", name=".docm") if active
               else _whole("not_docx", reason="没有正文部件"))  # fmt: skip
    for name in members:
        kind, low = types.get(name, "").lower(), name.lower()
        if any(word in kind for word in _ACTIVE_TYPES) or low.endswith("vbaproject.bin"):
            yield _whole("macro", name=name)
        elif (
            any(word in kind for word in _OBJECT_TYPES)
            or "/embeddings/" in low
            or ("/activex/" in low)
        ):
            yield _whole("ole", name=name)
    for name, data in contents.items():
        if any(mark in data for mark in _DOCTYPES):
            yield _whole("doctype", name=name)
        elif name.lower().endswith(".rels"):
            yield from _relation_faults(name, data)


def _relation_faults(name: str, data: bytes) -> Iterator[Fault]:
    try:
        root = parse(data)
    except etree.XMLSyntaxError:
        yield _whole("not_docx", reason=f"{name} 不是合格的 XML")
        return
    for relation in root.iter(f"{{{PACKAGE_REL}}}Relationship"):
        kind = str(relation.get("Type", "")).rsplit("/", 1)[-1]
        target = str(relation.get("Target", ""))
        outside = str(relation.get("TargetMode", "")).lower() == "external"
        short = target[:80]
        if kind in _ACTIVE_RELATIONS:
            code = _ACTIVE_RELATIONS[kind]
            fact = "target" if code in {"external", "remote_template"} else "name"
            yield _whole(code, **{fact: short})
        elif (outside and not (kind == "hyperlink" and _LINK.match(target))) or (
            not outside and (":" in target or "\\" in target or target.startswith("//"))
        ):
            yield _whole("external", target=short)


def part_faults(root: "etree._Element", part: str) -> Iterator[Fault]:
    """Yield the objects and the field codes of a part that are forbidden."""
    if next(root.iter(*_OBJECTS), None) is not None:
        yield Fault(code="ole", facts={"name": part}, part=part)
    for element in root.iter(w("altChunk"), w("subDoc")):
        yield Fault(
            code="import", facts={"name": str(element.tag).rsplit("}", 1)[-1]}, part=part
        )
    for code, element in _field_codes(root):
        found = _FIELD_NAME.match(code)
        name = found[1].upper() if found else ""
        if (name and name not in _ALLOWED_FIELDS) or "{{" in code or "{%" in code:
            yield Fault(
                code="field_code",
                facts={"name": name or code[:40]},
                part=part,
                paragraph=_number_of(root, element),
                excerpt=code.strip()[:80],
            )


def _field_codes(root: "etree._Element") -> Iterator[tuple[str, "etree._Element"]]:
    """Yield each field code, joined over runs, and where it begins."""
    for simple in root.iter(w("fldSimple")):
        yield str(simple.get(w("instr"), "")), simple
    open_fields: list[tuple[list[str], etree._Element]] = []
    for element in root.iter(w("fldChar"), w("instrText"), w("delInstrText")):
        if element.tag != w("fldChar"):
            if open_fields:
                open_fields[-1][0].append(element.text or "")
            else:
                yield element.text or "", element
            continue
        step = element.get(w("fldCharType"))
        if step == "begin":
            open_fields.append(([], element))
        elif step == "end" and open_fields:
            codes, begin = open_fields.pop()
            yield "".join(codes), begin
    for codes, begin in open_fields:
        yield "".join(codes), begin


def _number_of(root: "etree._Element", element: "etree._Element") -> int:
    paragraph = element if element.tag == w("p") else next(element.iterancestors(w("p")), None)
    if paragraph is None:
        return 0
    return next((n for n, one in enumerate(root.iter(w("p")), 1) if one is paragraph), 0)


def _parsed(member: Member) -> "etree._Element":
    try:
        return parse(member.unpack())
    except etree.XMLSyntaxError as error:
        fault = _whole("not_docx", reason=f"{member.name} 不是合格的 XML")
        raise TemplateRefusedError([fault]) from error


def _whole(code: str, **facts: object) -> Fault:
    return Fault(code=code, facts=facts)
