"""Valuation, auction, arbitration, bankruptcy (R-B47, R-B52 to R-B56, R-B63)."""

from datetime import date
from typing import Final

from postloan_archive.cases.rules.events import Bound, Event
from postloan_archive.cases.rules.periods.kinds import Counting, PeriodRule
from postloan_archive.kernel.days import Unit
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import (
    ARBITRATION_LAW,
    ARBITRATION_LAW_2017,
    BANKRUPTCY_INTERPRETATION_3,
    BANKRUPTCY_LAW,
    COMMERCIAL_BANK_LAW,
    FIRST_SEIZURE_REPLY,
    HOUSE_RULE,
    ONLINE_AUCTION_PROVISIONS,
    REFERENCE_PRICE_PROVISIONS,
)

auction = ONLINE_AUCTION_PROVISIONS.at
price = REFERENCE_PRICE_PROVISIONS.at
bankruptcy = BANKRUPTCY_LAW.at

NEW_ARBITRATION_LAW: Final = date(2026, 3, 1)
LAST_DAY_OF_OLD_LAW: Final = date(2026, 2, 28)
REPLY: Final = FIRST_SEIZURE_REPLY.at("全文", rule="R-B54")
OLD_AWARD: Final = ARBITRATION_LAW_2017.at(59, rule="R-B47")
NO_TRANSITION: Final = HOUSE_RULE.at(
    "新旧仲裁法衔接：我方按三个月、对方按六个月安排",
    rule="R-B47",
    confidence=Confidence.MEMORY,
)

DISPOSAL: Final = (
    PeriodRule(
        rule="R-B47",
        event=Event.AWARD_RECEIVED,
        act="申请撤销仲裁裁决",
        bound=Bound.BOTH,
        length=3,
        unit=Unit.MONTH,
        valid_from=NEW_ARBITRATION_LAW,
        basis=(ARBITRATION_LAW.at(72, rule="R-B47"),),
        if_missed="丧失申请权",
    ),
    PeriodRule(
        rule="R-B47",
        event=Event.AWARD_RECEIVED,
        act="申请撤销仲裁裁决（新法施行前收到，我方按三个月安排）",
        bound=Bound.OWN,
        length=3,
        unit=Unit.MONTH,
        valid_to=LAST_DAY_OF_OLD_LAW,
        basis=(NO_TRANSITION, ARBITRATION_LAW.at(72, rule="R-B47")),
        if_missed="可能丧失申请权",
    ),
    PeriodRule(
        rule="R-B47",
        event=Event.AWARD_RECEIVED,
        act="申请撤销仲裁裁决（新法施行前收到，对方按六个月估计）",
        bound=Bound.OTHER,
        length=6,
        unit=Unit.MONTH,
        valid_to=LAST_DAY_OF_OLD_LAW,
        basis=(OLD_AWARD, NO_TRANSITION),
        if_missed="丧失申请权",
    ),
    PeriodRule(
        rule="R-B52",
        event=Event.VALUATION_RECEIVED,
        act="对询价结果或评估报告提出书面异议",
        bound=Bound.BOTH,
        length=5,
        basis=(price(22, rule="R-B52"), price(23, rule="R-B52")),
        if_missed="按该参考价处置；参考价有效期不超过一年（第二十七条）",
    ),
    PeriodRule(
        rule="R-B53",
        event=Event.AUCTION_MOVABLE,
        act="发布第一次拍卖公告（动产）",
        bound=Bound.COURT,
        length=15,
        counting=Counting.BACKWARD,
        basis=(auction(12, rule="R-B53"),),
        if_missed="准备是否接受以物抵债的意见",
    ),
    PeriodRule(
        rule="R-B53",
        event=Event.AUCTION_REAL_ESTATE,
        act="发布第一次拍卖公告（不动产、其他财产权）",
        bound=Bound.COURT,
        length=30,
        counting=Counting.BACKWARD,
        basis=(auction(12, rule="R-B53"),),
        if_missed="准备是否接受以物抵债的意见",
    ),
    PeriodRule(
        rule="R-B53",
        event=Event.AUCTION_FAILED,
        act="在同一平台再次拍卖",
        bound=Bound.COURT,
        length=30,
        basis=(auction(26, rule="R-B53"),),
        if_missed="催办",
    ),
    PeriodRule(
        rule="R-B53",
        event=Event.SECOND_AUCTION_MOVABLE,
        act="发布再次拍卖公告（动产）",
        bound=Bound.COURT,
        length=7,
        counting=Counting.BACKWARD,
        basis=(auction(26, rule="R-B53"),),
        if_missed="准备是否接受以物抵债的意见",
    ),
    PeriodRule(
        rule="R-B53",
        event=Event.SECOND_AUCTION_REAL_ESTATE,
        act="发布再次拍卖公告（不动产、其他财产权）",
        bound=Bound.COURT,
        length=15,
        counting=Counting.BACKWARD,
        basis=(auction(26, rule="R-B53"),),
        if_missed="准备是否接受以物抵债的意见",
    ),
    PeriodRule(
        rule="R-B54",
        event=Event.FIRST_SEIZURE,
        act="首封法院未发布拍卖公告的，可请优先债权执行法院商请移送",
        bound=Bound.OWN,
        length=60,
        counting=Counting.OPENS,
        basis=(REPLY,),
        if_missed="是权利不是义务",
    ),
    PeriodRule(
        rule="R-B54",
        event=Event.TRANSFER_REQUEST_RECEIVED,
        act="首封法院答复商请移送函",
        bound=Bound.COURT,
        length=15,
        basis=(REPLY,),
        if_missed="逐级报请共同上级法院协调",
    ),
    PeriodRule(
        rule="R-B55",
        event=Event.DEBT_ASSET_TAKEN,
        act="处分抵债不动产或股权",
        bound=Bound.OWN,
        length=2,
        unit=Unit.YEAR,
        extends=False,
        basis=(COMMERCIAL_BANK_LAW.at(42, 2, rule="R-B55"),),
        if_missed="违反监管规定",
    ),
    PeriodRule(
        rule="R-B56",
        event=Event.BANKRUPTCY_NOTICE,
        act="申报债权（以公告载明期限为准，公告之日起30日以上、三个月以内）",
        bound=Bound.OWN,
        counting=Counting.COURT_SET,
        basis=(
            bankruptcy(45, rule="R-B56"),
            bankruptcy(46, rule="R-B56"),
            bankruptcy(56, rule="R-B56"),
        ),
        if_missed="补充申报不参与此前分配，并承担审查费用",
    ),
    PeriodRule(
        rule="R-B63",
        event=Event.CLAIM_LIST_REVIEWED,
        act="提起债权确认之诉",
        bound=Bound.OWN,
        length=15,
        basis=(
            BANKRUPTCY_INTERPRETATION_3.at(8, rule="R-B63"),
            HOUSE_RULE.at(
                "逾期后果有争议，不得依赖", rule="R-B63", confidence=Confidence.MEMORY
            ),
        ),
        if_missed="后果有争议，务必按期起诉",
    ),
    PeriodRule(
        rule="R-B63",
        event=Event.CREDITORS_RESOLUTION,
        act="申请撤销债权人会议决议",
        bound=Bound.OWN,
        length=15,
        basis=(bankruptcy(64, 2, rule="R-B63"),),
        if_missed="决议生效",
    ),
)
