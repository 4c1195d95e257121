"""Which papers an event or a state of the loan calls for (R-H01); the system proposes only."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE

TRIGGERS: Final = HOUSE_RULE.at("文书触发表", rule="R-H01", confidence=Confidence.MEMORY)

DUE_NOTICE_DAYS: Final = 30  # 1 to 30 days before the due date, both included
FIRM_DEMAND_FROM: Final = 60  # days overdue, included
LAWYER_LETTER_FROM: Final = 90  # days overdue, included
STAGE_DAYS: Final = (90, 60, 30, 1)  # one proposal per stage and addressee


class GuaranteeKind(StrEnum):
    """Who answers beside the debtor, as far as notices go."""

    JOINT = "joint"
    GENERAL = "general"
    THIRD_PARTY_SECURITY = "third_party_security"


# A general guarantor owes nothing yet: it is not asked to perform.
ANSWERS_NOW: Final = frozenset({GuaranteeKind.JOINT, GuaranteeKind.THIRD_PARTY_SECURITY})


class Event(StrEnum):
    """What can happen to a loan or a case that calls for papers."""

    PRELITIGATION_PRESERVATION_DONE = "prelitigation_preservation_done"
    PRESERVATION_EXPIRES_IN_DAYS = "preservation_expires_in_days"
    SETTLED_AFTER_PRESERVATION = "settled_after_preservation"
    SETTLED = "settled"
    LIMITATION_ENDS_IN_DAYS = "limitation_ends_in_days"
    GUARANTEE_PERIOD_ENDS_IN_DAYS = "guarantee_period_ends_in_days"
    ACCELERATION_DECIDED = "acceleration_decided"
    INSPECTION_DEFECT = "inspection_defect"
    DEBTOR_UNREACHABLE = "debtor_unreachable"
    CLAIM_TRANSFERRED = "claim_transferred"
    NEGATIVE_CREDIT_REPORT_PLANNED = "negative_credit_report_planned"
    RATE_REPRICED = "rate_repriced"
    EXTENSION_PLANNED = "extension_planned"
    MAXIMUM_AMOUNT_FIXED = "maximum_amount_fixed"
    HANDED_TO_LITIGATION = "handed_to_litigation"
    JUDGMENT_RECEIVED = "judgment_received"
    PERFORMANCE_PERIOD_OVER_UNPAID = "performance_period_over_unpaid"
    NEW_ASSET_AFTER_TERMINATED_ENFORCEMENT = "new_asset_after_terminated_enforcement"
    OTHER_CREDITOR_ENFORCES = "other_creditor_enforces"
    OUTSIDER_OBJECTION_UPHELD = "outsider_objection_upheld"
    DISTRIBUTION_PLAN_RECEIVED = "distribution_plan_received"
    DEBTOR_BANKRUPTCY_ACCEPTED = "debtor_bankruptcy_accepted"


WITHIN_DAYS: Final = {  # days to the end, inclusive; later the event asks for nothing yet
    Event.PRESERVATION_EXPIRES_IN_DAYS: 60,
    Event.LIMITATION_ENDS_IN_DAYS: 180,
    Event.GUARANTEE_PERIOD_ENDS_IN_DAYS: 90,
}
DOCS: Final[dict[Event, tuple[str, ...]]] = {
    Event.PRELITIGATION_PRESERVATION_DONE: ("P01",),
    Event.PRESERVATION_EXPIRES_IN_DAYS: ("P04",),
    Event.SETTLED_AFTER_PRESERVATION: ("P05",),
    Event.SETTLED: ("N13",),
    Event.LIMITATION_ENDS_IN_DAYS: ("N02",),
    Event.GUARANTEE_PERIOD_ENDS_IN_DAYS: (),  # by the kind of guarantee
    Event.ACCELERATION_DECIDED: ("N03",),
    Event.INSPECTION_DEFECT: ("N15",),
    Event.DEBTOR_UNREACHABLE: ("N09",),
    Event.CLAIM_TRANSFERRED: ("N07",),
    Event.NEGATIVE_CREDIT_REPORT_PLANNED: ("N12",),
    Event.RATE_REPRICED: ("N10",),
    Event.EXTENSION_PLANNED: (),  # only with a guarantee
    Event.MAXIMUM_AMOUNT_FIXED: ("N16",),
    Event.HANDED_TO_LITIGATION: ("A06", "P01", "A01", "A02", "A03", "A05", "A07"),
    Event.JUDGMENT_RECEIVED: ("A11",),
    Event.PERFORMANCE_PERIOD_OVER_UNPAID: ("X01", "X05", "X08"),
    Event.NEW_ASSET_AFTER_TERMINATED_ENFORCEMENT: ("X02",),
    Event.OTHER_CREDITOR_ENFORCES: ("X03",),
    Event.OUTSIDER_OBJECTION_UPHELD: ("X11",),
    Event.DISTRIBUTION_PLAN_RECEIVED: ("X13",),
    Event.DEBTOR_BANKRUPTCY_ACCEPTED: ("X12",),
}


class DaysMissingError(RuleError):
    """The event is a countdown and nobody said how many days are left."""

    field = "days"

    def __init__(self, *, event: Event) -> None:
        super().__init__(_l("事件 {event} 须填写剩余天数。"), basis=TRIGGERS, event=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Papers to propose now, papers that must follow, and the rule of their deadline."""

    docs: tuple[str, ...]
    docs_required_next: tuple[str, ...] = ()
    deadline_rule: str | None = None


def _derived(proposal: Proposal, why: str) -> Derived[Proposal]:
    return Derived(
        value=proposal,
        basis=(TRIGGERS,),
        steps=(f"{why}：{'、'.join(proposal.docs) or '无需文书'}（由人决定是否发出）",),
    )


def docs_before_due(days_to_due: int) -> Derived[Proposal]:
    """Return the papers for a performing loan that many days before a due date."""
    docs = ("N01",) if 1 <= days_to_due <= DUE_NOTICE_DAYS else ()
    return _derived(Proposal(docs=docs), f"距到期 {days_to_due} 天")


def docs_when_overdue(
    days_overdue: int, guarantee: GuaranteeKind | None = None
) -> Derived[Proposal]:
    """Return the papers for an overdue loan; the guarantor's notice comes last."""
    if days_overdue < 1:
        docs: tuple[str, ...] = ()
    elif days_overdue < FIRM_DEMAND_FROM:
        docs = ("N02",)
    elif days_overdue < LAWYER_LETTER_FROM:
        docs = ("N05",)
    else:
        docs = ("N05", "N06")
    if docs and guarantee in ANSWERS_NOW:
        docs = (*docs, "N04")
    return _derived(Proposal(docs=docs), f"逾期 {max(0, days_overdue)} 天")


def docs_for_event(
    event: Event, *, guarantee: GuaranteeKind | None = None, days: int | None = None
) -> Derived[Proposal]:
    """Return the papers that an event calls for.

    Args:
        event: what happened.
        guarantee: the guarantor or third-party security provider, if any.
        days: days left, for events that are a countdown.

    Raises:
        DaysMissingError: the event is a countdown and `days` is None.
    """
    limit = WITHIN_DAYS.get(event)
    if limit is not None and days is None:
        raise DaysMissingError(event=event)
    docs = DOCS[event]
    if limit is not None and days is not None and days > limit:
        docs = ()
    elif event is Event.GUARANTEE_PERIOD_ENDS_IN_DAYS:
        by_kind = {GuaranteeKind.JOINT: ("N04",), GuaranteeKind.GENERAL: ("P01",)}
        docs = by_kind.get(guarantee, ()) if guarantee else ()
    elif event is Event.ACCELERATION_DECIDED and guarantee in ANSWERS_NOW:
        docs = (*docs, "N04")
    elif event is Event.EXTENSION_PLANNED and guarantee:
        docs = ("N14",)
    elif event is Event.DEBTOR_BANKRUPTCY_ACCEPTED and guarantee:
        docs = (*docs, "N04")
    if event is Event.PRELITIGATION_PRESERVATION_DONE:
        proposal = Proposal(docs=docs, docs_required_next=("P01",), deadline_rule="R-C02")
    else:
        proposal = Proposal(docs=docs)
    return _derived(proposal, f"事件 {event}")


def demand_stage(days_overdue: int) -> int | None:
    """Return the first day of the stage (1, 30, 60, 90), None if not overdue.

    One proposal per stage and addressee, not one a day.
    """
    return next((day for day in STAGE_DAYS if days_overdue >= day), None)
