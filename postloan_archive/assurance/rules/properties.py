"""四性检测: what is looked at in each paper and each loan file, and what is found (R-I06)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import HOUSE_RULE, Statute

ARCHIVES_LAW: Final = Statute(name="档案法", edition="2020修订", in_force_from=date(2021, 1, 1))
AUTHENTICITY: Final = ARCHIVES_LAW.at("第三十七条", rule="R-I06")
CHECKS: Final = HOUSE_RULE.at(
    "四性检测项目（参照 DA/T 70-2018）", rule="R-I06", confidence=Confidence.SECONDARY
)
READ_AGAIN: Final = timedelta(days=30)  # acceptance B1: each stored file is read in thirty days
BACKUP_AGE: Final = timedelta(days=7)
UNSORTED: Final = "ZH00"
LASTING: Final = frozenset(
    {"application/pdf", "application/ofd", "image/tiff", "image/jpeg", "image/png"}
)
ACTIVE: Final = frozenset(
    {
        "macro",
        "javascript",
        "launch_action",
        "external_link",
        "remote_template",
        "ole",
        "activex",
        "dde",
        "script",
    }
)
UNOPENED: Final = frozenset({"encrypted", "damaged", "unsupported", "timed_out"})


class Property(StrEnum):
    """The four properties."""

    AUTHENTIC = "authentic"
    COMPLETE = "complete"
    USABLE = "usable"
    SAFE = "safe"


class Weight(StrEnum):
    """How grave a finding is: a fault fails the report."""

    FAULT = "fault"
    WARNING = "warning"


PROPERTY_WORDS: Final[Mapping[Property, str]] = {
    Property.AUTHENTIC: _l("真实性"),
    Property.COMPLETE: _l("完整性"),
    Property.USABLE: _l("可用性"),
    Property.SAFE: _l("安全性"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is looked at."""

    code: str
    property: Property
    words: str
    weight: Weight


_FAULT, _WARN = Weight.FAULT, Weight.WARNING
_BY_LETTER: Final = dict(zip("ABCD", Property, strict=True))
_WORDS: Final = (
    ("A1", _FAULT, _l("来源可查：有入库审计记录")),
    ("A2", _FAULT, _l("登记摘要与审计记录一致")),
    ("A3", _FAULT, _l("存储内容与摘要一致")),
    ("A4", _FAULT, _l("内容与文件类型一致")),
    ("A5", _FAULT, _l("形成日期不晚于入库日期")),
    ("A6", _WARN, _l("电子签名均已验证")),
    ("A7", _FAULT, _l("电子签名之后内容未被改动")),
    ("B1", _FAULT, _l("著录项完整")),
    ("B2", _FAULT, _l("字节数与登记一致")),
    ("B3", _WARN, _l("页数已知")),
    ("B4", _FAULT, _l("版本号连续")),
    ("B5", _FAULT, _l("件号连续，缺号有撤出或销毁记录")),
    ("B6", _WARN, _l("必备件齐全")),
    ("B7", _FAULT, _l("收件数与应收数一致")),
    ("C1", _FAULT, _l("能够打开")),
    ("C2", _WARN, _l("格式适合长期保存")),
    ("C3", _WARN, _l("有可检索的文字")),
    ("D1", _FAULT, _l("不含宏、脚本等活动内容")),
    ("D2", _WARN, _l("三十天内核对过存储内容")),
    ("D3", _WARN, _l("七天内有备份")),
)
ITEMS: Final[Mapping[str, Item]] = {
    code: Item(code=code, property=_BY_LETTER[code[0]], words=words, weight=weight)
    for code, weight, words in _WORDS
}
NOT_LOOKED_AT: Final = (
    _l("病毒查杀由站点的杀毒软件负责，本系统不执行文件内容，也不作查杀结论。"),
    _l("载体（硬盘、光盘、磁带）的检测由机房管理负责。"),
    _l("电子签名只核验签名后内容是否改动（PDF、OFD）；证书是否可信、是否吊销不在检测范围。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """One paper as rows, trail, vault and reading know it."""

    label: str  # 件号 and title
    arrived: bool  # the trail has the line of its arrival
    recorded: str  # digest that the trail recorded for the newest version, or empty
    digest: str
    stored: str  # good, changed, missing, unreadable
    stored_size: int | None
    size: int
    state: str
    media_type: str
    flags: frozenset[str]
    title: str
    item_code: str
    doc_date: date | None
    added_on: date
    pages: int
    characters: int
    versions: tuple[int, ...]
    checked_on: date | None
    first_seen_on: date | None
    signatures: tuple[tuple[str, str], ...] = ()  # verdict and message of each


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """One loan file, or one delivery, with its papers.

    Attributes:
        pieces: every number ever given in it.
        explained: of these, the numbers of papers that were withdrawn or destroyed.
        missing: required papers that are not there.
        expected, received: of a delivery; None where nobody has said.
        backup_on: the last backup; None: there was none.
    """

    label: str
    papers: tuple[PaperFacts, ...]
    pieces: tuple[int, ...] = ()
    explained: frozenset[int] = frozenset()
    missing: tuple[str, ...] = ()
    expected: int | None = None
    received: int | None = None
    backup_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is not as it should be."""

    item: str
    where: str
    message: str

    @property
    def weight(self) -> Weight:
        """Return how grave it is."""
        return ITEMS[self.item].weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result for one loan file or delivery."""

    label: str
    papers: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Return whether no fault was found; warnings do not fail."""
        return all(one.weight is not Weight.FAULT for one in self.findings)

    def count(self, code: str) -> int:
        """Return how often an item was found wanting."""
        return sum(one.item == code for one in self.findings)


def check(facts: FileFacts, today: date) -> Outcome:
    """Look at every item; each one that is not met is named with where and why."""
    findings = [found for paper in facts.papers for found in _paper(paper, today)]
    findings += _file(facts, today)
    return Outcome(label=facts.label, papers=len(facts.papers), findings=tuple(findings))


def _paper(paper: PaperFacts, today: date) -> Iterator[Finding]:
    looks = (_authentic(paper), _complete(paper), _usable(paper), _safe(paper, today))
    for code, message in chain(*looks):
        yield Finding(item=code, where=paper.label, message=message)


def _authentic(paper: PaperFacts) -> Iterator[tuple[str, str]]:
    if not paper.arrived:
        yield "A1", _l("没有入库审计记录。")
    elif paper.recorded != paper.digest:
        yield "A2", _l("登记的摘要与审计记录不一致。")
    if paper.stored != "good":
        words = {"changed": _l("内容已改变。"), "missing": _l("文件不在档案库中。")}
        yield "A3", words.get(paper.stored, _l("文件无法读取。"))
    if paper.state == "type_mismatch":
        yield "A4", _l("内容与扩展名不符。")
    if paper.doc_date is not None and paper.doc_date > paper.added_on:
        yield "A5", f"形成日期 {paper.doc_date} 晚于入库日期 {paper.added_on}。"
    for verdict, message in paper.signatures:
        if verdict == "unverified":
            yield "A6", message or _l("带电子签名，未能验证。")
        elif verdict == "changed":
            yield "A7", message or _l("电子签名与内容不符。")


def _complete(paper: PaperFacts) -> Iterator[tuple[str, str]]:
    if not paper.title.strip() or paper.item_code == UNSORTED:
        yield "B1", _l("没有题名或尚未归类。")
    if paper.stored_size is not None and paper.stored_size != paper.size:
        yield "B2", f"登记 {paper.size} 字节，实有 {paper.stored_size} 字节。"
    if paper.state not in UNOPENED and paper.pages < 1:
        yield "B3", _l("页数未知。")
    if not paper.versions or paper.versions != tuple(range(1, len(paper.versions) + 1)):
        yield "B4", f"版本号 {'、'.join(map(str, paper.versions)) or '无'}。"


def _usable(paper: PaperFacts) -> Iterator[tuple[str, str]]:
    if paper.state in UNOPENED:
        yield "C1", _l("加密、损坏或不能读取。")
    elif paper.characters == 0:
        yield "C3", _l("没有可检索的文字。")
    if paper.media_type not in LASTING:
        yield "C2", f"{paper.media_type} 不在长期保存格式之列。"


def _safe(paper: PaperFacts, today: date) -> Iterator[tuple[str, str]]:
    if active := sorted(paper.flags & ACTIVE):
        yield "D1", "、".join(active)
    since = paper.checked_on or paper.first_seen_on
    if since is not None and since + READ_AGAIN < today:
        yield "D2", f"上次核对 {paper.checked_on or '无'}。"


def _file(facts: FileFacts, today: date) -> Iterator[Finding]:
    def found(item: str, message: str) -> Finding:
        return Finding(item=item, where=facts.label, message=message)

    given = set(facts.pieces)
    last = max(given, default=0)
    gaps = [str(no) for no in range(1, last + 1) if no not in given | facts.explained]
    if gaps:
        yield found("B5", f"缺第 {'、'.join(gaps)} 件，没有撤出或销毁记录。")
    if facts.missing:
        yield found("B6", f"缺 {'、'.join(facts.missing)}。")
    if facts.expected is not None and facts.expected != facts.received:
        yield found("B7", f"应收 {facts.expected} 件，实收 {facts.received} 件。")
    if facts.backup_on is None or facts.backup_on + BACKUP_AGE < today:
        yield found("D3", f"最近备份 {facts.backup_on or '无'}。")
