"""Outlook messages (msg): properties of the OLE container, as [MS-OXMSG] numbers them."""

import re
import struct
from datetime import UTC, datetime, timedelta
from typing import Final

import olefile

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats import ole_marks, rtf
from postloan_archive.reading.formats.rtf_packed import unpacked
from postloan_archive.reading.formats.web_page import visible
from postloan_archive.reading.pages import clean, cut
from postloan_archive.reading.refusals import DamagedError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_SUBJECT, _FROM_NAME, _FROM_ADDRESS = "0037", "0C1A", "0C1F"
_TO, _CC, _BODY, _HTML, _RTF = "0E04", "0E03", "1000", "1013", "1009"
_LONG_NAME, _SHORT_NAME = "3707", "3704"
_SENT, _DELIVERED, _CODEPAGE, _HTML_CODEPAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_HEAD: Final = 32  # bytes before the first property of a message
_PROPERTY: Final = 16
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_ATTACHMENT: Final = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}$", re.IGNORECASE)
_ATTACHMENTS: Final = 500


def read(source: Source) -> Content:
    """Return header, body and names of attachments.

    Raises:
        DamagedError: it holds no message.
    """
    content = Content(reader="msg-ole")
    with ole_marks.opened(source) as ole:
        facts = _numbers(ole_marks.stream(ole, "__properties_version1.0"))
        message = _Storage(ole, "", facts.get(_CODEPAGE, 1252))
        sender = " ".join(
            part for part in (message.text(_FROM_NAME), message.text(_FROM_ADDRESS)) if part
        )
        sent = _moment(facts.get(_SENT) or facts.get(_DELIVERED))
        header = (
            ("发件人", sender),
            ("收件人", message.text(_TO)),
            ("抄送", message.text(_CC)),
            ("日期", sent),
            ("主题", message.text(_SUBJECT)),
        )
        lines = [f"{label}：{value}" for label, value in header if value]
        lines += _body(message, facts, content)
        attached = _attached(ole, message.codepage)
    for key, value in (("author", sender), ("created", sent), ("title", header[-1][1])):
        if value:
            content.properties[key] = value[:500]
    if attached:
        content.flags.add(Flag.EMBEDDED_FILE)
        lines += ["", *(f"附件：{name}" for name in attached)]
        content.notes.append(
            _l("邮件带有 {count} 个附件，附件内容未单独归档；需要时请另存后上传。").format(
                count=len(attached)
            )
        )
    if not lines:
        raise DamagedError(_l("Outlook 邮件中没有信头，也没有正文。"))
    content.pages = cut(lines, chars=source.limits.chars)
    return content


class _Storage:
    """The properties of a message or an attachment that have streams of their own."""

    def __init__(self, ole: olefile.OleFileIO, folder: str, codepage: int) -> None:
        self._ole, self._folder, self.codepage = ole, folder, codepage

    def text(self, tag: str) -> str:
        """Return a text property, Unicode before code page; empty if absent."""
        wide = self.raw(f"{tag}001F")
        if wide:
            return clean(wide.decode("utf-16-le", "replace")).strip()
        return clean(ole_marks.decoded(self.raw(f"{tag}001E"), self.codepage)).strip()

    def raw(self, tag: str) -> bytes:
        """Return a property by tag and type."""
        return ole_marks.stream(self._ole, f"{self._folder}__substg1.0_{tag}")


def _body(message: _Storage, facts: dict[int, int], content: Content) -> list[str]:
    text = message.text(_BODY)
    if text:
        return text.split("\n")
    html = message.raw(f"{_HTML}0102")
    if html:
        return visible(
            html, f"cp{facts.get(_HTML_CODEPAGE, 65_001)}".replace("cp65001", "utf-8"), content
        )
    if html_text := message.text(_HTML):
        return visible(html_text.encode(), "utf-8", content)
    packed = message.raw(f"{_RTF}0102")
    return rtf.text_of(unpacked(packed)).split("\n") if packed else []


def _attached(ole: olefile.OleFileIO, codepage: int) -> list[str]:
    folders = sorted(
        {
            entry[0]
            for entry in ole.listdir(streams=False, storages=True)
            if _ATTACHMENT.match(entry[0])
        }
    )
    names = []
    for folder in folders[:_ATTACHMENTS]:
        storage = _Storage(ole, f"{folder}/", codepage)
        names.append(
            storage.text(_LONG_NAME) or storage.text(_SHORT_NAME) or _l("（未命名附件）")
        )
    return names


def _numbers(data: bytes) -> dict[int, int]:
    """Return the properties of fixed length by id."""
    facts = {}
    for start in range(_HEAD, len(data) - _PROPERTY + 1, _PROPERTY):
        kind, tag, _, value = struct.unpack_from("<2HLQ", data, start)
        facts[tag] = value & 0xFFFFFFFF if kind == 3 else value  # noqa: PLR2004 - PtypInteger32
    return facts


def _moment(ticks: int | None) -> str:
    if not ticks:
        return ""
    try:
        return f"{_EPOCH + timedelta(microseconds=ticks // 10):%Y-%m-%d %H:%M:%S}Z"
    except OverflowError:
        return ""
