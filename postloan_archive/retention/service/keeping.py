"""The table of periods, the appraisal, the review after a restore."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.retention.errors import (
    AppraisalError,
    ListStateError,
    RetentionReasonError,
    TableRaceError,
    TableUnchangedError,
)
from postloan_archive.retention.models import Appraisal, RetentionEdition
from postloan_archive.retention.rules.periods import (
    CLASS_WORDS,
    Block,
    RetentionClass,
    check_table,
)
from postloan_archive.retention.standing import (
    REVIEWED,
    needs_review,
    standing_of,
    table_of,
)
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTable:
    """New years by class (None: permanent); `seen` is the edition on the screen."""

    years: Mapping[RetentionClass, int | None]
    reason: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraise:
    """A decision of the appraisers about several loan files at once."""

    loan_nos: tuple[str, ...]
    verdict: str  # destroy, extend, permanent
    members: str
    opinion: str
    report_no: str = ""
    until: date | None = None


def change_table(uow: UnitOfWork, cmd: ChangeTable) -> RetentionEdition:
    """Store the table as a new edition; the older ones stay.

    Raises:
        RetentionTooShortError, RetentionYearsError: a period outside the limits.
        RetentionReasonError: no reason.
        TableRaceError: somebody was faster.
        TableUnchangedError: nothing changes.
    """
    found, before = table_of(uow)
    if cmd.seen != found:
        raise TableRaceError(found=found)
    if not cmd.reason.strip():
        raise RetentionReasonError
    after = {one: cmd.years.get(one, before[one]) for one in RetentionClass}
    check_table(after)
    if after == dict(before):
        raise TableUnchangedError
    row = RetentionEdition(
        edition=found + 1,
        years={one.value: years for one, years in after.items()},
        reason=cmd.reason.strip(),
        changed_by=uow.actor.name,
        changed_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.record(
        "retention.table_changed",
        f"retention_edition:{row.edition}",
        reason=row.reason,
        changes=[
            [str(CLASS_WORDS[one]), before[one], after[one]]
            for one in RetentionClass
            if before[one] != after[one]
        ],
    )
    return row


def appraise(uow: UnitOfWork, cmd: Appraise) -> list[Appraisal]:
    """Record what the appraisers decided; whether a file may go is looked at again later.

    Raises:
        LoanNotFoundError: one of the loans is none of this actor's.
        AppraisalError: something is missing, the new day is not later, or a file is not due.
    """
    if not cmd.loan_nos:
        raise AppraisalError(field="loans", reason=_l("请至少选一个案卷。"))
    if not cmd.opinion.strip():
        raise AppraisalError(field="opinion", reason=_l("请写明鉴定意见。"))
    if not cmd.members.strip():
        raise AppraisalError(field="members", reason=_l("请写明鉴定人员。"))
    if cmd.verdict not in {"destroy", "extend", "permanent"}:
        raise AppraisalError(field="verdict", reason=_l("请选择鉴定结论。"))
    rows = []
    for loan_no in dict.fromkeys(cmd.loan_nos):
        loan = loans.get_loan(uow, loan_no)
        standing = standing_of(uow, loan)
        end = standing.period.value.end
        if not standing.expired:
            raise AppraisalError(
                field="loans",
                reason=_l("案卷 {no} 保管期限未届满，无须鉴定。").format(no=loan_no),
            )
        if any(block is Block.DESTROYED for block, _ in standing.blocks):
            raise AppraisalError(field="loans", reason=_l("案卷已销毁。"))
        until = cmd.until if cmd.verdict == "extend" else None
        if cmd.verdict == "extend" and (until is None or until <= uow.clock.today()):
            raise AppraisalError(field="until", reason=_l("延长后的届满日须晚于今天。"))
        row = Appraisal(
            loan_id=loan.id,
            verdict=cmd.verdict,
            until=until,
            report_no=cmd.report_no.strip(),
            members=cmd.members.strip(),
            opinion=cmd.opinion.strip(),
            period_end=end,
            appraised_by=uow.actor.name,
            appraised_at=uow.clock.now(),
        )
        uow.session.add(row)
        uow.record(
            "retention.appraised",
            f"loan:{loan.id}",
            loan_no=loan.loan_no,
            verdict=row.verdict,
            until=until.isoformat() if until else None,
            report_no=row.report_no,
        )
        rows.append(row)
    return rows


def review_restore(uow: UnitOfWork, note: str) -> None:
    """Record that the holds were compared after a restore; destruction is possible again.

    Raises:
        ListStateError: nothing waits for a review.
        RetentionReasonError: no words on what was compared.
    """
    stamp = needs_review(uow)
    if stamp is None:
        raise ListStateError(list_no="")
    if not note.strip():
        raise RetentionReasonError
    uow.record(REVIEWED, f"restore:{stamp}", note=note.strip())
