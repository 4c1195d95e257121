"""The steps of a case and which may follow which: a table, not a chain of ifs."""

from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.rules.stages import Stage


class Step(StrEnum):
    """Where a case stands."""

    PREPARED = "prepared"
    FILED = "filed"
    MEDIATING = "mediating"
    NOT_ACCEPTED = "not_accepted"
    DOCKETED = "docketed"
    TRIAL = "trial"
    SUSPENDED = "suspended"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    JUDGED = "judged"
    APPEALED = "appealed"
    EFFECTIVE = "effective"
    RETRIAL = "retrial"
    PAYMENT_ORDER = "payment_order"
    SECURITY_PROCEDURE = "security_procedure"
    ENFORCEMENT = "enforcement"
    ENFORCEMENT_SETTLED = "enforcement_settled"
    TERMINATED = "terminated"
    BANKRUPTCY = "bankruptcy"
    CLOSED = "closed"


PROCEDURE_KINDS: Final = frozenset(
    {"preservation", "first", "second", "retrial", "enforcement", "payment_order"}
)

STEP_LABELS: Final[dict[Step, str]] = {
    Step.PREPARED: "准备",
    Step.FILED: "已提交起诉状",
    Step.MEDIATING: "诉前调解",
    Step.NOT_ACCEPTED: "不予受理或驳回起诉",
    Step.DOCKETED: "已立案",
    Step.TRIAL: "审理中",
    Step.SUSPENDED: "中止",
    Step.SETTLED: "调解或和解",
    Step.WITHDRAWN: "撤诉",
    Step.JUDGED: "一审已判",
    Step.APPEALED: "二审",
    Step.EFFECTIVE: "已生效",
    Step.RETRIAL: "再审",
    Step.PAYMENT_ORDER: "支付令",
    Step.SECURITY_PROCEDURE: "实现担保物权",
    Step.ENFORCEMENT: "执行中",
    Step.ENFORCEMENT_SETTLED: "执行和解",
    Step.TERMINATED: "终结本次执行",
    Step.BANKRUPTCY: "破产程序",
    Step.CLOSED: "已结案",
}

LOAN_STAGES: Final[dict[Step, Stage]] = {  # what a step of the case means for the loan
    Step.PREPARED: Stage.PERFORMING,
    Step.FILED: Stage.LITIGATION,
    Step.MEDIATING: Stage.LITIGATION,
    Step.NOT_ACCEPTED: Stage.PERFORMING,
    Step.DOCKETED: Stage.LITIGATION,
    Step.TRIAL: Stage.LITIGATION,
    Step.SUSPENDED: Stage.LITIGATION,
    Step.SETTLED: Stage.EFFECTIVE,
    Step.WITHDRAWN: Stage.PERFORMING,
    Step.JUDGED: Stage.JUDGED,
    Step.APPEALED: Stage.JUDGED,
    Step.EFFECTIVE: Stage.EFFECTIVE,
    Step.RETRIAL: Stage.EFFECTIVE,
    Step.PAYMENT_ORDER: Stage.LITIGATION,
    Step.SECURITY_PROCEDURE: Stage.LITIGATION,
    Step.ENFORCEMENT: Stage.ENFORCEMENT,
    Step.ENFORCEMENT_SETTLED: Stage.ENFORCEMENT,
    Step.TERMINATED: Stage.ENFORCEMENT,
    Step.BANKRUPTCY: Stage.ENFORCEMENT,
    Step.CLOSED: Stage.PERFORMING,
}

NEXT: Final[dict[Step, frozenset[Step]]] = {  # every Step is a key; a test says so
    Step.PREPARED: frozenset(
        {
            Step.FILED,
            Step.PAYMENT_ORDER,
            Step.SECURITY_PROCEDURE,
            Step.ENFORCEMENT,  # a notarised instrument or an award needs no judgment
            Step.BANKRUPTCY,
            Step.CLOSED,
        }
    ),
    Step.FILED: frozenset(
        {Step.MEDIATING, Step.DOCKETED, Step.NOT_ACCEPTED, Step.WITHDRAWN, Step.CLOSED}
    ),
    Step.MEDIATING: frozenset({Step.DOCKETED, Step.SETTLED, Step.WITHDRAWN, Step.CLOSED}),
    Step.NOT_ACCEPTED: frozenset({Step.APPEALED, Step.PREPARED, Step.CLOSED}),
    Step.DOCKETED: frozenset(
        {
            Step.TRIAL,
            Step.SUSPENDED,
            Step.SETTLED,
            Step.WITHDRAWN,
            Step.NOT_ACCEPTED,
            Step.JUDGED,
            Step.BANKRUPTCY,
        }
    ),
    Step.TRIAL: frozenset(
        {
            Step.JUDGED,
            Step.SUSPENDED,
            Step.SETTLED,
            Step.WITHDRAWN,
            Step.NOT_ACCEPTED,
            Step.BANKRUPTCY,
        }
    ),
    Step.SUSPENDED: frozenset(
        {Step.TRIAL, Step.APPEALED, Step.ENFORCEMENT, Step.BANKRUPTCY, Step.CLOSED}
    ),
    Step.SETTLED: frozenset({Step.EFFECTIVE, Step.ENFORCEMENT, Step.RETRIAL, Step.CLOSED}),
    Step.WITHDRAWN: frozenset({Step.PREPARED, Step.CLOSED}),
    Step.JUDGED: frozenset({Step.APPEALED, Step.EFFECTIVE}),
    Step.APPEALED: frozenset(
        {Step.EFFECTIVE, Step.TRIAL, Step.SUSPENDED, Step.SETTLED, Step.DOCKETED}
    ),
    Step.EFFECTIVE: frozenset({Step.ENFORCEMENT, Step.RETRIAL, Step.BANKRUPTCY, Step.CLOSED}),
    Step.RETRIAL: frozenset({Step.EFFECTIVE, Step.TRIAL, Step.SETTLED, Step.CLOSED}),
    Step.PAYMENT_ORDER: frozenset({Step.ENFORCEMENT, Step.FILED, Step.DOCKETED, Step.CLOSED}),
    Step.SECURITY_PROCEDURE: frozenset({Step.ENFORCEMENT, Step.FILED, Step.CLOSED}),
    Step.ENFORCEMENT: frozenset(
        {
            Step.ENFORCEMENT_SETTLED,
            Step.TERMINATED,
            Step.SUSPENDED,
            Step.RETRIAL,
            Step.BANKRUPTCY,
            Step.CLOSED,
        }
    ),
    Step.ENFORCEMENT_SETTLED: frozenset({Step.ENFORCEMENT, Step.BANKRUPTCY, Step.CLOSED}),
    Step.TERMINATED: frozenset({Step.ENFORCEMENT, Step.BANKRUPTCY, Step.CLOSED}),
    Step.BANKRUPTCY: frozenset({Step.TRIAL, Step.ENFORCEMENT, Step.CLOSED}),
    Step.CLOSED: frozenset(),
}


class StepNotAllowedError(RuleError):
    """The case cannot go from where it stands to the step asked for."""

    field = "stage"

    def __init__(self, *, now: Step, wanted: Step) -> None:
        allowed = "、".join(STEP_LABELS[step] for step in Step if step in NEXT[now])
        super().__init__(
            _l("案件处于“{now}”，不能转为“{wanted}”；可转为：{allowed}。"),
            now=STEP_LABELS[now],
            wanted=STEP_LABELS[wanted],
            allowed=allowed or "无",
        )


def check_step(now: Step, wanted: Step) -> None:
    """Say no to a step that the table does not allow.

    Raises:
        StepNotAllowedError: `wanted` does not follow `now`.
    """
    if wanted not in NEXT[now]:
        raise StepNotAllowedError(now=now, wanted=wanted)
