"""Mail and text files as running text."""

import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Final

from postloan_archive.bundle.documents import PARSE_FAULTS

_HEADINGS: Final = (
    ("发件人", "from"), ("收件人", "to"), ("抄送", "cc"), ("日期", "date"), ("主题", "subject"),
)  # fmt: skip
_CHARSETS: Final = ("utf-8-sig", "gb18030")


def decoded(data: bytes) -> str:
    """Return text in whichever encoding it is; what cannot be read shows as a mark."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    for charset in _CHARSETS:
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", "replace")


def mail_text(data: bytes) -> str:
    """Return a mail as it is printed: headings, names of attachments, body.

    Attachments are named, not opened: each is an exhibit of its own.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    lines = [f"{title}：{_heading(message, field)}" for title, field in _HEADINGS]
    lines = [line for line in lines if not line.endswith("：")]
    names = [part.get_filename() or "（未命名）" for part in _attachments(message)]
    if names:
        lines.append(f"附件：{'；'.join(names)}")
    return "\n".join([*lines, "", _body(message)])


def _heading(message: EmailMessage, field: str) -> str:
    try:
        return str(message.get(field, "")).replace("\n", " ")
    except PARSE_FAULTS:
        return "（无法读取）"


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    try:
        found = list(message.iter_attachments())
    except PARSE_FAULTS:
        return []
    return [part for part in found if isinstance(part, EmailMessage)]


def _body(message: EmailMessage) -> str:
    try:
        part = message.get_body(("plain", "html"))
        if part is None:
            return ""
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset() or ""
        data = payload if isinstance(payload, bytes) else b""
        text = decoded(data) if charset in {"", "us-ascii", "utf-8"} else _as(data, charset)
        return _without_tags(text) if part.get_content_type() == "text/html" else text
    except PARSE_FAULTS:
        return "（邮件正文无法读取）"


def _as(data: bytes, charset: str) -> str:
    wide = "gb18030" if charset.lower() in {"gb2312", "gbk"} else charset
    try:
        return data.decode(wide, "replace")
    except LookupError:
        return decoded(data)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in {"script", "style", "head"}:
            self._silent += 1
        elif tag in {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}:
            self.parts.append("\n")
        elif tag == "td":
            self.parts.append("　")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "head"}:
            self._silent = max(self._silent - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split()))


def _without_tags(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    lines = [line.strip() for line in "".join(words.parts).splitlines()]
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1]))
