"""Payment order, security procedure, mediation, preservation (R-B28 to R-B34)."""

from typing import Final

from postloan_archive.cases.rules.events import Bound, Event
from postloan_archive.cases.rules.periods.kinds import PeriodRule
from postloan_archive.kernel.days import Unit
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    PRESERVATION_PROVISIONS,
)

law = CIVIL_PROCEDURE_LAW.at
interpretation = CIVIL_PROCEDURE_INTERPRETATION.at
preservation = PRESERVATION_PROVISIONS.at

SUE_AFTER_MEASURE: Final = PeriodRule(
    rule="R-B33",
    event=Event.PRELITIGATION_MEASURE,
    act="提起诉讼或申请仲裁",
    bound=Bound.OWN,
    length=30,
    basis=(
        law(104, 3, rule="R-C02"),
        preservation(17, rule="R-C02"),
        preservation(23, rule="R-C02"),
    ),
    if_missed="保全解除，申请人须及时申请解除，否则赔偿",
)
REVIEW_OF_RULING: Final = PeriodRule(
    rule="R-B34",
    event=Event.PRESERVATION_RULING_SERVED,
    act="申请复议一次（不停止执行）",
    bound=Bound.BOTH,
    length=5,
    basis=(interpretation(171, rule="R-C10"), preservation(25, rule="R-C10")),
    if_missed="丧失复议权",
)

SPECIAL: Final = (
    PeriodRule(
        rule="R-B28",
        event=Event.PAYMENT_ORDER_APPLIED,
        act="通知是否受理支付令申请",
        bound=Bound.COURT,
        length=5,
        basis=(law(226, rule="R-B28"), interpretation(427, rule="R-B28")),
        if_missed="催办",
    ),
    PeriodRule(
        rule="R-B28",
        event=Event.PAYMENT_ORDER_ACCEPTED,
        act="发出支付令",
        bound=Bound.COURT,
        length=15,
        basis=(law(227, rule="R-B28"),),
        if_missed="催办",
    ),
    PeriodRule(
        rule="R-B28",
        event=Event.PAYMENT_ORDER_SERVED,
        act="清偿债务或提出书面异议（口头异议无效）",
        bound=Bound.OTHER,
        length=15,
        basis=(law(227, rule="R-B28"), interpretation(436, rule="R-B28")),
        if_missed="我方申请执行",
    ),
    PeriodRule(
        rule="R-B29",
        event=Event.PAYMENT_ORDER_ENDED,
        act="不同意提起诉讼的，向法院表明",
        bound=Bound.OWN,
        length=7,
        basis=(interpretation(438, rule="R-B29"), interpretation(439, rule="R-B29")),
        if_missed="视为向该院起诉，须补交受理费",
    ),
    PeriodRule(
        rule="R-B30",
        event=Event.PAYMENT_ORDER_ISSUED,
        act="支付令送达债务人",
        bound=Bound.COURT,
        length=30,
        basis=(interpretation("第四百三十条第二项", rule="R-B30"),),
        if_missed="裁定终结督促程序，另行起诉",
    ),
    PeriodRule(
        rule="R-B31",
        event=Event.SECURITY_ACCEPTED,
        act="向被申请人送达申请书副本",
        bound=Bound.COURT,
        length=5,
        basis=(interpretation(366, rule="R-B31"),),
        if_missed="催办",
    ),
    PeriodRule(
        rule="R-B31",
        event=Event.SECURITY_ACCEPTED,
        act="审结实现担保物权案件",
        bound=Bound.COURT,
        length=30,
        basis=(law(187, rule="R-B31"),),
        if_missed="催办",
    ),
    PeriodRule(
        rule="R-B31",
        event=Event.SECURITY_APPLICATION_SERVED,
        act="提出异议",
        bound=Bound.OTHER,
        length=5,
        basis=(interpretation(366, rule="R-B31"),),
        if_missed="法院径行审查",
    ),
    PeriodRule(
        rule="R-B31",
        event=Event.SECURITY_RULING_SERVED,
        act="当事人对准许裁定提出异议",
        bound=Bound.BOTH,
        length=15,
        basis=(interpretation(372, rule="R-B31"),),
        if_missed="申请执行",
    ),
    PeriodRule(
        rule="R-B31",
        event=Event.SECURITY_RULING_KNOWN,
        act="利害关系人对准许裁定提出异议",
        bound=Bound.THIRD,
        length=6,
        unit=Unit.MONTH,
        fixed=True,
        basis=(interpretation(372, rule="R-B31"), interpretation(127, rule="R-B31")),
        if_missed="丧失异议权",
    ),
    PeriodRule(
        rule="R-B32",
        event=Event.MEDIATION_AGREED,
        act="双方共同申请司法确认",
        bound=Bound.BOTH,
        length=30,
        basis=(law(205, rule="R-B32"),),
        if_missed="协议没有强制执行力",
    ),
    SUE_AFTER_MEASURE,
    REVIEW_OF_RULING,
)
