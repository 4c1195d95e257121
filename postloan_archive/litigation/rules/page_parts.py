"""Where one paper ends and the next begins inside a long scan, told by what its pages say.

A page begins a paper when one of its first lines is the title of a paper, or when it counts
itself as the first of several pages. It goes on with the paper before it when it counts on, or
when it repeats title and number, as running headers do. What is found is a proposal only; the
reason is said in words, so that a person can check it against the pages.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from postloan_archive.kernel.entries import count_in
from postloan_archive.kernel.errors import _l

TOP_LINES: Final = 8  # printed lines in which a title may stand
LONGEST_TITLE: Final = 26  # signs, without spaces
IDENTITY: Final = "identity"  # whose, is told by the names on the page
OTHER: Final = ""  # a paper that no line of the checklist asks for

# Words that end a title, the longer ones first where one ends with another.
TITLES: Final[tuple[tuple[str, str], ...]] = (
    ("抵押合同", "mortgage"), ("质押合同", "mortgage"), ("抵押担保合同", "mortgage"),
    ("抵押协议", "mortgage"), ("质押协议", "mortgage"),
    ("保证合同", "guarantee"), ("保证担保合同", "guarantee"), ("连带责任保证书", "guarantee"),
    ("保证书", "guarantee"), ("担保函", "guarantee"), ("保函", "guarantee"),
    ("借款合同", "contract"), ("贷款合同", "contract"), ("授信协议", "contract"),
    ("授信合同", "contract"), ("借款协议", "contract"), ("额度合同", "contract"),
    ("借款借据", "iou"), ("贷款借据", "iou"), ("借据", "iou"), ("放款凭证", "iou"),
    ("贷款转存凭证", "iou"), ("支付凭证", "iou"), ("放款通知书", "iou"),
    ("展期协议", "change"), ("展期协议书", "change"), ("补充协议", "change"),
    ("变更协议", "change"), ("还款计划变更协议", "change"),
    ("不动产登记证明", "registration"), ("他项权证", "registration"),
    ("他项权利证明", "registration"), ("他项权利证", "registration"),
    ("抵押登记证明", "registration"), ("动产担保登记证明", "registration"),
    ("初始登记证明", "registration"), ("股权出质设立登记通知书", "registration"),
    ("登记证明", "registration"),
    ("对账单", "statement"), ("还款流水", "statement"), ("还款明细", "statement"),
    ("还款明细表", "statement"), ("交易明细", "statement"), ("账户明细", "statement"),
    ("宣布贷款提前到期通知书", "acceleration"), ("提前到期通知书", "acceleration"),
    ("提前收回贷款通知书", "acceleration"), ("提前到期通知", "acceleration"),
    ("担保人履责通知书", "guarantor_demand"), ("履行担保责任通知书", "guarantor_demand"),
    ("履行保证责任通知书", "guarantor_demand"), ("履责通知书", "guarantor_demand"),
    ("催收通知书", "demand"), ("催收函", "demand"), ("催款通知书", "demand"),
    ("逾期通知书", "demand"), ("催收通知单", "demand"),
    ("回执联", "receipt"), ("送达回证", "receipt"), ("回执", "receipt"),
    ("邮件详情单", "receipt"), ("签收单", "receipt"), ("妥投证明", "receipt"),
    ("诉讼费专用票据", "costs"), ("诉讼费用票据", "costs"), ("交费通知书", "costs"),
    ("居民身份证", "identity"), ("身份证", "identity"), ("营业执照", "identity"),
    ("户口簿", "identity"), ("常住人口登记卡", "identity"), ("结婚证", "identity"),
    ("统一社会信用代码证", "identity"), ("组织机构代码证", "identity"),
    ("送达地址确认书", "service_address"), ("送达地址及方式确认书", "service_address"),
    ("民事判决书", "title"), ("民事调解书", "title"), ("支付令", "title"),
    ("执行证书", "title"), ("仲裁裁决书", "title"),
    ("生效证明", "effective"), ("生效证明书", "effective"), ("法律文书生效证明", "effective"),
    ("财产保全民事裁定书", "seized"), ("民事裁定书", "seized"),
    ("申请书", OTHER), ("申请表", OTHER), ("调查报告", OTHER), ("审批表", OTHER),
    ("审查报告", OTHER), ("授权书", OTHER), ("承诺书", OTHER), ("声明", OTHER),
    ("股东会决议", OTHER), ("董事会决议", OTHER), ("委托书", OTHER), ("收入证明", OTHER),
    ("评估报告", OTHER), ("信用报告", OTHER), ("购销合同", OTHER), ("买卖合同", OTHER),
    ("不动产权证书", OTHER), ("房屋所有权证", OTHER), ("检查报告", OTHER), ("笔录", OTHER),
    ("通知书", OTHER), ("传票", OTHER), ("发票", OTHER), ("保险单", OTHER), ("确认书", OTHER),
    ("证明书", OTHER), ("说明书", OTHER), ("同意书", OTHER), ("决定书", OTHER), ("清单", OTHER),
)  # fmt: skip
_BY_WORD: Final[Mapping[str, str]] = dict(TITLES)
_WORDS: Final = tuple(sorted(_BY_WORD, key=len, reverse=True))
_TAIL: Final = re.compile(r"(?:[(（][^()（）]*[)）]|复印件|副本|正本|原件|正面|反面|存根)+$")
_SENTENCE: Final = re.compile(r"[，。；,;!！?？]")
_NO_TITLE: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[条章节款]|[一二三四五六七八九十]+、|\d+[.、]|[(（]"
    r"|[本的与由为按在及和该向对以将其]|根据|依据|上述|双方|附件|《)"
)
_COUNTED: Final = re.compile(
    r"第\s*(\d{1,4}|[一二三四五六七八九十]{1,3})\s*页\s*[,，/／|]?\s*"
    r"(?:共|总)\s*(\d{1,4}|[一二三四五六七八九十]{1,3})\s*页"
)
_COUNTED_OTHERWISE: Final = re.compile(
    r"共\s*(\d{1,4})\s*页\s*[,，/／|]?\s*第\s*(\d{1,4})\s*页"
)
_NUMBER: Final = re.compile(r"(?:编号|合同号|证号)[:：]?([^\s，。；:：]{4,40})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One paper inside a document; pages from 1, both inclusive.

    Attributes:
        kind: line of the checklist, `identity` where the person decides the line, empty for a
            paper that no line asks for.
        title: as printed.
        number: the number that the paper bears, or empty.
        reason: Chinese sentence that says why it begins and ends here.
    """

    first: int
    last: int
    kind: str
    title: str
    number: str = ""
    reason: str = ""

    @property
    def pages(self) -> int:
        """Return how many pages it has."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """What the top of a page says."""

    kind: str = OTHER
    title: str = ""
    number: str = ""
    no: int = 0  # 第 n 页, 0: the page does not count itself
    of: int = 0


def parts_of(texts: Sequence[str], numbers: Sequence[str] = ()) -> tuple[Part, ...]:
    """Return the papers inside a document in the order of its pages.

    Args:
        texts: the text of each page; an empty one goes with the paper before it.
        numbers: contract and registration numbers of the loan, to tell two contracts apart.

    Returns:
        At least two papers, or none: a document of one paper has no parts.
    """
    known = [(one, _plain(one)) for one in numbers if len(_plain(one)) >= 4]  # noqa: PLR2004 - shorter ones are anywhere
    found: list[Part] = []
    before = _Opening()
    for no, text in enumerate(texts, 1):
        here = _opening(text, known)
        if found and (not here.title or _goes_on(before, here)) and not _begins(before, here):
            found[-1] = replace(found[-1], last=no)
            before = replace(
                before, no=here.no, of=here.of, number=before.number or here.number
            )
            found[-1] = replace(found[-1], number=before.number)
        else:
            found.append(
                Part(
                    first=no,
                    last=no,
                    kind=here.kind,
                    title=here.title,
                    number=here.number,
                    reason=_why(here),
                )
            )
            before = here
    if sum(bool(one.title) for one in found) < 1 or len(found) < 2:  # noqa: PLR2004 - one is the whole
        return ()
    return tuple(_ended(found))


def _goes_on(before: _Opening, here: _Opening) -> bool:
    """Return whether a page with a title only repeats the header of its paper."""
    if here.no > 1 and here.no == before.no + 1 and here.of == before.of:
        return True
    same = here.title == before.title or (
        here.kind == before.kind == IDENTITY and _bare(here) == _bare(before)
    )
    return same and (not here.number or not before.number or here.number == before.number)


def _bare(opening: _Opening) -> str:
    return _TAIL.sub("", opening.title)  # the two sides of a card are one paper


def _begins(before: _Opening, here: _Opening) -> bool:
    """Return whether a page counts itself as the first after one that counted too."""
    return here.no == 1 and before.no >= 1


def _why(here: _Opening) -> str:
    words = []
    if here.title:
        words.append(_l("页首标题“{title}”").format(title=here.title))
    if here.number:
        words.append(_l("编号 {number}").format(number=here.number))
    if here.no == 1 and here.of > 1:
        words.append(_l("页脚标明第 1 页共 {of} 页").format(of=here.of))
    elif here.no > 1:
        words.append(_l("页脚标明第 {no} 页共 {of} 页").format(no=here.no, of=here.of))
    return "，".join(words)


def _ended(found: Sequence[Part]) -> Iterator[Part]:
    for place, one in enumerate(found):
        if place + 1 < len(found):
            after = found[place + 1]
            words = after.title or _l("另一份文件")
            end = _l("第 {no} 页起为“{title}”").format(no=after.first, title=words)
        else:
            end = _l("至文件末页")
        start = one.reason or _l("没有认出标题")
        yield replace(
            one,
            reason=_l("第 {no} 页{start}；{end}。").format(no=one.first, start=start, end=end),
        )


def _opening(text: str, known: Sequence[tuple[str, str]]) -> _Opening:
    lines = [line for line in map(_plain, text.splitlines()) if line]
    kind, title = OTHER, ""
    for line in lines[:TOP_LINES]:
        found = _title(line)
        if found is not None:
            kind, title = found
            break
    whole = "".join(lines)
    number = next((one for one, plain in known if plain in whole), "")
    if not number and title:
        match = _NUMBER.search("\n".join(lines[: TOP_LINES + 4]))
        number = match.group(1) if match else ""
    no, of = _count(text)
    return _Opening(kind=kind, title=title, number=number, no=no, of=of)


def _title(line: str) -> tuple[str, str] | None:
    """Return (kind, title) where a line is the title of a paper."""
    bare = _TAIL.sub("", line)
    if not bare or len(line) > LONGEST_TITLE or _SENTENCE.search(line) or ":" in bare:
        return None
    if _NO_TITLE.search(bare):
        return None
    found = next((word for word in _WORDS if bare.endswith(word)), None)
    return (_BY_WORD[found], line.replace("(", "（").replace(")", "）")) if found else None


def _count(text: str) -> tuple[int, int]:
    match = _COUNTED.search(text)
    if match:
        return count_in(match.group(1)) or 0, count_in(match.group(2)) or 0
    match = _COUNTED_OTHERWISE.search(text)
    return (int(match.group(2)), int(match.group(1))) if match else (0, 0)


def _plain(text: str) -> str:
    """Return a line without spaces, in one width; recognised text has spaces between signs."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
