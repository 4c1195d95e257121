"""The laws that rules cite: the name as printed, the edition read, the day it took force."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence

DIGITS: Final = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """Return a number from 1 to 9999 as laws write it: 十, 一百零五, 二百四十."""
    text, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + unit
        gap = not digit and bool(text)
    return text.removeprefix("一") if text.startswith("一十") else text


def article(number: int, paragraph: int = 0, *, item: int = 0) -> str:
    """Return 第…条第…款第…项; 0 leaves the paragraph or the item out."""
    text = f"第{numeral(number)}条"
    if paragraph:
        text += f"第{numeral(paragraph)}款"
    return text + (f"第{numeral(item)}项" if item else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """One law, regulation or judicial interpretation in one edition.

    `in_force_to` is inclusive and None while the edition is in force.
    """

    name: str
    edition: str
    in_force_from: date | None = None
    in_force_to: date | None = None

    def at(
        self,
        place: str | int,
        paragraph: int = 0,
        *,
        rule: str,
        confidence: Confidence = Confidence.VERIFIED,
    ) -> Citation:
        """Return the citation of one place in it, for the rule with that id.

        `place` is the number of an article, or the words to print where there is none.
        """
        return Citation(
            law=self.name,
            article=place if isinstance(place, str) else article(place, paragraph),
            rule=rule,
            confidence=confidence,
            in_force_from=self.in_force_from,
            in_force_to=self.in_force_to,
        )


CIVIL_PROCEDURE_LAW: Final = Statute(
    name="民事诉讼法", edition="2023修正", in_force_from=date(2024, 1, 1)
)
CIVIL_PROCEDURE_LAW_2017: Final = Statute(
    name="民事诉讼法",
    edition="2017修正",
    in_force_from=date(2017, 7, 1),
    in_force_to=date(2021, 12, 31),
)
CIVIL_PROCEDURE_INTERPRETATION: Final = Statute(
    name="最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释",
    edition="2022修正",
    in_force_from=date(2022, 4, 10),
)
CIVIL_CODE: Final = Statute(name="民法典", edition="2020", in_force_from=date(2021, 1, 1))
PRESERVATION_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院办理财产保全案件若干问题的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
SEIZURE_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
COURT_FEE_MEASURES: Final = Statute(
    name="诉讼费用交纳办法", edition="国务院令第481号", in_force_from=date(2007, 4, 1)
)
LIMITATION_PROVISIONS: Final = Statute(
    name="最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
SECURITY_INTERPRETATION: Final = Statute(
    name="最高人民法院关于适用〈中华人民共和国民法典〉有关担保制度的解释",
    edition="法释〔2020〕28号",
    in_force_from=date(2021, 1, 1),
)
GENERAL_PART_INTERPRETATION: Final = Statute(
    name="最高人民法院关于适用〈中华人民共和国民法典〉总则编若干问题的解释",
    edition="2022",
    in_force_from=date(2022, 3, 1),
)
ENFORCEMENT_INTERPRETATION: Final = Statute(
    name="最高人民法院关于适用〈中华人民共和国民事诉讼法〉执行程序若干问题的解释",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
ENFORCEMENT_WORK_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院执行工作若干问题的规定（试行）",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
ENFORCEMENT_OBJECTION_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
ENFORCEMENT_PARTY_PROVISIONS: Final = Statute(
    name="最高人民法院关于民事执行中变更、追加当事人若干问题的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
ENFORCEMENT_SETTLEMENT_PROVISIONS: Final = Statute(
    name="最高人民法院关于执行和解若干问题的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
ENFORCEMENT_SECURITY_PROVISIONS: Final = Statute(
    name="最高人民法院关于执行担保若干问题的规定",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
NOTARISED_DEBT_PROVISIONS: Final = Statute(
    name="最高人民法院关于公证债权文书执行若干问题的规定",
    edition="2018",
    in_force_from=date(2018, 10, 1),
)
EVIDENCE_PROVISIONS: Final = Statute(
    name="最高人民法院关于民事诉讼证据的若干规定",
    edition="2019修正",
    in_force_from=date(2020, 5, 1),
)
DOCKETING_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院登记立案若干问题的规定",
    edition="2015",
    in_force_from=date(2015, 5, 1),
)
COURT_MAIL_PROVISIONS: Final = Statute(
    name="最高人民法院关于以法院专递方式邮寄送达民事诉讼文书的若干规定",
    edition="2004",
    in_force_from=date(2005, 1, 1),
)
TRIAL_LIMIT_PROVISIONS: Final = Statute(
    name="最高人民法院关于严格执行案件审理期限制度的若干规定",
    edition="2000",
    in_force_from=date(2000, 9, 28),
)
END_OF_ENFORCEMENT_REPLY: Final = Statute(
    name="最高人民法院关于对人民法院终结执行行为提出执行异议期限问题的批复",
    edition="法释〔2016〕3号",
    in_force_from=date(2016, 2, 15),
)
FIRST_SEIZURE_REPLY: Final = Statute(
    name="最高人民法院关于首先查封法院与优先债权执行法院处分查封财产有关问题的批复",
    edition="法释〔2016〕6号",
    in_force_from=date(2016, 4, 14),
)
ONLINE_AUCTION_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院网络司法拍卖若干问题的规定",
    edition="2016",
    in_force_from=date(2017, 1, 1),
)
REFERENCE_PRICE_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院确定财产处置参考价若干问题的规定",
    edition="2018",
    in_force_from=date(2018, 9, 1),
)
ARBITRATION_LAW: Final = Statute(
    name="仲裁法", edition="2025修订", in_force_from=date(2026, 3, 1)
)
ARBITRATION_LAW_2017: Final = Statute(
    name="仲裁法",
    edition="2017修正",
    in_force_from=date(2018, 1, 1),
    in_force_to=date(2026, 2, 28),
)
AWARD_ENFORCEMENT_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院办理仲裁裁决执行案件若干问题的规定",
    edition="2018",
    in_force_from=date(2018, 3, 1),
)
SUPERVISION_RULES: Final = Statute(
    name="人民检察院民事诉讼监督规则", edition="2021", in_force_from=date(2021, 8, 1)
)
HONG_KONG_SERVICE_PROVISIONS: Final = Statute(
    name="最高人民法院关于涉港澳民商事案件司法文书送达问题若干规定",
    edition="2009",
    in_force_from=date(2009, 3, 16),
)
TAIWAN_SERVICE_PROVISIONS: Final = Statute(
    name="最高人民法院关于涉台民事诉讼文书送达的若干规定",
    edition="2008",
    in_force_from=date(2008, 4, 23),
)
JURISDICTION_REPLY: Final = Statute(
    name="最高人民法院关于协议管辖与争议有实际联系地点的批复",
    edition="法释〔2025〕15号",
    in_force_from=date(2025, 12, 31),
)
INTERNET_COURT_PROVISIONS: Final = Statute(
    name="最高人民法院关于互联网法院案件管辖的规定",
    edition="法释〔2025〕14号",
    in_force_from=date(2025, 11, 1),
)
COMMERCIAL_BANK_LAW: Final = Statute(
    name="商业银行法", edition="2015修正", in_force_from=date(2015, 10, 1)
)
BANKRUPTCY_LAW: Final = Statute(
    name="企业破产法", edition="2006", in_force_from=date(2007, 6, 1)
)
BANKRUPTCY_INTERPRETATION_3: Final = Statute(
    name="最高人民法院关于适用〈中华人民共和国企业破产法〉若干问题的规定（三）",
    edition="2020修正",
    in_force_from=date(2021, 1, 1),
)
HOLIDAY_MEASURES: Final = Statute(
    name="全国年节及纪念日放假办法", edition="2024修订", in_force_from=date(2025, 1, 1)
)
ONLINE_LITIGATION_RULES: Final = Statute(
    name="人民法院在线诉讼规则", edition="2021", in_force_from=date(2021, 8, 1)
)
LATE_SIGNATURE_REPLY: Final = Statute(
    name="最高人民法院关于超过诉讼时效期间借款人在催款通知单上签字或者盖章的法律效力问题的批复",
    edition="法释〔1999〕7号",
    in_force_from=date(1999, 2, 16),
)
EQUITY_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院强制执行股权若干问题的规定",
    edition="2021",
    in_force_from=date(2022, 1, 1),
)
DISHONESTY_LIST_PROVISIONS: Final = Statute(
    name="最高人民法院关于公布失信被执行人名单信息的若干规定",
    edition="2017修正",
    in_force_from=date(2017, 5, 1),
)
OUTSIDER_SUIT_INTERPRETATION: Final = Statute(
    name="最高人民法院关于审理执行异议之诉案件适用法律问题的解释",
    edition="法释〔2025〕10号",
    in_force_from=date(2025, 7, 24),
)
INVITED_MEDIATION_PROVISIONS: Final = Statute(
    name="最高人民法院关于人民法院特邀调解的规定",
    edition="2016",
    in_force_from=date(2016, 7, 1),
)
HOUSE_RULE: Final = Statute(name="本系统默认规则", edition="1.0")  # settings of the bank
