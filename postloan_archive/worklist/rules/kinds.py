"""The kinds of deadlines: the words of a clerk, and which event of a case leads to which."""

from enum import StrEnum
from typing import Final

from postloan_archive.cases.rules.events import Event
from postloan_archive.kernel.errors import _l


class Kind(StrEnum):
    """What a deadline is about; stored by value."""

    RENEWAL = "renewal"
    PRESERVATION = "preservation"
    SECURITY = "security"
    LIMITATION = "limitation"
    GUARANTEE = "guarantee"
    HEARING = "hearing"
    EVIDENCE = "evidence"
    APPEAL = "appeal"
    ANSWER = "answer"
    FEE = "fee"
    CORRECTION = "correction"
    FILING = "filing"
    ENFORCEMENT = "enforcement"
    PROCEDURE = "procedure"
    OTHER = "other"


LABELS: Final[dict[Kind, str]] = {
    Kind.RENEWAL: _l("续行申请"),
    Kind.PRESERVATION: _l("保全到期"),
    Kind.SECURITY: _l("担保到期"),
    Kind.LIMITATION: _l("诉讼时效"),
    Kind.GUARANTEE: _l("保证期间"),
    Kind.HEARING: _l("开庭"),
    Kind.EVIDENCE: _l("举证"),
    Kind.APPEAL: _l("上诉"),
    Kind.ANSWER: _l("答辩"),
    Kind.FEE: _l("交费"),
    Kind.CORRECTION: _l("补正"),
    Kind.FILING: _l("起诉"),
    Kind.ENFORCEMENT: _l("申请执行"),
    Kind.PROCEDURE: _l("其他程序"),
    Kind.OTHER: _l("其他事项"),
}
LONG: Final = frozenset({Kind.LIMITATION, Kind.GUARANTEE})  # the warning begins at 90 days
NOT_REPAIRABLE: Final = frozenset({Kind.RENEWAL, Kind.PRESERVATION})
COURT: Final = frozenset(
    {
        Kind.HEARING,
        Kind.EVIDENCE,
        Kind.APPEAL,
        Kind.ANSWER,
        Kind.FEE,
        Kind.CORRECTION,
        Kind.FILING,
        Kind.PROCEDURE,
    }
)
"""What the level table of the desk calls 诉讼程序."""

LEVELS: Final[tuple[tuple[str, str, frozenset[Kind]], ...]] = (  # key, label, kinds
    ("preservation", _l("保全到期"), frozenset({Kind.PRESERVATION})),
    ("renewal", _l("续行申请（安全日）"), frozenset({Kind.RENEWAL})),
    ("limitation", _l("诉讼时效"), frozenset({Kind.LIMITATION})),
    ("guarantee", _l("保证期间"), frozenset({Kind.GUARANTEE})),
    ("court", _l("诉讼程序"), COURT),
    ("enforcement", _l("申请执行"), frozenset({Kind.ENFORCEMENT})),
    ("other", _l("其他"), frozenset({Kind.SECURITY, Kind.OTHER})),
)
GROUPS: Final[dict[str, frozenset[Kind]]] = {key: kinds for key, _label, kinds in LEVELS}

_BY_EVENT: Final[dict[Event, Kind]] = {
    Event.HEARING: Kind.HEARING,
    Event.EVIDENCE_NOTICE: Kind.EVIDENCE,
    Event.EVIDENCE_PERIOD_ENDS: Kind.EVIDENCE,
    Event.JUDGMENT_SERVED: Kind.APPEAL,
    Event.RULING_SERVED: Kind.APPEAL,
    Event.APPEAL_SERVED: Kind.ANSWER,
    Event.RETRIAL_APPLICATION_SERVED: Kind.ANSWER,
    Event.FEE_NOTICE: Kind.FEE,
    Event.FEE_TOP_UP_NOTICE: Kind.FEE,
    Event.APPEAL_FEE_NOTICE: Kind.FEE,
    Event.CORRECTION_NOTICE: Kind.CORRECTION,
    Event.PRELITIGATION_MEASURE: Kind.FILING,
    Event.PERFORMANCE_PERIOD_OVER: Kind.ENFORCEMENT,
    Event.SETTLEMENT_PERIOD_OVER: Kind.ENFORCEMENT,
}


def kind_of(event: Event) -> Kind:
    """Return the kind of what follows from an event of a case."""
    return _BY_EVENT.get(event, Kind.PROCEDURE)
