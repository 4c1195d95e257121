"""Deadlines of measures: renewal with its reminders, expiry, security, the suit to be filed."""

from collections.abc import Iterator
from datetime import date

from postloan_archive.cases.rules.deadlines import next_deadlines
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.met import MET_BY
from postloan_archive.kernel.law import Due
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.rules.kinds import ASSET_LABELS, AssetKind
from postloan_archive.preservation.rules.term import (
    PreservationTerm,
    escalation_day,
    preservation_term,
    reminders,
)
from postloan_archive.worklist.rules.computed import (
    COMPUTED,
    COURT_DOCUMENT,
    ENTERED,
    Computed,
    Ended,
    State,
)
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import LoanFile, happened

PRE_LITIGATION = "pre_litigation"


def deadlines(file: LoanFile, at: AsOf) -> Iterator[Computed]:
    """Yield the deadlines of every measure of a loan file.

    A waiting seizure has no term (R-C08). A renewed measure is answered by the row that points
    back to it; a released one keeps nobody busy.
    """
    renewed = {row.renewal_of: row for row in file.measures if row.renewal_of is not None}
    for measure in file.measures:
        if measure.seizure_order > 1:
            continue
        term = preservation_term(
            measure.effective_on,
            measure.asset_kind,
            calendar=at.calendar,
            court_expiry=measure.court_expiry,
            policy=at.policy,
        )
        ended = _released(measure)
        answered = ended or _renewed(renewed.get(measure.id))
        yield _renewal(file, measure, term, answered or _asked(measure), at)
        yield _expiry(file, measure, term, answered)
        if measure.security_expires_on is not None:
            yield _security(file, measure, measure.security_expires_on, ended, at)
        if measure.phase == PRE_LITIGATION:
            yield from _suit(file, measure, ended, at)


def _renewal(
    file: LoanFile,
    measure: Measure,
    term: PreservationTerm,
    ended: Ended | None,
    at: AsOf,
) -> Computed:
    days = reminders(term, policy=at.policy)
    return Computed(
        key=f"preservation:{measure.id}:renewal",
        kind=Kind.RENEWAL,
        rule="R-C07",
        subject=f"preservation:{measure.id}",
        title=f"申请续行{_what(measure)}（届满七日前）",
        due=Due(
            nominal=term.apply_by.nominal,
            legal=term.apply_by.legal,
            safe=term.apply_by.safe,
            provisional=term.apply_by.provisional,
            basis=term.apply_by.basis,
            steps=(
                *term.steps,
                "提醒日：" + "、".join(day.isoformat() for day in days) + "。",
            ),
            edition=term.apply_by.edition,
            calendar_edition=term.apply_by.calendar_edition,
        ),
        trigger=_trigger(measure),
        trigger_on=measure.effective_on,
        proof_document_id=measure.document_id,
        case_id=measure.case_id,
        owner=_owner(file, measure),
        reminders=days,
        escalate_on=escalation_day(term, calendar=at.calendar, policy=at.policy),
        ended=ended,
    )


def _expiry(
    file: LoanFile, measure: Measure, term: PreservationTerm, ended: Ended | None
) -> Computed:
    differs = term.from_court and term.computed is not None and term.computed != term.expiry
    return Computed(
        key=f"preservation:{measure.id}:expiry",
        kind=Kind.PRESERVATION,
        rule="R-C05",
        subject=f"preservation:{measure.id}",
        title=f"{_what(measure)}到期，期满自动失效",
        due=Due(
            nominal=term.expiry,
            legal=term.expiry,
            safe=term.expiry,
            provisional=False,
            basis=term.basis,
            steps=term.steps,
            edition=term.edition,
            calendar_edition=term.apply_by.calendar_edition,
        ),
        trigger=_trigger(measure),
        trigger_on=measure.effective_on,
        proof_document_id=measure.document_id,
        case_id=measure.case_id,
        source=COURT_DOCUMENT if term.from_court else COMPUTED,
        computed_legal=term.computed if differs else None,
        owner=_owner(file, measure),
        ended=ended,
    )


def _security(
    file: LoanFile,
    measure: Measure,
    expires_on: date,
    ended: Ended | None,
    at: AsOf,
) -> Computed:
    return Computed(
        key=f"preservation:{measure.id}:security",
        kind=Kind.SECURITY,
        subject=f"preservation:{measure.id}",
        title=f"保全担保到期：{measure.security or '担保'}",
        due=Due(
            nominal=expires_on,
            legal=expires_on,
            safe=at.calendar.safe_day(expires_on),
            provisional=False,
            basis=(),
            steps=(f"担保文件载明的到期日 {expires_on.isoformat()}；请提前续保或更换担保。",),
            calendar_edition=at.calendar.edition,
        ),
        trigger=_trigger(measure),
        trigger_on=measure.effective_on,
        proof_document_id=measure.document_id,
        case_id=measure.case_id,
        source=ENTERED,
        owner=_owner(file, measure),
        ended=ended,
    )


def _suit(
    file: LoanFile,
    measure: Measure,
    ended: Ended | None,
    at: AsOf,
) -> Iterator[Computed]:
    """Yield the day by which the suit must follow a measure before litigation (R-B33)."""
    filed = [
        one
        for case in file.cases
        for one in happened(case)
        if one.event in MET_BY[Event.PRELITIGATION_MEASURE] and one.on >= measure.effective_on
    ]
    if filed and ended is None:
        first = min(filed, key=lambda one: one.on)
        ended = Ended(
            state=State.DONE,
            on=first.on,
            why=f"{first.on.isoformat()} 已提交起诉状。",
            document_id=first.document_id,
        )
    for proposal in next_deadlines(
        Event.PRELITIGATION_MEASURE,
        measure.effective_on,
        calendar=at.calendar,
        policy=at.policy,
    ):
        if proposal.due is None or proposal.period.rule != "R-B33":
            continue
        yield Computed(
            key=f"preservation:{measure.id}:suit",
            kind=Kind.FILING,
            rule=proposal.period.rule,
            subject=f"preservation:{measure.id}",
            title=f"诉前保全后{proposal.period.act}",
            due=proposal.due,
            trigger=_trigger(measure),
            trigger_on=measure.effective_on,
            proof_document_id=measure.document_id,
            case_id=measure.case_id,
            owner=_owner(file, measure),
            ended=ended,
        )


def _released(measure: Measure) -> Ended | None:
    if measure.released_on is None:
        return None
    return Ended(
        state=State.STRUCK,
        on=measure.released_on,
        why=f"措施已于 {measure.released_on.isoformat()} 解除。",
    )


def _renewed(later: Measure | None) -> Ended | None:
    if later is None:
        return None
    return Ended(
        state=State.DONE,
        on=later.effective_on,
        why=f"已续行，自 {later.effective_on.isoformat()} 起（{later.ruling_no}）。",
        document_id=later.document_id,
    )


def _asked(measure: Measure) -> Ended | None:
    on = measure.renewal_requested_on
    if on is None:
        return None
    return Ended(state=State.DONE, on=on, why=f"已于 {on.isoformat()} 向法院申请续行。")


def _what(measure: Measure) -> str:
    verb = "冻结" if measure.asset_kind in {"bank_deposit", "other_right"} else "查封"
    return f"{verb}{measure.asset}"


def _trigger(measure: Measure) -> str:
    kind = measure.asset_kind
    label = ASSET_LABELS[AssetKind(kind)] if kind in set(AssetKind) else kind
    return f"{measure.ruling_no} 生效（{label}，{measure.court}）"


def _owner(file: LoanFile, measure: Measure) -> str:
    case = file.case_of(measure.case_id)
    return case.owner if case is not None and case.owner else file.owner
