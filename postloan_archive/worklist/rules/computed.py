"""What the sources compute and what a recomputation does with the stored row."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Due
from postloan_archive.worklist.rules.kinds import Kind

GONE: Final = _l("计算依据已不存在：事项被划销或更正。")
PAID_UP: Final = _l("已无逾期欠款。")
SETTLED: Final = _l("贷款已结清。")
COMPUTED: Final = "computed"
COURT_DOCUMENT: Final = "court_document"
ENTERED: Final = "entered"


class State(StrEnum):
    """Where a deadline stands."""

    OPEN = "open"
    DONE = "done"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A fact that ends a deadline.

    Attributes:
        state: done where the act is on record, struck where it can no longer matter.
        on: the day of the fact.
        why: one Chinese sentence.
        document_id: the paper that proves it.
    """

    state: State
    on: date
    why: str
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """One deadline as the facts give it today.

    Attributes:
        key: names the computation for good; a moved trigger leaves it as it is.
        subject: `table:id` of the thing, such as `preservation:12`.
        title: what is to be done, Chinese.
        due: the three days with provision, steps and editions.
        source: `court_document` where a paper of the court states the day (R-001).
        computed_legal: ours, where the paper of the court states another day.
        trigger: what started it, Chinese; with its day and the paper that proves it.
        rule: id of the rule, such as R-C07.
        at: the moment of a hearing.
        owner: user name; kept only until somebody is assigned.
        reminders: days on which to remind.
        escalate_on: from this day it goes to the manager.
        ended: what ended it, None while it runs.
    """

    key: str
    kind: Kind
    subject: str
    title: str
    due: Due
    trigger: str
    trigger_on: date | None = None
    proof_document_id: int | None = None
    rule: str = ""
    case_id: int | None = None
    source: str = COMPUTED
    computed_legal: date | None = None
    at: datetime | None = None
    owner: str = ""
    reminders: tuple[date, ...] = ()
    escalate_on: date | None = None
    ended: Ended | None = None


class Verdict(StrEnum):
    """What a recomputation does with one key."""

    CREATE = "create"
    CREATE_DONE = "create_done"
    SKIP = "skip"
    UPDATE = "update"
    REOPEN = "reopen"
    FINISH = "finish"
    STRIKE = "strike"
    KEEP = "keep"


def decide(
    stored: State | None, computed: Computed | None, *, struck_by_person: bool = False
) -> Verdict:
    """Return what becomes of the stored row, given what the facts say today.

    Done stays done. What a person struck stays struck; what a recomputation struck comes back
    when its facts do. Nothing is deleted.

    Args:
        stored: state of the row with this key, None where there is none.
        computed: what the facts give, None where they give nothing any more.
        struck_by_person: the row was struck by hand.
    """
    if stored is State.DONE or (stored is State.STRUCK and struck_by_person):
        return Verdict.KEEP
    wanted = None if computed is None else (computed.ended and computed.ended.state)
    running = computed is not None and computed.ended is None
    if stored is None:
        if running:
            return Verdict.CREATE
        return Verdict.CREATE_DONE if wanted is State.DONE else Verdict.SKIP
    if running:
        return Verdict.UPDATE if stored is State.OPEN else Verdict.REOPEN
    if wanted is State.DONE:
        return Verdict.FINISH
    return Verdict.STRIKE if stored is State.OPEN else Verdict.KEEP
