"""Writing again where a letter brought no word: the same kind, to the same people."""

from collections.abc import Sequence
from datetime import date

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.notices import queries, service
from postloan_archive.notices.models import NoticeRun
from postloan_archive.notices.service import PlanRun
from postloan_archive.uow import UnitOfWork


class NoneWaitingError(RuleError):
    """No letter was marked that waits for word."""

    next_step = _l("请刷新后重新选择。")

    def __init__(self) -> None:
        super().__init__(_l("没有选中未回执的函件。"))


class KindsMixedError(RuleError):
    """One run holds letters of one kind."""

    next_step = _l("请分别勾选同一种函件。")

    def __init__(self, *, kinds: str) -> None:
        super().__init__(_l("选中的函件分属 {kinds}，一个批次只发一种。"), kinds=kinds)


def write_again(uow: UnitOfWork, sent_until: date, marked: Sequence[int] | None) -> NoticeRun:
    """Plan a run of the same letters with the amounts of today; nothing is sent yet.

    Args:
        uow: the unit of work.
        sent_until: letters sent by this day of which nothing came back.
        marked: only these; None: all of them.

    Raises:
        NoneWaitingError: none is left.
        KindsMixedError: they are letters of several kinds.
    """
    rows = queries.waiting(uow, sent_until=sent_until)
    if marked is not None:
        rows = [row for row in rows if row.id in marked]
    if not rows:
        raise NoneWaitingError
    kinds = sorted({row.kind for row in rows})
    if len(kinds) > 1:
        raise KindsMixedError(kinds="、".join(kinds))
    guarantees = tuple(row.guarantee_id for row in rows if row.guarantee_id is not None)
    return service.plan_run(
        uow,
        PlanRun(
            kind=kinds[0],
            as_of=uow.clock.today(),
            loan_nos=tuple(dict.fromkeys(row.loan_no for row in rows)),
            guarantee_ids=guarantees or None,
        ),
    )
