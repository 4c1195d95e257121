"""Why a file, or a page of it, could not be read: a state, a reason, a next step."""

from typing import ClassVar

from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.reading.results import State


class UnreadableError(RuleError):
    """The file could not be read as wished; the original is kept all the same."""

    state: ClassVar[State] = State.DAMAGED

    @property
    def message(self) -> str:
        """Return the reason and the next step, Chinese."""
        return f"{self}{self.next_step or ''}"


class DamagedError(UnreadableError):
    """The bytes do not make a whole file of that kind."""

    next_step = _l("原件已原样保存；请向来源方索取完好的文件后重新上传。")


class EncryptedError(UnreadableError):
    """A password is needed."""

    state = State.ENCRYPTED
    next_step = _l("原件已原样保存；请取得密码、另存为不加密的文件后重新上传。")


class UnsupportedError(UnreadableError):
    """A known or unknown kind that is kept but not read."""

    state = State.UNSUPPORTED
    next_step = _l("原件已原样保存，可下载；如需检索，请另存为 PDF 或 Word 后一并上传。")


class TooLargeError(UnreadableError):
    """The file costs more than the limits allow."""

    state = State.TOO_LARGE
    next_step = _l("请核实来源；确属正常文件的，请拆分后重新上传。")


class TimedOutError(UnreadableError):
    """The time ran out."""

    state = State.TIMED_OUT
    next_step = _l("原件已原样保存；可稍后重试，或将文件拆分、重新打印为 PDF 后上传。")


class NotRenderableError(RuleError):
    """The kind of file has no page image."""

    next_step = _l("请查看其文字，或下载原件。")

    def __init__(self, media_type: str) -> None:
        super().__init__(_l("类型 {media_type} 没有页面图像。"), media_type=media_type)


class NoPageError(NotFoundError):
    """The file has no page of that number."""

    field = "page_no"

    def __init__(self, page_no: int, pages: int) -> None:
        super().__init__(
            _l("没有第 {page_no} 页，本文件共 {pages} 页。"), page_no=page_no, pages=pages
        )


class OcrUnavailableError(RuleError):
    """Recognition is not installed or does not start."""

    next_step = _l("请管理员安装可选组件 ocr 后重试。")

    def __init__(self, reason: str) -> None:
        super().__init__(_l("文字识别不可用：{reason}。"), reason=reason)


_BY_STATE: dict[State, type[UnreadableError]] = {
    refusal.state: refusal
    for refusal in (
        DamagedError,
        EncryptedError,
        UnsupportedError,
        TooLargeError,
        TimedOutError,
    )
}


def refusal(state: str, reason: str) -> UnreadableError:
    """Return the refusal that a worker has reported."""
    return _BY_STATE[State(state)]("{reason}", reason=reason)
