"""What can be wrong with a bundle: refusals that stop it, problems that it names."""

from dataclasses import dataclass
from enum import StrEnum

from postloan_archive.kernel.errors import FixityError, RuleError
from postloan_archive.kernel.errors import _l as _l


class NoChineseTypefaceError(RuleError):
    """There is no font to print Chinese with."""

    next_step = _l("请安装思源宋体、文泉驿或宋体字库，或在设置中指定字体文件。")

    def __init__(self, *, path: str) -> None:
        sentence = (
            _l("字体文件 {path} 无法使用，不能生成证据材料。")
            if path
            else _l("本机没有可用的中文字体，不能生成证据材料。")
        )
        super().__init__(sentence, path=path)


class PageRangeError(RuleError):
    """An exhibit asks for pages that its file does not have."""

    field = "pages"
    next_step = _l("请按文件的实际页数更正页码范围。")

    def __init__(self, *, label: str, name: str, first: int, last: int, count: int) -> None:
        super().__init__(
            _l("{label}的页码范围 {first}–{last} 不存在：文件“{name}”共 {count} 页。"),
            label=label,
            name=name,
            first=first,
            last=last,
            count=count,
        )
        self.label, self.name, self.count = label, name, count
        self.first, self.last = first, last


class VolumeLimitError(RuleError):
    """A volume cannot be made as small as the court asks."""

    field = "volume_limit"
    next_step = _l("请提高分卷大小上限，或压缩该页的扫描件后重新生成。")

    def __init__(self, *, limit: int, page: int, size: int) -> None:
        super().__init__(
            _l("第 {page} 页单独成卷约 {size} 字节，超过分卷上限 {limit} 字节。"),
            limit=limit,
            page=page,
            size=size,
        )


class NotABundleError(RuleError):
    """The file was not made by this product, so its stamps cannot be told from its content."""

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("文件“{name}”不是本系统生成的证据材料，无法重新编号。"), name=name)


class PageCountError(FixityError):
    """The second library counts other pages than were written."""

    def __init__(self, *, written: int, counted: int) -> None:
        super().__init__(
            _l("生成的文件应有 {written} 页，复核得 {counted} 页，已停止输出。"),
            written=written,
            counted=counted,
        )


class Reason(StrEnum):
    """Why a page or a part of it could not be taken over."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    PAGE_DAMAGED = "page_damaged"
    PAGE_INCOMPLETE = "page_incomplete"
    REPAIRED = "repaired"
    COUNT_DIFFERS = "count_differs"
    LEFT_OUT = "left_out"
    FORM_BLANK = "form_blank"


REASONS: dict[Reason, str] = {
    Reason.ENCRYPTED: _l("文件已加密，没有密码无法打开"),
    Reason.DAMAGED: _l("文件已损坏，无法读取"),
    Reason.EMPTY: _l("文件中没有任何页面或内容"),
    Reason.UNSUPPORTED: _l("文件格式不能直接编入证据材料，须先转换为 PDF"),
    Reason.TOO_LARGE: _l("图像尺寸过大，超出处理上限"),
    Reason.PAGE_DAMAGED: _l("该页内容已损坏，无法读取"),
    Reason.PAGE_INCOMPLETE: _l("该页部分内容缺失，仅编入可读部分"),
    Reason.REPAIRED: _l("文件结构有误，已修复后编入，请核对"),
    Reason.COUNT_DIFFERS: _l("两种方法得到的页数不一致，请核对"),
    Reason.LEFT_OUT: _l("文件含脚本、附件、链接动作或表单动作，未编入"),
    Reason.FORM_BLANK: _l("表单域没有显示内容，打印件中为空白"),
}
# The page is replaced by a page that says so; for the other reasons it is taken over and noted.
REPLACED = frozenset(
    {
        Reason.ENCRYPTED,
        Reason.DAMAGED,
        Reason.EMPTY,
        Reason.UNSUPPORTED,
        Reason.TOO_LARGE,
        Reason.PAGE_DAMAGED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing the person who files the bundle has to know.

    Attributes:
        reason: machine code.
        label: the exhibit, or the title of a pleading.
        name: the file at fault.
        page: page in the source, from 1; None where the whole file is meant.
        bundle_page: page in the bundle, from 1.
        replaced: a page that names the fault stands in the place of the page.
    """

    reason: Reason
    label: str
    name: str
    page: int | None = None
    bundle_page: int | None = None

    @property
    def replaced(self) -> bool:
        """Return whether a notice page stands in for the page."""
        return self.reason in REPLACED

    @property
    def sentence(self) -> str:
        """Return the Chinese sentence that names exhibit, file, page and reason."""
        where = f"第 {self.page} 页" if self.page else ""
        return f"{self.label}“{self.name}”{where}：{REASONS[self.reason]}。"
