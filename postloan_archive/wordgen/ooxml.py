"""Names of WordprocessingML and the one XML parser that this package uses."""

from typing import Final

from lxml import etree

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT_W: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{_W}}}{name}"


def is_strict(root: "etree._Element") -> bool:
    """Return whether the part is written in the Strict form, which we do not fill."""
    return str(root.tag).startswith(f"{{{_STRICT_W}}}")


def parse(data: bytes) -> "etree._Element":
    """Return the root of an XML part; no entity is resolved and nothing is fetched.

    Raises:
        etree.XMLSyntaxError: not well-formed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(data, parser)


def to_bytes(root: "etree._Element") -> bytes:
    """Return the part with the declaration that Word writes."""
    return (DECLARATION + etree.tostring(root, encoding="unicode")).encode()
