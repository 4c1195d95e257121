"""The plan of the letters in use, and changing it: a new edition each time, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.notices.models import LetterPlan
from postloan_archive.notices.rules.stages import (
    KINDS_OF,
    MOST_DAYS,
    STANDARD_PLAN,
    Stage,
    Trigger,
)
from postloan_archive.uow import UnitOfWork

LABELS: Final = {
    "days": _l("天数"),
    "kind": _l("函件"),
    "guarantors": _l("同时通知连带保证人"),
    "active": _l("启用"),
}


class StageError(RuleError):
    """A stage holds what the plan cannot work with."""

    def __init__(self, *, stage: str, label: str, reason: str) -> None:
        super().__init__(_l("{label}：{reason}"), label=label, reason=reason)
        self.field = stage  # type: ignore[misc]  # each stage is a row of one form


class PlanReasonError(RuleError):
    """A change of the plan says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由和批准文件。"))


class PlanUnchangedError(RuleError):
    """The plan is what it was."""

    def __init__(self) -> None:
        super().__init__(_l("计划没有改变。"))


class PlanRaceError(ConflictError):
    """Somebody else changed the plan meanwhile."""

    next_step = _l("请刷新后重试。")

    def __init__(self, *, seen: int, found: int) -> None:
        super().__init__(
            _l("计划已有第 {found} 版，您看到的是第 {seen} 版。"), seen=seen, found=found
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """What a person set for one stage; days as typed, None where they are no number."""

    key: str
    days: int | None
    kind: str
    guarantors: bool
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlan:
    """The stages as they shall be; `seen` is the edition on the screen, 0 for none."""

    stages: tuple[StageChange, ...]
    reason: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInUse:
    """The stages and the edition they are of, 0 for the standard plan."""

    edition: int
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One change of the plan: stage, before, after."""

    edition: int
    reason: str
    changed_by: str
    changed_at: datetime
    changes: tuple[tuple[str, str, str], ...]


def plan_in_use(uow: UnitOfWork) -> PlanInUse:
    """Return the newest plan, the standard one where nobody has changed it."""
    row = uow.session.scalar(select(LetterPlan).order_by(LetterPlan.edition.desc()).limit(1))
    if row is None:
        return PlanInUse(edition=0, stages=STANDARD_PLAN)
    return PlanInUse(edition=row.edition, stages=_stages(row.stages))


def editions(uow: UnitOfWork) -> list[EditionRow]:
    """Return every change of the plan, newest first."""
    found: list[EditionRow] = []
    before: tuple[Stage, ...] = STANDARD_PLAN
    for row in uow.session.scalars(select(LetterPlan).order_by(LetterPlan.edition)):
        after = _stages(row.stages)
        found.append(
            EditionRow(
                edition=row.edition,
                reason=row.reason,
                changed_by=row.changed_by,
                changed_at=row.changed_at,
                changes=differences(before, after),
            )
        )
        before = after
    return found[::-1]


def change_plan(uow: UnitOfWork, cmd: ChangePlan) -> LetterPlan:
    """Store the plan as a new edition; the proposals of today are computed again.

    Raises:
        StageError: a stage holds what the plan cannot work with.
        PlanReasonError: no reason.
        PlanUnchangedError: nothing changes.
        PlanRaceError: somebody was faster.
    """
    used = plan_in_use(uow)
    if cmd.seen != used.edition:
        raise PlanRaceError(seen=cmd.seen, found=used.edition)
    after = _checked(used.stages, cmd.stages)
    if not cmd.reason.strip():
        raise PlanReasonError
    changes = differences(used.stages, after)
    if not changes:
        raise PlanUnchangedError
    row = LetterPlan(
        edition=used.edition + 1,
        stages=[_stored(stage) for stage in after],
        reason=cmd.reason.strip(),
        changed_by=uow.actor.name,
        changed_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.record(
        "notices.plan_changed",
        f"letter_plan:{row.edition}",
        reason=row.reason,
        changes=[list(change) for change in changes],
    )
    uow.enqueue("propose_letters")
    return row


def differences(
    before: Sequence[Stage], after: Sequence[Stage]
) -> tuple[tuple[str, str, str], ...]:
    """Return label, old and new words of each stage that differs."""
    known = {stage.key: stage for stage in before}
    return tuple(
        (stage.label, words_of(known[stage.key]), words_of(stage))
        for stage in after
        if known[stage.key] != stage
    )


def words_of(stage: Stage) -> str:
    """Return a stage as a person reads it."""
    if not stage.active:
        return _l("停用")
    parts = [f"{stage.days} {_UNITS[stage.trigger]}"]
    if stage.kind:
        parts.append(stage.kind)
    if stage.guarantors:
        parts.append("N04")
    return " · ".join(parts)


def _checked(used: Sequence[Stage], changes: Sequence[StageChange]) -> tuple[Stage, ...]:
    by_key = {change.key: change for change in changes}
    found = []
    for stage in used:
        change = by_key.get(stage.key)
        if change is None:
            found.append(stage)
            continue
        if stage.trigger is Trigger.SETTLED:
            days = stage.days
        elif change.days is None or not 1 <= change.days <= MOST_DAYS:
            raise StageError(
                stage=stage.key, label=stage.label, reason=f"天数应为 1 至 {MOST_DAYS} 的整数。"
            )
        else:
            days = change.days
        choices = KINDS_OF[stage.trigger]
        if choices and change.kind not in choices:
            raise StageError(
                stage=stage.key, label=stage.label, reason=f"函件只能是 {'、'.join(choices)}。"
            )
        found.append(
            replace(
                stage,
                days=days,
                kind=change.kind if choices else stage.kind,
                guarantors=change.guarantors and stage.trigger is Trigger.OVERDUE,
                active=change.active,
            )
        )
    _refuse_twice(found)
    return tuple(found)


def _refuse_twice(stages: Sequence[Stage]) -> None:
    seen: dict[tuple[int, str], Stage] = {}
    for stage in stages:
        if stage.trigger is not Trigger.OVERDUE or not stage.active:
            continue
        other = seen.setdefault((stage.days, stage.kind), stage)
        if other is not stage:
            reason = f"与“{other.label}”天数和函件相同。"
            raise StageError(stage=stage.key, label=stage.label, reason=reason)


def _stored(stage: Stage) -> dict[str, Any]:
    return {
        "key": stage.key,
        "days": stage.days,
        "kind": stage.kind,
        "guarantors": stage.guarantors,
        "active": stage.active,
    }


def _stages(stored: Sequence[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """Return stored stages; one that is newer than they are is as in the standard plan."""
    known = {str(one["key"]): one for one in stored}
    return tuple(
        replace(
            stage,
            days=int(known[stage.key]["days"]),
            kind=str(known[stage.key]["kind"]),
            guarantors=bool(known[stage.key]["guarantors"]),
            active=bool(known[stage.key]["active"]),
        )
        if stage.key in known
        else stage
        for stage in STANDARD_PLAN
    )


_UNITS: Final = {
    Trigger.BEFORE_DUE: _l("天（到期前）"),
    Trigger.OVERDUE: _l("天（逾期第）"),
    Trigger.LIMITATION: _l("天（时效届满前）"),
    Trigger.GUARANTEE: _l("天（保证期间届满前）"),
    Trigger.NO_WORD: _l("天（寄出后无回执）"),
    Trigger.UNREACHABLE: _l("封（退回）"),
    Trigger.SETTLED: _l("天（结清后）"),
}
