"""What can be wrong with a template: each fault names its place and says what to do."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # The file as a whole.
        "not_docx": _l(
            "文件不是可用的 Word 文档（.docx）：{reason}。请在 Word 中另存为 .docx 后再上传。"
        ),
        "too_large": _l("文件超出限制：{reason}。请删去大图片或拆分模板。"),
        "doctype": _l("部件 {name} 含有 DTD 或实体声明，可能读取外部文件，不予接受。"),
        "macro": _l("文档含有宏（{name}），不予接受。请另存为不含宏的 .docx。"),
        "ole": _l("文档含有嵌入对象或控件（{name}），不予接受。请删去该对象。"),
        "remote_template": _l(
            "文档引用了外部模板（{target}），不予接受。请在 Word 中去掉附加模板。"
        ),
        "external": _l(
            "文档引用了外部内容（{target}），不予接受。请改为把内容插入文档，仅允许普通网址链接。"
        ),
        "import": _l("文档会在打开时并入另一文件（{name}），不予接受。"),
        "field_code": _l(
            "文档含有不允许的域 {name}（如 DDE、链接、自动日期）。请删去，改用模板标签。"
        ),
        # A single tag.
        "unclosed": _l(
            "标签没有写完整：缺少与“{opening}”成对的结束符“{closing}”，同一标签必须写在同一段内。"
        ),
        "stray_close": _l("多余的“{closing}”，前面没有对应的开始符。"),
        "fullwidth_braces": _l(
            "标签使用了全角括号“{text}”。请切换到英文输入法，改为“{wanted}”。"
        ),
        "fullwidth_sign": _l("标签内含有全角符号“{sign}”。请切换到英文输入法改为半角。"),
        "chinese_quotes": _l("标签内含有中文引号“{sign}”。请改为英文引号 ' 或 \"。"),
        "tracked_change": _l("标签内有修订记录。请先接受或拒绝全部修订。"),
        "comment_inside": _l("标签内有批注的起止点。请删去该批注。"),
        "empty": _l("标签是空的。"),
        "syntax": _l("标签语法有误：{reason}"),
        "forbidden": _l("标签使用了不允许的写法：{what}。"),
        "unknown_statement": _l(
            "不支持的语句“{name}”。可用：if、elif、else、endif、for、endfor、set。"
        ),
        "spaced_kind": _l("“{{% {kind}”应写成“{{%{kind}”，中间不能有空格。"),
        "dash": _l("不支持“{{%-”与“-%}}”。要去掉整段请用“{{%p … %}}”。"),
        "unknown_filter": _l("没有名为“{name}”的格式。"),
        "unknown_test": _l("没有名为“{name}”的判断。"),
        "bound_control": _l(
            "标签位于绑定了数据的内容控件内，打开时会被 Word 覆盖。请删去该控件。"
        ),
        "bad_place": _l(
            "此处不能使用标签（{where}）。请移到正文、页眉、页脚、脚注、文本框或文档属性中。"
        ),
        "not_in_table": _l("“{{%{kind}”只能写在表格里。"),
        "two_in_one": _l("同一{unit}里有两个“{{%{kind}”标签。开始与结束须各占一{unit}。"),
        "lost_text": _l("与“{{%{kind}”标签同一{unit}的文字“{text}”不会印出。请移到别处。"),
        # Several tags together.
        "not_ended": _l("“{name}”没有对应的“end{name}”。"),
        "not_begun": _l("“{name}”前面没有对应的“{wanted}”。"),
        "crossed": _l("“{name}”与“{other}”交叉：这里应先写“{wanted}”。"),
        "uneven": _l("“{other}”与“{name}”不在同一层（例如一个在表格内、一个在表格外）。"),
        "too_deep": _l("条件或循环嵌套过深，最多 {limit} 层。"),
        "too_many": _l("标签过多（{count} 个），最多 {limit} 个。"),
        "structure": _l("套用标签后文档结构不完整：{reason}"),
        # Against what is known.
        "unknown_field": _l("没有名为“{name}”的字段。"),
        "missing_font": _l("本机没有字体“{name}”，转换为 PDF 时会被替换。"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a template.

    Attributes:
        code: key of `SENTENCES`, stable for programs.
        facts: values of the blanks in the sentence.
        part: part of the document, as `word/document.xml`; empty for the file as a whole.
        paragraph: number of the paragraph in its part, counted from 1 in document order and
            through tables and text boxes; 0 where no paragraph is at fault.
        excerpt: text at fault, at most 80 characters.
        nearest: the nearest known name, or None.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    part: str = ""
    paragraph: int = 0
    excerpt: str = ""
    nearest: str | None = None

    @property
    def message(self) -> str:
        """Return the Chinese sentence, with the nearest name where there is one."""
        sentence = SENTENCES[self.code].format(**self.facts)
        return f"{sentence}是否想写“{self.nearest}”？" if self.nearest else sentence

    @property
    def place(self) -> str:
        """Return where the fault is, in words a clerk can follow."""
        return place_in_words(self.part, self.paragraph)

    def __str__(self) -> str:
        excerpt = f"“{self.excerpt}”" if self.excerpt else ""
        return f"{self.place}{excerpt}：{self.message}"


class TemplateRefusedError(RuleError):
    """The template cannot be used; `faults` holds every reason."""

    field = "template"
    next_step = _l("按所列各处修改模板后重新上传；可下载标有批注的副本对照修改。")

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            _l("模板不能使用，共 {count} 处：{first}"),
            count=len(self.faults),
            first="；".join(str(fault) for fault in self.faults[:3]),
        )


_PLACES: Final = (
    ("word/document", _l("正文")),
    ("word/header", _l("页眉")),
    ("word/footer", _l("页脚")),
    ("word/footnotes", _l("脚注")),
    ("word/endnotes", _l("尾注")),
    ("docProps/", _l("文档属性")),
)


def place_in_words(part: str, paragraph: int) -> str:
    """Return a place of a document in Chinese: 正文第 12 段."""
    name = next((words for start, words in _PLACES if part.startswith(start)), part)
    return f"{name or _l('整个文件')}第 {paragraph} 段" if paragraph else name or _l("整个文件")


def excerpt_of(text: str) -> str:
    """Return `text` on one line, cut to 80 characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"  # noqa: PLR2004  # said above


def nearest_name(name: str, known: Collection[str]) -> str | None:
    """Return the known name that looks most like `name`, or None if none does."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if found:
        return found[0]
    tail = name.rsplit(".", 1)[-1]
    ends = {one.rsplit(".", 1)[-1]: one for one in sorted(known, reverse=True)}
    found = difflib.get_close_matches(tail, ends, n=1, cutoff=0.75)
    return ends[found[0]] if found else None
