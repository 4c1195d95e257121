"""What a court's paper says: court, number, dates, amounts, parties, each with its place.

Nothing here is a fact: a reading is shown to a person beside the page it came from, and only
what the person confirms enters the docket.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.court_papers.rules.flat import FlatText, Place
from postloan_archive.court_papers.rules.kinds import PaperKind, kind_of, procedure_of
from postloan_archive.kernel.entries import read_amount, read_date, small_number
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.identifiers import FULL_WIDTH_BRACKETS, case_no

Value = str | date | time | Decimal | int


class Field(StrEnum):
    """What was read."""

    COURT = "court"
    NUMBER = "number"
    OTHER_NUMBER = "other_number"
    PARTY = "party"
    JUDGE = "judge"
    MADE_ON = "made_on"
    DOCKETED_ON = "docketed_on"
    HEARING_ON = "hearing_on"
    HEARING_AT = "hearing_at"
    EFFECTIVE_ON = "effective_on"
    PAY_BY = "pay_by"
    DAYS_TO_PAY = "days_to_pay"
    FEE = "fee"
    PRESERVATION_FEE = "preservation_fee"
    ENFORCEMENT_FEE = "enforcement_fee"
    NOTICE_FEE = "notice_fee"
    PRINCIPAL = "principal"
    DAYS_TO_PERFORM = "days_to_perform"
    DAYS_TO_APPEAL = "days_to_appeal"
    SEIZED_FROM = "seized_from"
    SEIZED_UNTIL = "seized_until"
    CONTRACT = "contract"


LABELS: Final[dict[Field, str]] = {
    Field.COURT: _l("法院"),
    Field.NUMBER: _l("案号"),
    Field.OTHER_NUMBER: _l("提及的案号"),
    Field.PARTY: _l("当事人"),
    Field.JUDGE: _l("承办人"),
    Field.MADE_ON: _l("落款日期"),
    Field.DOCKETED_ON: _l("立案日期"),
    Field.HEARING_ON: _l("开庭日期"),
    Field.HEARING_AT: _l("开庭时刻"),
    Field.EFFECTIVE_ON: _l("生效日期"),
    Field.PAY_BY: _l("交费截止日"),
    Field.DAYS_TO_PAY: _l("交费天数"),
    Field.FEE: _l("案件受理费"),
    Field.PRESERVATION_FEE: _l("保全费"),
    Field.ENFORCEMENT_FEE: _l("执行费"),
    Field.NOTICE_FEE: _l("公告费"),
    Field.PRINCIPAL: _l("判决本金"),
    Field.DAYS_TO_PERFORM: _l("履行天数"),
    Field.DAYS_TO_APPEAL: _l("上诉天数"),
    Field.SEIZED_FROM: _l("保全起始日"),
    Field.SEIZED_UNTIL: _l("保全届满日"),
    Field.CONTRACT: _l("合同编号"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing the paper says: the value, the words as printed, and where they stand.

    `role` is what a party is called, empty for everything else.
    """

    field: Field
    value: Value
    words: str
    place: Place
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtPaper:
    """A paper of the court as it was read.

    Attributes:
        kind: None if the head names no kind we know.
        procedure: kind of the procedure whose number it bears; empty where none is certain.
        found: in the order of the paper.
    """

    kind: PaperKind | None
    procedure: str
    found: tuple[Found, ...]

    def all(self, field: Field) -> tuple[Found, ...]:
        """Return everything read for the field."""
        return tuple(one for one in self.found if one.field == field)

    def first(self, field: Field) -> Found | None:
        """Return the first thing read for the field."""
        return next(iter(self.all(field)), None)


_DAY: Final = (
    r"(?:\d{4}年\d{1,2}月\d{1,2}日"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)"
)
_AMOUNT: Final = (
    r"(?:人民币|:|：|为|共计|合计|计|是|减半收取|减半收取计|即|¥)*(\d[\d,]*(?:\.\d{1,2})?万?元)"
)
_COURT: Final = re.compile(
    r"(?:最高|[\u4e00-\u9fff]{1,24}?(?:省|自治区|市|区|县|州|盟|旗|镇|兵团))"
    r"?[\u4e00-\u9fff]{0,14}?(?:人民|金融|互联网|海事|知识产权|铁路运输)法院"
)
_NUMBER: Final = re.compile(
    r"[（(]\d{4}[）)][\u4e00-\u9fff0-9（）()]{2,24}?\d{1,7}(?:-\d+)?号(?:之[一二三四五六七八九十]+)?"
)
_TYPE: Final = re.compile(r"((?:民|执|财保|行保|破|特)[\u4e00-\u9fff]{0,3})\d+(?:-\d+)?号")
_ROLES: Final = (
    "被上诉人",
    "上诉人",
    "申请执行人",
    "被执行人",
    "被申请人",
    "申请人",
    "债权人",
    "债务人",
    "被传唤人",
    "原告",
    "被告",
    "第三人",
)
_PARTY: Final = re.compile(
    rf"({'|'.join(_ROLES)})(?:[（(][^（）()]{{1,20}}[）)])?([:：]?)"
    r"([\u4e00-\u9fffA-Za-z0-9（）()·]{2,40}?)"
    r"(?=[,，。;；:：]|住所|统一社会|法定代表|负责人|传唤|$)"
)
_NO_NAME: Final = re.compile(
    "[与诉按请]|^[和及的之向以在应对于依因未]|认为|提出|承担|负担|主张|放款"
)
_JUDGE: Final = re.compile(
    r"(?:审判长|审判员|承办法官|承办人|执行员|执行法官|代理审判员)[:：]?([\u4e00-\u9fff·]{2,4})"
)
_NAME_AND_MORE: Final = 6
_JUDGE_STOPS: Final = re.compile("人民|审判|陪审|书记|联系|法官|电话|年|二〇|一九")
_FEES: Final = (
    (Field.FEE, r"(?:案件)?受理费"),
    (Field.FEE, r"申请支付令费"),
    (Field.PRESERVATION_FEE, r"(?:财产)?保全(?:申请)?费"),
    (Field.ENFORCEMENT_FEE, r"(?:申请)?执行(?:申请)?费"),
    (Field.NOTICE_FEE, r"公告费"),
)
_PATTERNS: Final = (
    *((field, re.compile(f"{word}(?:用)?{_AMOUNT}")) for field, word in _FEES),
    (Field.PRINCIPAL, re.compile(rf"(?:借款|贷款|透支)?本金{_AMOUNT}")),
    (
        Field.DOCKETED_ON,
        re.compile(
            rf"({_DAY})(?:登记|依法|予以)?(?:立案|受理)|(?:立案|受理)(?:日期|时间)[:：]?({_DAY})"
        ),
    ),
    (
        Field.HEARING_ON,
        re.compile(
            rf"(?:应到时间|开庭时间|到庭时间|传唤时间)[:：]?({_DAY})"
            rf"|({_DAY})(?:上午|下午)?\d{{1,2}}[时:：](?:\d{{1,2}}分?|整)?.{{0,30}}?开庭"
        ),
    ),
    (
        Field.EFFECTIVE_ON,
        re.compile(
            rf"({_DAY})(?:起)?(?:发生法律效力|生效)|于({_DAY})(?:起)?(?:已)?(?:发生法律效力|生效)"
        ),
    ),
    (
        Field.PAY_BY,
        re.compile(rf"(?:于|在|限|至)({_DAY})(?:之?前|24时前).{{0,20}}?(?:[交缴]|预交)"),
    ),
    (
        Field.SEIZED_FROM,
        re.compile(rf"自({_DAY})起?(?:至|到).{{0,6}}?{_DAY}"),
    ),
    (
        Field.SEIZED_UNTIL,
        re.compile(
            rf"自{_DAY}起?(?:至|到)({_DAY})"
            rf"|(?:期限|查封|冻结|扣押)(?:届满日|到期日|截止日|至)(?:期)?[:：为]?({_DAY})"
        ),
    ),
    (
        Field.DAYS_TO_PAY,
        re.compile(
            r"(?:次日起|之日起|通知后|通知书后)([一二三四五六七八九十\d]{1,3})日内.{0,40}?(?:[交缴]|预交)"
        ),
    ),
    (
        Field.DAYS_TO_PERFORM,
        re.compile(
            r"(?:判决|调解书|裁定|支付令|本通知)[^。]{0,12}?之日起([一二三四五六七八九十\d]{1,3})日内"
            r"(?!.{0,20}上诉)"
        ),
    ),
    (
        Field.DAYS_TO_APPEAL,
        re.compile(
            r"(?:送达之日起|之日起)([一二三四五六七八九十\d]{1,3})日内.{0,20}?(?:上诉状|提起上诉|上诉于)"
        ),
    ),
    (
        Field.CONTRACT,
        re.compile(
            r"(?:编号|合同号|合同编号)(?:为|是)?[:：]?"
            r"([\u4e00-\u9fffA-Za-z0-9（）()\[\]〔〕-]{3,40}?号|[A-Za-z0-9-]{5,40})"
        ),
    ),
)
_READERS: Final[Mapping[Field, Callable[[str], Value]]] = {
    **dict.fromkeys((field for field, _word in _FEES), read_amount),
    Field.PRINCIPAL: read_amount,
    **dict.fromkeys(
        (
            Field.DOCKETED_ON,
            Field.HEARING_ON,
            Field.EFFECTIVE_ON,
            Field.PAY_BY,
            Field.SEIZED_FROM,
            Field.SEIZED_UNTIL,
        ),
        read_date,
    ),
    Field.DAYS_TO_PAY: small_number,
    Field.DAYS_TO_PERFORM: small_number,
    Field.DAYS_TO_APPEAL: small_number,
    Field.CONTRACT: str,
}
_ONLY_FOR: Final = {
    Field.SEIZED_FROM: {PaperKind.PRESERVATION_RULING, PaperKind.PRESERVATION_INFO},
    Field.SEIZED_UNTIL: {PaperKind.PRESERVATION_RULING, PaperKind.PRESERVATION_INFO},
    Field.DAYS_TO_PAY: {
        PaperKind.FEE_NOTICE,
        PaperKind.APPEAL_FEE_NOTICE,
        PaperKind.FEE_TOP_UP,
        PaperKind.ACCEPTANCE,
    },
    Field.DAYS_TO_APPEAL: {PaperKind.JUDGMENT, PaperKind.APPEALABLE_RULING},
    Field.EFFECTIVE_ON: {PaperKind.EFFECT_CERTIFICATE},
    Field.HEARING_ON: {PaperKind.SUMMONS},
    Field.PRINCIPAL: {
        PaperKind.JUDGMENT,
        PaperKind.APPEAL_JUDGMENT,
        PaperKind.MEDIATION,
        PaperKind.PAYMENT_ORDER,
    },
}
_DISPOSITIVE: Final = re.compile("判决如下|协议如下|裁定如下|达成如下协议")
_HOUR: Final = re.compile(r"(上午|下午)?(\d{1,2})(?:时|:|：)(?:(\d{1,2})分?|整)?")
NOON: Final = 12
_DATES: Final = re.compile(_DAY)
_MOST_PARTIES: Final = 40


def read_court_paper(pages: Sequence[str]) -> CourtPaper:
    """Return what the pages say; blanks, line breaks and full-width digits do not matter.

    Args:
        pages: the text of each page, from the first.
    """
    flat = FlatText(pages)
    numbers = tuple(_numbers(flat))
    number_type = type_of(str(numbers[0].value)) if numbers else ""
    kind = kind_of(flat.text, number_type)
    found = [
        *_court(flat),
        *numbers,
        *_parties(flat),
        *_judges(flat),
        *_made_on(flat),
        *(one for field, pattern in _PATTERNS for one in _of(flat, kind, field, pattern)),
    ]
    found += _hours(flat, found)
    found.sort(key=lambda one: (one.place.page, one.place.start, one.field))
    procedure = procedure_of(kind, number_type) if kind else ""
    return CourtPaper(kind=kind, procedure=procedure, found=tuple(found))


def _court(flat: FlatText) -> Iterator[Found]:
    match = _COURT.search(flat.text)
    if match:
        yield _found(flat, Field.COURT, match[0], match.span())


def _numbers(flat: FlatText) -> Iterator[Found]:
    seen: set[str] = set()
    for match in _NUMBER.finditer(flat.text):
        number = match[0].translate(FULL_WIDTH_BRACKETS)
        if number not in seen:
            field = Field.OTHER_NUMBER if seen else Field.NUMBER
            seen.add(number)
            yield _found(flat, field, number, match.span())


def type_of(number: str) -> str:
    """Return the type code of a case number (R-J04), such as 民初; empty if it names none."""
    known = case_no(number)
    match = _TYPE.search(number)
    return known.type if known else match[1] if match else ""


def _parties(flat: FlatText) -> Iterator[Found]:
    seen: set[str] = set()
    for match in _PARTY.finditer(flat.text):
        role, colon, name = match.groups()
        stands = colon or match.start() in flat.line_starts
        if not stands or name in seen or _NO_NAME.search(name) or len(seen) >= _MOST_PARTIES:
            continue
        seen.add(name)
        yield _found(flat, Field.PARTY, name, match.span(3), role=role)


def _judges(flat: FlatText) -> Iterator[Found]:
    for match in _JUDGE.finditer(flat.text):
        stop = _JUDGE_STOPS.search(flat.text, match.start(1), match.start(1) + _NAME_AND_MORE)
        name = match[1][: stop.start() - match.start(1)] if stop else match[1]
        if len(name) > 1:
            yield _found(flat, Field.JUDGE, name, (match.start(1), match.start(1) + len(name)))


def _made_on(flat: FlatText) -> Iterator[Found]:
    """Yield the day below the signature: the last one of the paper."""
    last = None
    for match in _DATES.finditer(flat.text):
        if _readable(read_date, match[0]) is not None:
            last = match
    if last is not None:
        yield _found(flat, Field.MADE_ON, read_date(last[0]), last.span())


def _of(
    flat: FlatText, kind: PaperKind | None, field: Field, pattern: re.Pattern[str]
) -> Iterator[Found]:
    if field in _ONLY_FOR and kind not in _ONLY_FOR[field]:
        return
    after = 0
    if field is Field.PRINCIPAL and (match := _DISPOSITIVE.search(flat.text)):
        after = match.end()
    seen: set[Value] = set()
    for match in pattern.finditer(flat.text, after):
        group = next(number for number, text in enumerate(match.groups(), 1) if text)
        value = _readable(_READERS[field], match[group])
        if value is not None and value not in seen:
            seen.add(value)
            yield _found(flat, field, value, match.span(group))


def _hours(flat: FlatText, found: Sequence[Found]) -> list[Found]:
    days = [one for one in found if one.field is Field.HEARING_ON]
    hours = []
    for day in days[:1]:
        words = "".join(day.words.split())
        at = flat.text.find(words)
        match = _HOUR.match(flat.text, at + len(words)) if at >= 0 else None
        if match:
            hour, minute = int(match[2]), int(match[3] or 0)
            if match[1] == "下午" and hour < NOON:
                hour += NOON
            if hour < 2 * NOON and minute < 60:  # noqa: PLR2004 - a clock
                value = time(hour, minute)
                hours.append(_found(flat, Field.HEARING_AT, value, match.span()))
    return hours


def _found(
    flat: FlatText, field: Field, value: Value, span: tuple[int, int], *, role: str = ""
) -> Found:
    return Found(
        field=field,
        value=value,
        words=flat.text[slice(*span)],
        place=flat.place(*span),
        role=role,
    )


def _readable(read: Callable[[str], Value], text: str) -> Value | None:
    try:
        return read(text)
    except (RuleError, ValueError):
        return None
