"""In which order the law lets the events of a case follow: what comes after what, and why."""

from dataclasses import dataclass
from typing import Final

from postloan_archive.cases.rules.events import Event
from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.statutes import (
    AWARD_ENFORCEMENT_PROVISIONS,
    BANKRUPTCY_LAW,
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    COURT_FEE_MEASURES,
    DISHONESTY_LIST_PROVISIONS,
    DOCKETING_PROVISIONS,
    END_OF_ENFORCEMENT_REPLY,
    ENFORCEMENT_OBJECTION_PROVISIONS,
    ENFORCEMENT_WORK_PROVISIONS,
    INVITED_MEDIATION_PROVISIONS,
    REFERENCE_PRICE_PROVISIONS,
)

law = CIVIL_PROCEDURE_LAW.at
interpretation = CIVIL_PROCEDURE_INTERPRETATION.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An event comes after one of others; the provision that orders them.

    `missed` is false where the event may stand without a forerunner: an award or a notarised
    instrument is enforced without a judgment.
    """

    after: frozenset[Event]
    basis: Citation
    missed: bool = True


TRIAL: Final = law(144, rule="R-B20", confidence=Confidence.MEMORY)
JUDGING: Final = law(151, rule="R-B21", confidence=Confidence.MEMORY)


def _need(basis: Citation, *after: Event, missed: bool = True) -> Need:
    return Need(after=frozenset(after), basis=basis, missed=missed)


FIRST_INSTANCE: Final[dict[Event, Need]] = {
    Event.CORRECTION_NOTICE: _need(
        DOCKETING_PROVISIONS.at(7, rule="R-B02"), Event.COMPLAINT_RECEIVED
    ),
    Event.FEE_NOTICE: _need(
        COURT_FEE_MEASURES.at(22, 1, rule="R-B03"), Event.COMPLAINT_RECEIVED
    ),
    Event.MEDIATION_ASSIGNED: _need(
        INVITED_MEDIATION_PROVISIONS.at(27, rule="R-B64"), Event.COMPLAINT_RECEIVED
    ),
    Event.DOCKETED: _need(law(126, rule="R-B01"), Event.COMPLAINT_RECEIVED),
    Event.FEE_TOP_UP_NOTICE: _need(interpretation(199, rule="R-B04"), Event.DOCKETED),
    Event.MEDIATION_ENTRUSTED: _need(
        INVITED_MEDIATION_PROVISIONS.at(27, rule="R-B64"), Event.DOCKETED
    ),
    Event.COMPLAINT_SERVED: _need(law(128, rule="R-B05"), Event.DOCKETED),
    Event.DEFENCE_RECEIVED: _need(law(128, rule="R-B06"), Event.COMPLAINT_SERVED),
    Event.JURISDICTION_OBJECTION: _need(law(130, rule="R-B08"), Event.DOCKETED),
    Event.COUNTERCLAIM_FILED: _need(COURT_FEE_MEASURES.at(22, 1, rule="R-B09"), Event.DOCKETED),
    Event.EVIDENCE_NOTICE: _need(
        interpretation(99, rule="R-B10"), Event.DOCKETED, Event.APPEAL_DOCKETED
    ),
    Event.EVIDENCE_PERIOD_ENDS: _need(
        interpretation(99, rule="R-B10"), Event.DOCKETED, Event.APPEAL_DOCKETED
    ),
    Event.PUBLIC_NOTICE_OVER: _need(law(95, rule="R-B13"), Event.PUBLIC_NOTICE),
    Event.HEARING: _need(law(139, rule="R-B15"), Event.DOCKETED, Event.APPEAL_DOCKETED),
    Event.HEARING_OVER: _need(law(150, rule="R-B19"), Event.HEARING),
    Event.DEBATE_ENDS: _need(TRIAL, Event.HEARING, Event.DOCKETED),
    Event.PRONOUNCEMENT: _need(JUDGING, Event.DOCKETED),
    Event.JUDGMENT_SERVED: _need(JUDGING, Event.DOCKETED),
    Event.RULING_SERVED: _need(law(157, 2, rule="R-B22"), Event.COMPLAINT_RECEIVED),
}

SECOND_INSTANCE: Final[dict[Event, Need]] = {
    Event.APPEAL_FILED: _need(
        law(171, rule="R-B21"), Event.JUDGMENT_SERVED, Event.RULING_SERVED
    ),
    Event.APPEAL_PERIODS_OVER: _need(
        law(171, rule="R-B21"), Event.JUDGMENT_SERVED, Event.RULING_SERVED
    ),
    Event.APPEAL_FEE_NOTICE: _need(interpretation(318, rule="R-B24"), Event.APPEAL_FILED),
    Event.APPEAL_SERVED: _need(law(173, rule="R-B25"), Event.APPEAL_FILED),
    Event.APPEAL_DEFENCE_RECEIVED: _need(law(174, rule="R-B25"), Event.APPEAL_SERVED),
    Event.APPEAL_FILE_COMPLETE: _need(law(174, rule="R-B25"), Event.APPEAL_FILED),
    Event.APPEAL_DOCKETED: _need(law(174, rule="R-B25"), Event.APPEAL_FILED),
    Event.APPEAL_RULING_DOCKETED: _need(law(174, rule="R-B25"), Event.APPEAL_FILED),
    Event.EFFECTIVE: _need(
        law(158, rule="R-A12"),
        Event.JUDGMENT_SERVED,
        Event.MEDIATION_AGREED,
        Event.PAYMENT_ORDER_SERVED,
        Event.SECURITY_RULING_SERVED,
        Event.APPEAL_DOCKETED,
    ),
    Event.RETRIAL_REFUSED: _need(law(216, rule="R-B48"), Event.EFFECTIVE),
    Event.RETRIAL_APPLICATION_SERVED: _need(law(214, rule="R-B60"), Event.EFFECTIVE),
}

SPECIAL_PROCEDURES: Final[dict[Event, Need]] = {
    Event.PAYMENT_ORDER_ACCEPTED: _need(law(226, rule="R-B28"), Event.PAYMENT_ORDER_APPLIED),
    Event.PAYMENT_ORDER_ISSUED: _need(law(227, rule="R-B28"), Event.PAYMENT_ORDER_ACCEPTED),
    Event.PAYMENT_ORDER_SERVED: _need(
        law(227, rule="R-B28"), Event.PAYMENT_ORDER_ISSUED, Event.PAYMENT_ORDER_ACCEPTED
    ),
    Event.PAYMENT_ORDER_ENDED: _need(
        interpretation(438, rule="R-B29"), Event.PAYMENT_ORDER_APPLIED
    ),
    Event.SECURITY_APPLICATION_SERVED: _need(
        interpretation(366, rule="R-B31"), Event.SECURITY_ACCEPTED
    ),
    Event.SECURITY_RULING_SERVED: _need(
        interpretation(372, rule="R-B31"), Event.SECURITY_ACCEPTED
    ),
    Event.CLAIM_LIST_REVIEWED: _need(
        BANKRUPTCY_LAW.at(45, rule="R-B56"), Event.BANKRUPTCY_NOTICE
    ),
    Event.CREDITORS_RESOLUTION: _need(
        BANKRUPTCY_LAW.at(64, 2, rule="R-B63"), Event.BANKRUPTCY_NOTICE
    ),
}

ENFORCEMENT: Final[dict[Event, Need]] = {
    Event.PERFORMANCE_PERIOD_OVER: _need(law(250, rule="R-B35"), Event.EFFECTIVE),
    Event.ENFORCEMENT_APPLIED: _need(
        law(250, rule="R-B35"), Event.EFFECTIVE, Event.AWARD_RECEIVED, missed=False
    ),
    Event.ENFORCEMENT_REFUSED: _need(
        AWARD_ENFORCEMENT_PROVISIONS.at(5, rule="R-B61"), Event.ENFORCEMENT_APPLIED
    ),
    Event.ENFORCEMENT_DOCKETED: _need(
        interpretation(480, rule="R-B36"), Event.ENFORCEMENT_APPLIED
    ),
    Event.ENFORCEMENT_NOTICE_SERVED: _need(
        interpretation(480, rule="R-B36"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.CONDUCT_RULING_SERVED: _need(law(236, rule="R-B39"), Event.ENFORCEMENT_DOCKETED),
    Event.OUTSIDER_RULING_SERVED: _need(law(238, rule="R-B40"), Event.ENFORCEMENT_DOCKETED),
    Event.THIRD_PARTY_NOTICE_SERVED: _need(
        ENFORCEMENT_WORK_PROVISIONS.at(45, rule="R-B62"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.VALUATION_RECEIVED: _need(
        REFERENCE_PRICE_PROVISIONS.at(22, rule="R-B52"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.DISHONESTY_APPLIED: _need(
        DISHONESTY_LIST_PROVISIONS.at(5, rule="R-B57"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.EXIT_BAN: _need(
        ENFORCEMENT_OBJECTION_PROVISIONS.at(9, rule="R-B58"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.PLAN_OBJECTION_NOTICE: _need(interpretation(510, rule="R-B42"), Event.PLAN_SERVED),
    Event.PLAN_OPPOSITION_NOTICE: _need(interpretation(510, rule="R-B42"), Event.PLAN_SERVED),
    Event.ENFORCEMENT_ENDED: _need(
        END_OF_ENFORCEMENT_REPLY.at("全文", rule="R-B45"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.TERMINATED_THIS_TIME: _need(
        interpretation(517, rule="R-B51"), Event.ENFORCEMENT_DOCKETED
    ),
}

NEEDS: Final[dict[Event, Need]] = {
    **FIRST_INSTANCE,
    **SECOND_INSTANCE,
    **SPECIAL_PROCEDURES,
    **ENFORCEMENT,
}

PAYMENT_ORDERS: Final = frozenset(one for one in Event if one.startswith("payment_order"))
PLACES: Final[dict[Event, frozenset[str]]] = {  # kinds of procedure that know such an event
    **dict.fromkeys(PAYMENT_ORDERS, frozenset({"payment_order"})),
    **dict.fromkeys(
        (
            Event.ENFORCEMENT_APPLIED,
            Event.ENFORCEMENT_DOCKETED,
            Event.ENFORCEMENT_NOTICE_SERVED,
            Event.TERMINATED_THIS_TIME,
        ),
        frozenset({"enforcement"}),
    ),
    Event.APPEAL_DOCKETED: frozenset({"second"}),
    Event.APPEAL_RULING_DOCKETED: frozenset({"second"}),
    Event.COMPLAINT_SERVED: frozenset({"first", "retrial"}),
    Event.JUDGMENT_SERVED: frozenset({"first", "second", "retrial"}),
    Event.PRONOUNCEMENT: frozenset({"first", "second", "retrial"}),
}
HOME: Final[dict[Event, str]] = {  # where an event is counted whose procedure nobody named
    **dict.fromkeys(PAYMENT_ORDERS, "payment_order"),
    **dict.fromkeys(
        (
            Event.COMPLAINT_RECEIVED,
            Event.DOCKETED,
            Event.COMPLAINT_SERVED,
            Event.DEBATE_ENDS,
            Event.PRONOUNCEMENT,
            Event.JUDGMENT_SERVED,
            Event.EFFECTIVE,
        ),
        "first",
    ),
    Event.APPEAL_DOCKETED: "second",
    Event.ENFORCEMENT_DOCKETED: "enforcement",
}
