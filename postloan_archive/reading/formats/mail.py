"""E-mail (eml) and saved web pages (mhtml): header, body, names of what is attached."""

import email.policy
from collections.abc import Iterator
from datetime import UTC
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats.plain import decoded
from postloan_archive.reading.formats.web_page import visible
from postloan_archive.reading.pages import clean, cut
from postloan_archive.reading.refusals import DamagedError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_SHOWN: Final = (
    ("from", "发件人"),
    ("to", "收件人"),
    ("cc", "抄送"),
    ("date", "日期"),
    ("subject", "主题"),
)
_KEYS: Final = {
    "from": "author",
    "subject": "title",
    "date": "created",
    "message-id": "message_id",
}
_MOST: Final = 256 << 20
_PARTS: Final = 500


def read(source: Source) -> Content:
    """Return header, body and the names of attachments.

    Raises:
        DamagedError: it has neither header nor body.
    """
    content = Content(reader="email")
    with source.path.open("rb") as file:
        data = file.read(_MOST)
    message = BytesParser(policy=email.policy.compat32).parsebytes(data)
    lines = list(_header(message, content))
    attached: list[str] = []
    bodies: list[tuple[bool, list[str]]] = []  # whether plain, and the paragraphs
    for number, part in enumerate(message.walk()):
        if number > _PARTS or source.late:
            break
        _part(part, bodies, attached, content)
    plain = [line for is_plain, body in bodies if is_plain for line in body]
    html = [line for is_plain, body in bodies if not is_plain for line in body]
    lines += plain if len("".join(plain)) * 4 >= len("".join(html)) else html
    if attached:
        content.flags.add(Flag.EMBEDDED_FILE)
        lines += ["", *(f"附件：{name}" for name in attached)]
        content.notes.append(
            _l("邮件带有 {count} 个附件，附件内容未单独归档；需要时请另存后上传。").format(
                count=len(attached)
            )
        )
    if not lines:
        raise DamagedError(_l("邮件没有信头，也没有正文。"))
    content.pages = cut(lines, chars=source.limits.chars)
    return content


def _header(message: Message, content: Content) -> Iterator[str]:
    for name, label in _SHOWN:
        value = header(message, name)
        if value:
            yield f"{label}：{value}"
    for name, key in _KEYS.items():
        value = header(message, name)
        if value:
            content.properties[key] = (_moment(value) if name == "date" else value)[:500]


def header(message: Message, name: str) -> str:
    """Return a header in words, whether it was encoded, in raw UTF-8 or in raw GBK."""
    try:
        items = ((key.lower(), value) for key, value in message.raw_items())
        text = next((str(value) for key, value in items if key == name), "")
        if any("\udc80" <= character <= "\udcff" for character in text):
            text, _ = decoded(text.encode("ascii", "surrogateescape"))
        return " ".join(clean(_words(text)).split())
    except Exception:  # noqa: BLE001 - the header parser throws anything on hostile input
        return ""


def _words(text: str) -> str:
    if "=?" not in text:
        return text
    return str(make_header(decode_header(text)))


def _moment(value: str) -> str:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return value
    if moment.tzinfo is None:
        return f"{moment:%Y-%m-%d %H:%M:%S}"
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def _part(
    part: Message,
    bodies: list[tuple[bool, list[str]]],
    attached: list[str],
    content: Content,
) -> None:
    if part.is_multipart():
        return
    name = _file_name(part)
    kind = part.get_content_type()
    if name or kind not in {"text/plain", "text/html"}:
        if kind != "text/css" and (name or part.get_content_disposition() == "attachment"):
            attached.append(name or _l("（未命名附件）"))
        return
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return
    charset = part.get_content_charset()
    if charset in {"gb2312", "gbk", "x-gbk"}:
        charset = "gb18030"
    if kind == "text/html":
        bodies.append((False, visible(payload, charset, content)))
    else:
        bodies.append((True, decoded(payload, charset)[0].splitlines()))


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except Exception:  # noqa: BLE001 - the header parser throws anything on hostile input
        return ""
    if not name:
        return ""
    try:
        return clean(_words(name)).strip()
    except Exception:  # noqa: BLE001 - likewise
        return clean(name).strip()
