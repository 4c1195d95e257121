"""What a worker of the role `read` can do: read, draw a page, unpack."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import drawing, extraction, gathering
from postloan_archive.reading.formats import (
    calc,
    docx,
    mail,
    ofd,
    opendocument,
    outlook,
    pdf,
    pdf_places,
    picture,
    plain,
    rtf,
    slides,
    web_page,
    ww8,
    xlsx,
)
from postloan_archive.reading.kind_table import KINDS, Kind
from postloan_archive.reading.kinds import by_name, misnamed, sniff
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import (
    DamagedError,
    EncryptedError,
    UnreadableError,
    UnsupportedError,
)
from postloan_archive.reading.results import Flag, State
from postloan_archive.reading.source import Content, Source

Answer = tuple[dict[str, Any], bytes]
Reader = Callable[[Source], Content]

_READERS: Final[dict[str, Reader]] = {
    "pdf": pdf.read,
    "docx": docx.read,
    "doc": ww8.read,
    "xlsx": xlsx.read,
    "xls": calc.read,
    "xlsb": calc.read,
    "ods": calc.read,
    "odt": opendocument.read,
    "odp": opendocument.read,
    "pptx": slides.read_pptx,
    "ppt": slides.read_ppt,
    "eml": mail.read,
    "mhtml": mail.read,
    "msg": outlook.read,
    "html": web_page.read,
    "svg": web_page.read,
    "rtf": rtf.read,
    "txt": plain.read,
    "csv": plain.read,
    "ofd": ofd.read,
    "jpeg": picture.read,
    "png": picture.read,
    "tiff": picture.read,
    "bmp": picture.read,
    "gif": picture.read,
    "webp": picture.read,
}
_TAIL: Final = 65_557  # the end record of a zip and its longest comment


def kind_of(request: dict[str, Any], limits: Limits) -> Iterator[Answer]:
    """Yield the kind of the content; what the name promises where the content is no help."""
    kind, _ = _kind(Source.of(request["path"], request["name"], limits))
    yield {"kind": [kind.media_type, _extension(kind, request["name"])]}, b""


def read(request: dict[str, Any], limits: Limits) -> Iterator[Answer]:
    """Yield the kind as soon as it is known, then the content."""
    source = Source.of(
        request["path"], request["name"], limits, careful=request.get("careful", False)
    )
    kind, fault = _kind(source)
    yield {"kind": [kind.media_type, _extension(kind, source.name)]}, b""
    if fault is not None:
        raise fault
    content = _content(kind, source)
    if _has_zip_behind(source.path, kind):
        content.flags.add(Flag.TRAILING_DATA)
        content.notes.append(_l("文件尾部附有另一个压缩包，请核实来源。"))
    yield _message(kind, content, source), b""


def _kind(source: Source) -> tuple[Kind, UnreadableError | None]:
    size = source.path.stat().st_size
    with source.path.open("rb") as file:
        try:
            return sniff(file, source.name, source.limits, size), None
        except UnreadableError as error:
            return by_name(source.name) or KINDS["zip"], error


def _content(kind: Kind, source: Source) -> Content:
    if kind.key == "encrypted_office":
        raise EncryptedError(_l("Office 文件设有打开密码。"))
    reader = _READERS.get(kind.key)
    if reader is not None:
        return reader(source)
    promised = by_name(source.name)
    if kind.key in {"unknown", "ole"} and promised is not None and promised.key in _READERS:
        raise DamagedError(_l("内容不是有效的{label}。"), label=promised.label)
    if kind.key == "zip":
        raise UnsupportedError(_l("压缩包不直接阅读，请用“导入”逐个归入其中的文件。"))
    raise UnsupportedError(_l("{label}暂不支持阅读。"), label=kind.label)


def _message(kind: Kind, content: Content, source: Source) -> dict[str, Any]:
    state, reasons = _state(kind, content, source)
    return {
        "state": state.value,
        "reason": "",
        "media_type": kind.media_type,
        "extension": _extension(kind, source.name),
        "pages": [
            [page.no, page.text, page.width, page.height, page.needs_ocr]
            for page in content.pages
        ],
        "message": "".join(reasons),
        "properties": content.properties,
        "flags": sorted(content.flags),
        "reader": content.reader,
        "signatures": [asdict(one) for one in content.signatures],
    }


def _state(kind: Kind, content: Content, source: Source) -> tuple[State, list[str]]:
    """Return the state and the sentences that explain it, the weightiest first."""
    reasons = []
    state = State.STORED
    if not any(page.text for page in content.pages):
        state = State.NO_TEXT
        if content.trouble is None or any(page.needs_ocr for page in content.pages):
            reasons.append(_without_text(content))
    elif waiting := [page.no for page in content.pages if page.needs_ocr]:
        reasons.append(
            _l("第 {pages} 页没有可用的文字层，需文字识别（OCR）。").format(
                pages=_numbers(waiting)
            )
        )
    promised = misnamed(kind, source.name)
    if promised is not None:
        state = State.TYPE_MISMATCH
        reasons.insert(
            0,
            _l(
                "扩展名表示{promised}，内容实为{actual}，已按内容读取；请核实来源并更正文件名。"
            ).format(promised=promised.label, actual=kind.label),
        )
    if content.trouble is not None:
        state = content.trouble.state
        reasons.insert(0, content.trouble.message)
    return state, reasons + content.notes


def _without_text(content: Content) -> str:
    if any(page.needs_ocr for page in content.pages):
        return _l("没有文字层（图像或扫描件），需文字识别（OCR）后方可检索。")
    if content.pictures:
        return _l("文件中只有图片，没有文字；请另存为 PDF 后上传，以便识别其中的文字。")
    return _l("文件可以打开，但其中没有文字；请核对是否传错文件。")


def _numbers(pages: list[int]) -> str:
    """Return the first page numbers, such as `1、2、3 等 12`."""
    shown = "、".join(str(no) for no in pages[:_SHOWN])
    return shown if len(pages) <= _SHOWN else f"{shown} 等 {len(pages)}"


_SHOWN: Final = 5


def _extension(kind: Kind, name: str) -> str:
    """Return the extension of the name where it fits the kind, else the usual one."""
    suffix = Path(name).suffix.lower()
    if suffix in kind.extensions or not kind.extensions:
        return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
    return kind.extensions[0]


def _has_zip_behind(path: Path, kind: Kind) -> bool:
    """Return whether a file that is no zip ends like one."""
    if "zip" in kind.media_type or kind.key in _ZIPPED:
        return False
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    return found >= 0 and found + 22 + int.from_bytes(
        tail[found + 20 : found + 22], "little"
    ) == len(tail)


_ZIPPED: Final = frozenset({"docx", "xlsx", "xlsb", "pptx", "vsdx", "odt", "ods", "odp", "ofd"})
STEPS: Final = {
    "kind": kind_of,
    "read": read,
    "render": drawing.render,
    "places": pdf_places.places,
    "unpack": extraction.unpack,
    "gather": gathering.gather,
}
