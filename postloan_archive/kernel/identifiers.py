"""Numbers that name persons, companies, accounts and cases (group J of the domain rules).

A valid check digit is not a proof of identity; it only catches slips of the pen.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.statutes import Statute

BASIS: Final[dict[str, Citation]] = {
    "id_card": Statute(name="公民身份号码", edition="GB 11643-1999").at(
        "GB 11643-1999", rule="R-J01"
    ),
    "uscc": Statute(name="法人和其他组织统一社会信用代码编码规则", edition="GB 32100-2015").at(
        "GB 32100-2015", rule="R-J02"
    ),
    "bank_card": Statute(name="识别卡 发卡者标识", edition="ISO/IEC 7812-1").at(
        "附录（Luhn 校验）", rule="R-J03"
    ),
    "case_no": Statute(
        name="最高人民法院关于人民法院案件案号的若干规定", edition="法〔2015〕137号"
    ).at("案号组成", rule="R-J04", confidence=Confidence.SECONDARY),
    "court_code": Statute(name="人民法院案件代字表", edition="法〔2015〕137号附件").at(
        "法院代字", rule="R-J05", confidence=Confidence.MEMORY
    ),
    "mobile": Statute(name="公用电信网编号计划", edition="1").at(
        "移动电话号码", rule="R-J06", confidence=Confidence.MEMORY
    ),
    "rmb_upper": Statute(name="支付结算办法", edition="银发〔1997〕393号").at(
        "附一", rule="R-J07", confidence=Confidence.SECONDARY
    ),
    "mask": Statute(name="本系统默认规则", edition="1.0").at(
        "个人信息遮盖", rule="R-J08", confidence=Confidence.MEMORY
    ),
}

ID_CARD: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS: Final = "10X98765432"
PROVINCE_RANGES: Final = (
    (11, 15),
    (21, 23),
    (31, 37),
    (41, 46),
    (50, 54),
    (61, 65),
    (71, 71),
    (81, 83),  # residence permits of people from Hong Kong, Macao and Taiwan, too
)
PROVINCES: Final = frozenset(
    str(code) for first, last in PROVINCE_RANGES for code in range(first, last + 1)
)
FOREIGNER: Final = "9"  # permanent residence card of a foreigner, form of 2023

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
USCC_LENGTH: Final = 18

CARD: Final = re.compile(r"[0-9]{12,19}")
LUHN_BASE: Final = 10
MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")

CASE_NO: Final = re.compile(
    r"[（(](?P<year>(?:19|20)\d{2})[)）](?!.*字第)"
    r"(?P<court>最高法|[京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵军]"
    r"(?:\d{4}|\d{2})?)(?P<type>[\u4e00-\u9fa5]{1,5}?)(?P<no>\d{1,7})(?:-\d+)?号"
    r"(?P<sub>之[一二三四五六七八九十]+)?",
    re.ASCII,
)
OLD_CASE_NO: Final = re.compile(
    r"[（(](?P<year>(?:19|20)\d{2})[)）](?P<court>[\u4e00-\u9fa5]{0,8}?)"
    r"(?P<type>(?:民|商|经|金|破|法)[一二三四五六七八九十]?(?:[（(][\u4e00-\u9fa5][)）])?"
    r"(?:初|终|申|再|提|监|撤|特|督|催|辖终|辖|保|破)"
    r"|执(?:民|恢|异|复|监|保|他|裁|行|申)?|诉保)字第(?P<no>\d+)(?:-\d+)?号"
    r"(?P<sub>之[一二三四五六七八九十]+)?",
    re.ASCII,
)
SUPREME_COURT: Final = "最高人民法院"
FULL_WIDTH_BRACKETS: Final = str.maketrans("()", "（）")

WARN_REGION: Final = "地区码不在现行省级代码内，请核对（可能为已撤销代码）"
WARN_FUTURE: Final = "出生日期晚于今天，请核对"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A number after the check; `normalised` is empty if it is not valid."""

    valid: bool
    normalised: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCard:
    """An identity card number after the check (R-J01).

    `normalised` is empty and `born` None if it is not valid; warnings are Chinese sentences.
    """

    valid: bool
    normalised: str = ""
    born: date | None = None
    male: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNumber:
    """The parts of a case number (R-J04).

    Attributes:
        year: four digits.
        court: code of the court, such as 京0105; empty in old numbers of the Supreme Court.
        type: code of the kind of case, such as 民初 or 执恢.
        no: the running number as written, leading zeros kept.
        sub: 之一, 之二 … or empty.
        legacy: the style used before 2016.
        normalised: with full-width brackets and without blanks around it.
    """

    year: str
    court: str
    type: str
    no: str
    sub: str
    legacy: bool
    normalised: str

    @property
    def court_name(self) -> str:
        """Return what the code alone says of the court: its name or its level."""
        if self.legacy:
            return self.court or SUPREME_COURT
        if self.court == "最高法":
            return SUPREME_COURT
        return {0: "高级人民法院", 2: "中级人民法院", 4: "基层人民法院"}[len(self.court) - 1]


def without_blanks(value: str) -> str:
    """Return the value without any blank, ideographic ones included."""
    return "".join(value.split())


def id_card(value: str, *, today: date | None = None) -> IdCard:
    """Check an 18-digit identity number; blanks are removed and x becomes X (R-J01).

    Args:
        value: as typed.
        today: a birth date after it gives a warning; None leaves that out.
    """
    number = without_blanks(value).replace("x", "X")
    if not ID_CARD.fullmatch(number):
        return IdCard(valid=False)
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return IdCard(valid=False)
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False))
    if ID_CHECKS[total % 11] != number[17]:
        return IdCard(valid=False)
    warnings = []
    if number[:2] not in PROVINCES and number[0] != FOREIGNER:
        warnings.append(WARN_REGION)
    if today is not None and born > today:
        warnings.append(WARN_FUTURE)
    return IdCard(
        valid=True,
        normalised=number,
        born=born,
        male=int(number[16]) % 2 == 1,
        warnings=tuple(warnings),
    )


def uscc(value: str) -> Checked:
    """Check a unified social credit code (R-J02).

    Blanks are removed and letters become capitals; nothing else is repaired: a letter O is an
    error, not a zero.
    """
    number = without_blanks(value).upper()
    if len(number) != USCC_LENGTH or any(char not in USCC_ALPHABET for char in number):
        return Checked(valid=False)
    total = sum(
        USCC_ALPHABET.index(char) * weight
        for char, weight in zip(number, USCC_WEIGHTS, strict=False)
    )
    check = (31 - total % 31) % 31
    if USCC_ALPHABET[check] != number[-1]:
        return Checked(valid=False)
    return Checked(valid=True, normalised=number)


def bank_card(value: str) -> Checked:
    """Check a card number by Luhn; a failure is a warning, not an error (R-J03).

    Accounts of companies and some old cards do not follow it.
    """
    number = without_blanks(value).replace("-", "")
    if not CARD.fullmatch(number):
        return Checked(valid=False)
    total = 0
    for place, digit in enumerate(reversed(number)):
        part = int(digit) * (1 + place % 2)
        total += part - 9 if part >= LUHN_BASE else part
    if total % LUHN_BASE:
        return Checked(valid=False)
    return Checked(valid=True, normalised=number)


def case_no(value: str) -> CaseNumber | None:
    """Read a case number; None if it is none (R-J04).

    Half-width brackets are accepted, blanks around it are dropped, blanks inside are not.
    Numbers of the style before 2016 (…字第…号) are read as legacy.
    """
    text = value.strip()
    match, legacy = CASE_NO.fullmatch(text), False
    if match is None:
        match, legacy = OLD_CASE_NO.fullmatch(text), True
    if match is None:
        return None
    return CaseNumber(
        year=match["year"],
        court=match["court"],
        type=match["type"],
        no=match["no"],
        sub=match["sub"] or "",
        legacy=legacy,
        normalised=text.translate(FULL_WIDTH_BRACKETS),
    )


def mobile(value: str) -> Checked:
    """Check a mobile number; blanks, hyphens and an 86 in front are removed (R-J06)."""
    number = mobile_digits(value)
    if not MOBILE.fullmatch(number):
        return Checked(valid=False)
    return Checked(valid=True, normalised=number)


def mobile_digits(value: str) -> str:
    """Return a mobile number without blanks, hyphens and country code, unchecked."""
    number = without_blanks(value).replace("-", "")
    return re.sub(r"^(?:\+86|86)", "", number)
