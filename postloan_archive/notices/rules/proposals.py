"""What a day proposes: which letters the state of a loan calls for under the plan (R-H01).

The system proposes, a person sends. One proposal per stage and addressee, not one a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.rules.delivery import DEMANDS, TO_GUARANTOR
from postloan_archive.notices.rules.loan_state import (
    RETURNED,
    LoanState,
    Proposed,
    Sent,
    issued,
    to_borrower,
    to_surety,
)
from postloan_archive.notices.rules.stages import DEMAND, FIRM_DEMAND, Stage, Trigger
from postloan_archive.notices.rules.triggers import TRIGGERS

BY_LAWSUIT: Final = "P01"  # what keeps the right against a general guarantor (R-D15)
LAWYER: Final = "N06"
BY_MAIL: Final = _l("寄发催收函并保留送达凭证")
BY_LAWYER: Final = _l("委托律师事务所出具，本系统只作存档和登记送达")
SETTLED_WITHIN: Final = 30  # days: a settlement letter that late is urgent [M]
HOUSE: Final = str(TRIGGERS)


def proposals(state: LoanState, plan: Sequence[Stage], day: date) -> list[Proposed]:
    """Return the letters that a loan calls for on a day, one per kind and addressee."""
    found: dict[tuple[str, int, int | None], Proposed] = {}
    for stage in (one for one in plan if one.active):
        for one in _BY_TRIGGER[stage.trigger](state, stage, plan, day):
            key = (one.kind, one.addressee_id, one.guarantee_id)
            known = found.get(key)
            if known is None:
                found[key] = one
            elif one.urgent_on < known.urgent_on:
                found[key] = replace(one, why=(*one.why, *known.why))
            else:
                found[key] = replace(known, why=(*known.why, *one.why))
    return list(found.values())


def _before_due(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    del plan
    left = (state.due_on - day).days
    if state.settled_on or state.overdue_days or not 1 <= left <= stage.days:
        return
    opened = state.due_on - timedelta(days=stage.days)
    if not issued(state, state.borrower_id, {stage.kind}, since=opened):
        yield to_borrower(
            state,
            stage,
            days=left,
            urgent_on=state.due_on,
            why=f"{state.due_on} 到期，还有 {left} 天（{HOUSE}：到期前 {stage.days} 天内）。",
            next_step=_l("寄发到期通知书"),
        )


def _overdue(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    if state.settled_on or state.in_court or state.overdue_days < stage.days:
        return
    reached = [
        one.days
        for one in plan
        if one.active and one.trigger is Trigger.OVERDUE and one.days <= state.overdue_days
    ]
    if stage.days != max(reached):
        return  # a later stage has taken over: one proposal per stage, not one a day
    began = day - timedelta(days=state.overdue_days - stage.days)
    why = (
        f"逾期 {state.overdue_days} 天，{began} 起进入“{stage.label}”"
        f"（{HOUSE}：逾期第 {stage.days} 天起）。"
    )
    same = {LAWYER} if stage.kind == LAWYER else DEMANDS - {LAWYER}
    demanded = issued(state, state.borrower_id, same, since=began)
    if stage.kind and not demanded:
        kind, more = stage.kind, ""
        if kind == FIRM_DEMAND and not issued(state, state.borrower_id, DEMANDS):
            kind, more = DEMAND, "此前没有发过催收通知书，先发 N02。"
        if stage.guarantors and state.providers:
            more += f"另有第三方担保物提供人须通知：{'、'.join(state.providers)}。"
        yield to_borrower(
            state,
            stage,
            kind=kind,
            days=state.overdue_days,
            urgent_on=began,
            why=why + more,
            next_step=BY_LAWYER if kind == LAWYER else BY_MAIL,
        )
    if not stage.guarantors:
        return
    for surety in state.sureties:
        if surety.kind == "joint" and not issued(
            state, surety.addressee_id, TO_GUARANTOR, since=began, surety=surety
        ):
            yield to_surety(
                state,
                stage,
                surety,
                days=state.overdue_days,
                urgent_on=min(began, surety.ends),
                why=f"{why}连带责任保证人须逐一通知（R-D18），保证期间至 {surety.ends}。",
            )


def _limitation(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    del plan
    if state.settled_on or state.in_court or state.limitation is None:
        return
    left = (state.limitation - day).days
    opened = state.limitation - timedelta(days=stage.days)
    if 0 <= left <= stage.days and not issued(
        state, state.borrower_id, DEMANDS, since=opened, arrived=True
    ):
        yield to_borrower(
            state,
            stage,
            days=left,
            urgent_on=state.limitation,
            why=(
                f"时效按稳妥算法于 {state.limitation} 届满，剩 {left} 天"
                f"（{HOUSE}：届满前 {stage.days} 天内不论阶段再次催收）。"
            ),
            next_step=_l("寄发催收函，签收后确认时效中断"),
        )


def _guarantee(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    del plan
    if state.settled_on or not state.overdue_days:
        return
    for surety in state.sureties:
        left = (surety.ends - day).days
        if surety.claimed or not 0 <= left <= stage.days:
            continue
        why = f"保证期间于 {surety.ends} 届满，剩 {left} 天（{HOUSE}：{stage.days} 天内）。"
        opened = surety.ends - timedelta(days=stage.days)
        if surety.kind != "joint":
            yield to_surety(
                state,
                stage,
                surety,
                kind=BY_LAWSUIT,
                days=left,
                urgent_on=surety.ends,
                why=f"{why}一般保证须在期间内对债务人起诉或申请仲裁，通知不算数（R-D15）。",
                next_step=_l("对债务人起诉或申请仲裁"),
            )
        elif not issued(
            state,
            surety.addressee_id,
            TO_GUARANTOR,
            since=opened,
            surety=surety,
            arrived=True,
        ):
            yield to_surety(
                state,
                stage,
                surety,
                days=left,
                urgent_on=surety.ends,
                why=f"{why}通知须在期间内到达（R-D15）。",
            )


def _no_word(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    del plan
    if state.settled_on or state.in_court:
        return
    sureties = {one.guarantee_id: one for one in state.sureties}
    for letter in state.letters:
        if letter.kind not in DEMANDS | TO_GUARANTOR or letter.outcome:
            continue
        if letter.dispatched_on is None or (day - letter.dispatched_on).days < stage.days:
            continue
        later = [
            one
            for one in state.letters
            if (one.addressee_id, one.guarantee_id)
            == (letter.addressee_id, letter.guarantee_id)
            and one.issued_on > letter.issued_on
        ]
        if later:
            continue
        waited = (day - letter.dispatched_on).days
        why = (
            f"{letter.serial_no} 于 {letter.dispatched_on} 寄出，{waited} 天没有送达结果"
            f"（{HOUSE}：满 {stage.days} 天）；没有凭证的催收不中断时效。"
        )
        step = _l("先查邮件结果，仍无结果的换一种方式再寄")
        urgent_on = letter.dispatched_on + timedelta(days=stage.days)
        surety = sureties.get(letter.guarantee_id) if letter.guarantee_id else None
        if surety is not None:
            yield to_surety(
                state, stage, surety, days=waited, urgent_on=urgent_on, why=why, next_step=step
            )
        elif letter.guarantee_id is None and state.overdue_days:
            yield to_borrower(
                state,
                stage,
                kind=letter.kind,
                days=waited,
                urgent_on=urgent_on,
                why=why,
                next_step=step,
            )


def _unreachable(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    del plan
    if state.settled_on or state.in_court or not state.overdue_days:
        return
    own = [one for one in state.letters if one.guarantee_id is None]
    back: list[Sent] = []
    for letter in own:
        if letter.outcome == RETURNED:
            back.append(letter)
        elif letter.outcome:
            back.clear()  # something arrived later: the debtor can be reached
    last = back[-1].outcome_on if back else None
    if len(back) < stage.days or last is None:
        return
    if not issued(state, state.borrower_id, {stage.kind}, since=back[0].issued_on):
        yield to_borrower(
            state,
            stage,
            days=len(back),
            urgent_on=min(last, day),
            why=(
                f"连续 {len(back)} 封函件被退回，最近一次 {last}"
                f"（{HOUSE}：{stage.days} 封退回且电话联系不上）。"
            ),
            next_step=_l("核实电话联系记录和下落不明的证据，再决定是否公告（R-D07）"),
        )


def _settled(
    state: LoanState, stage: Stage, plan: Sequence[Stage], day: date
) -> Iterator[Proposed]:
    del plan
    if state.settled_on is None or state.settled_on > day:
        return
    if not issued(state, state.borrower_id, {stage.kind}):
        yield to_borrower(
            state,
            stage,
            days=(day - state.settled_on).days,
            urgent_on=state.settled_on + timedelta(days=SETTLED_WITHIN),
            why=f"{state.settled_on} 结清，尚未出具结清证明（{HOUSE}）。",
            next_step=_l("出具结清证明并办理解除担保登记"),
        )


_BY_TRIGGER: Final = {
    Trigger.BEFORE_DUE: _before_due,
    Trigger.OVERDUE: _overdue,
    Trigger.LIMITATION: _limitation,
    Trigger.GUARANTEE: _guarantee,
    Trigger.NO_WORD: _no_word,
    Trigger.UNREACHABLE: _unreachable,
    Trigger.SETTLED: _settled,
}
