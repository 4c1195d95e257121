"""A copy of a template with a Word comment at each fault."""

import io
from collections.abc import Collection
from typing import Final, cast

import docx
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from postloan_archive.kernel.errors import _l
from postloan_archive.wordgen.container import packed, read_zip, write_zip
from postloan_archive.wordgen.faults import Fault
from postloan_archive.wordgen.text import paragraphs

AUTHOR: Final = _l("模板检查")
INITIALS: Final = _l("检")
_BODY: Final = "word/document"


def mark_faults(data: bytes, faults: Collection[Fault]) -> bytes:
    """Return a copy with a comment at each fault.

    Word allows comments in the body only: a fault of a header, a footer or of the whole file
    is written at the first paragraph, with its place.

    Raises:
        TemplateRefusedError: the file is no zip or breaks a limit.
        ValueError: python-docx cannot open it, as a file with macros.
    """
    read_zip(data)
    document = docx.Document(io.BytesIO(data))
    body = list(paragraphs(document.element))
    if not body:
        document.add_paragraph()
        body = list(paragraphs(document.element))
    for fault in faults:
        here = fault.part.startswith(_BODY) and 0 < fault.paragraph <= len(body)
        element = body[fault.paragraph - 1] if here else body[0]
        paragraph = Paragraph(cast("CT_P", element), document)
        runs = [
            Run(cast("CT_R", one), paragraph)
            for one in element.iter(qn("w:r"))
            if one.getparent() is element
        ]
        if not runs:
            runs = [paragraph.add_run("")]
        words = fault.message if here else f"{fault.place}：{fault.message}"
        excerpt = f"“{fault.excerpt}” " if fault.excerpt else ""
        comment = document.add_comment(
            [runs[0], runs[-1]], text=f"{excerpt}{words}", author=AUTHOR, initials=INITIALS
        )
        for name in [one for one in comment._comment_elm.attrib if one == qn("w:date")]:  # noqa: SLF001  # no public way
            del comment._comment_elm.attrib[name]  # noqa: SLF001  # so that the copy is the same each time
    out = io.BytesIO()
    document.save(out)
    return _with_fixed_times(out.getvalue())


def _with_fixed_times(data: bytes) -> bytes:
    members = read_zip(data)
    return write_zip(packed(name, member.unpack()) for name, member in members.items())
