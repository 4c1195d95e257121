"""The states of a file as people read them: a word, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from postloan_archive.kernel.errors import _l


@dataclass(frozen=True, slots=True, kw_only=True)
class StateWords:
    """A state in one word, and in one sentence where the file has no reason of its own."""

    word: str
    sentence: str
    kind: str  # colour of the tag: ok, soon, warn or bad; the word says it as well


WAITING: Final = "waiting"  # stored, not yet read
RECOGNISING: Final = "recognising"  # read, some pages wait for recognition
ODD: Final = frozenset(
    {"no_text", "encrypted", "damaged", "type_mismatch", "unsupported", "timed_out"}
)
STATES: Final[Mapping[str, StateWords]] = {
    "stored": StateWords(word=_l("已读取"), sentence=_l("已归档，可检索。"), kind="ok"),
    WAITING: StateWords(
        word=_l("读取中"), sentence=_l("原件已存放，正在读取文字。"), kind="soon"
    ),
    RECOGNISING: StateWords(
        word=_l("识别中"), sentence=_l("原件已存放，正在识别文字。"), kind="soon"
    ),
    "duplicate": StateWords(
        word=_l("重复"), sentence=_l("内容与卷内已有文件完全相同，未重复存放。"), kind="soon"
    ),
    "no_text": StateWords(
        word=_l("无文字"),
        sentence=_l("文件内没有可检索的文字；原件已存放，可看图。"),
        kind="warn",
    ),
    "encrypted": StateWords(
        word=_l("已加密"),
        sentence=_l("文件有打开密码；原件已存放，请取得密码后另存上传。"),
        kind="warn",
    ),
    "damaged": StateWords(
        word=_l("已损坏"),
        sentence=_l("文件不完整或已损坏；原件已存放，请向来源方索取完好的文件。"),
        kind="bad",
    ),
    "type_mismatch": StateWords(
        word=_l("类型不符"),
        sentence=_l("内容与扩展名不符；已按实际类型读取，请核对来源。"),
        kind="warn",
    ),
    "unsupported": StateWords(
        word=_l("不能读取"),
        sentence=_l("这种文件不能读取文字；原件已存放，可下载。"),
        kind="warn",
    ),
    "too_large": StateWords(
        word=_l("过大"), sentence=_l("文件超过上限，未存放；请拆分后上传。"), kind="bad"
    ),
    "timed_out": StateWords(
        word=_l("超时"), sentence=_l("读取超时；原件已存放，可重试。"), kind="warn"
    ),
}
FLAGS: Final[Mapping[str, str]] = {  # what a file carries that a reader of it should know
    "macro": _l("含宏"),
    "javascript": _l("含脚本（JavaScript）"),
    "launch_action": _l("含启动程序的动作"),
    "external_link": _l("引用外部地址"),
    "remote_template": _l("引用远程模板"),
    "embedded_file": _l("内嵌其他文件"),
    "ole": _l("内嵌对象（OLE）"),
    "activex": _l("含控件（ActiveX）"),
    "dde": _l("含动态数据交换（DDE）"),
    "entities": _l("声明 XML 实体"),
    "script": _l("含脚本"),
    "signature": _l("带电子签名"),
    "form": _l("带可填写的表单"),
    "restricted": _l("制作者限制了使用"),
    "trailing_data": _l("尾部附有其他数据"),
}


SIGNATURES: Final = "signatures"  # among the properties of a document: what signing said
VERDICTS: Final[Mapping[str, StateWords]] = {
    "valid": StateWords(
        word=_l("已验证"), sentence=_l("内容与签名时一致；证书是否可信未核验。"), kind="ok"
    ),
    "changed": StateWords(
        word=_l("验证不符"), sentence=_l("内容在签名后被改动，或签名值不符。"), kind="bad"
    ),
    "unverified": StateWords(
        word=_l("未能验证"), sentence=_l("有签名，但本系统未能得出结论。"), kind="soon"
    ),
    "none": StateWords(word=_l("无签名"), sentence=_l("文件内没有电子签名。"), kind=""),
}
_NOTHING: Final = {"verdict": "none"} | dict.fromkeys(
    ("form", "signer", "issuer", "signed_at", "message"), ""
)
NOT_CHECKED: Final = _l("该格式的签名本系统不验证，请用原软件验证。")


def signatures_in(
    flags: Sequence[str], properties: Mapping[str, Any], media_type: str
) -> list[Mapping[str, str]]:
    """Return what is known of the signatures of a file; empty where its kind has none."""
    found = properties.get(SIGNATURES)
    if isinstance(found, list) and found:
        return [_NOTHING | one for one in found if isinstance(one, dict)]
    if "signature" in flags:
        return [_NOTHING | {"verdict": "unverified", "message": NOT_CHECKED}]
    signable = media_type in {"application/pdf", "application/ofd"}
    return [_NOTHING] if signable else []


def effective_state(state: str, *, read: bool, ocr_pending: int) -> str:
    """Return the state to show: reading and recognition that still go on come first.

    A state that reading can never leave, such as `encrypted`, is shown at once.
    """
    if not read:
        return WAITING
    if ocr_pending and state in {"stored", "no_text"}:
        return RECOGNISING
    return state
