"""Changing the settings of the rules: a new edition each time, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.policy import queries
from postloan_archive.policy.models import PolicyEdition
from postloan_archive.policy.settings import checked, differences, stored
from postloan_archive.uow import UnitOfWork


class PolicyReasonError(RuleError):
    """A change of the settings says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由和批准文件。"))


class PolicyUnchangedError(RuleError):
    """The settings are what they were."""

    def __init__(self) -> None:
        super().__init__(_l("设置没有改变。"))


class PolicyRaceError(ConflictError):
    """Somebody else changed the settings meanwhile."""

    next_step = _l("请刷新后重试。")

    def __init__(self, *, seen: int, found: int) -> None:
        super().__init__(
            _l("设置已有第 {found} 版，您看到的是第 {seen} 版。"), seen=seen, found=found
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """New values by name of the setting; `seen` is the edition on the screen, 0 for none."""

    values: Mapping[str, object]
    reason: str
    seen: int


def change_policy(uow: UnitOfWork, cmd: ChangePolicy) -> PolicyEdition:
    """Store the settings as a new edition; the older ones stay.

    Raises:
        SettingError: a value outside its limits.
        PolicyReasonError: no reason.
        PolicyUnchangedError: nothing changes.
        PolicyRaceError: somebody was faster.
    """
    newest = queries.newest(uow)
    found = newest.edition if newest else 0
    if cmd.seen != found:
        raise PolicyRaceError(seen=cmd.seen, found=found)
    if not cmd.reason.strip():
        raise PolicyReasonError
    before, after = queries.load_policy(uow), checked(cmd.values)
    changes = differences(before, after)
    if not changes:
        raise PolicyUnchangedError
    row = PolicyEdition(
        edition=found + 1,
        settings=stored(after),
        reason=cmd.reason.strip(),
        changed_by=uow.actor.name,
        changed_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the next look at the settings must see it
    queries.forget_policy(uow)
    uow.record(
        "policy.changed",
        f"law_policy:{row.edition}",
        reason=row.reason,
        changes=[list(change) for change in changes],
    )
    return row
