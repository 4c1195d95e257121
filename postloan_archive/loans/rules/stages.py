"""Where a loan stands in its life after disbursement: the word of lists and reports."""

from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import _l


class Stage(StrEnum):
    """From the first instalment to the last yuan."""

    PERFORMING = "performing"
    OVERDUE = "overdue"
    LITIGATION = "litigation"
    JUDGED = "judged"
    EFFECTIVE = "effective"
    ENFORCEMENT = "enforcement"
    SETTLED = "settled"
    TRANSFERRED = "transferred"


STAGE_LABELS: Final[dict[Stage, str]] = {
    Stage.PERFORMING: _l("正常履约"),
    Stage.OVERDUE: _l("逾期催收"),
    Stage.LITIGATION: _l("诉讼中"),
    Stage.JUDGED: _l("已判决"),
    Stage.EFFECTIVE: _l("判决生效"),
    Stage.ENFORCEMENT: _l("执行中"),
    Stage.SETTLED: _l("已结清"),
    Stage.TRANSFERRED: _l("债权已转让"),
}
IN_COURT: Final = (Stage.LITIGATION, Stage.JUDGED, Stage.EFFECTIVE, Stage.ENFORCEMENT)


def stage_of(
    *,
    court: str,
    overdue_days: int,
    settled_on: date | None,
    as_of: date,
    transferred_on: date | None = None,
) -> Stage:
    """Return where a loan stands on a day.

    Args:
        court: what the cases have reported, a value of `Stage`; `performing` where none did.
        overdue_days: on `as_of`.
        settled_on: the day the last yuan came in, None while something is owed.
        as_of: the day.
        transferred_on: the day the claim passed to a buyer, None while it is ours.
    """
    if transferred_on is not None and transferred_on <= as_of:
        return Stage.TRANSFERRED
    if settled_on is not None and settled_on <= as_of:
        return Stage.SETTLED
    reported = Stage(court) if court in set(Stage) else Stage.PERFORMING
    if reported in IN_COURT:
        return reported
    return Stage.OVERDUE if overdue_days > 0 else Stage.PERFORMING


def court_stages_up_to(stage: Stage) -> tuple[Stage, ...]:
    """Return every court stage that a loan at `stage` has gone through, itself included."""
    return IN_COURT[: IN_COURT.index(stage) + 1] if stage in IN_COURT else ()
