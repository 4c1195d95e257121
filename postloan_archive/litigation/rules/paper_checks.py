"""What must fit before a paper goes to court: periods, conditions, days (R-H06, H.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.rules.payment_order import REASONS, payment_order_admissible

CONFIRM_DAYS: Final = 30  # R-B32
NO: Final = "没有"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What the case says, beside the blanks of the paper.

    Attributes:
        today: the day the paper is written.
        due: the whole debt is due.
        secured: guarantees or collateral are in the file.
        registered: every piece of collateral has its registration number.
        preserved_before_suit: a measure before the suit is on record.
        effective_on: day the judgment took effect, None before.
        performance_last_day: last day to perform it, None where not known.
        claim_total: principal and interest on the cut-off day, yuan.
        last_days: code of a paper to (what to do, last day).
        agent_is_employee: the agent is on the lender's staff.
    """

    today: date
    due: bool
    secured: bool
    registered: bool
    preserved_before_suit: bool
    effective_on: date | None
    performance_last_day: date | None
    claim_total: Decimal
    last_days: Mapping[str, tuple[str, date]]
    agent_is_employee: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFinding:
    """One point, Chinese; `blocks` where the court will refuse the paper as it stands."""

    text: str
    blocks: bool


def paper_findings(
    code: str, values: Mapping[str, object], facts: PaperFacts
) -> tuple[PaperFinding, ...]:
    """Return what speaks against a paper with these blanks."""
    checks = (*_period(code, facts), *CHECKS.get(code, _nothing)(values, facts))
    return tuple(checks)


def _stop(text: str) -> PaperFinding:
    return PaperFinding(text=text, blocks=True)


def _note(text: str) -> PaperFinding:
    return PaperFinding(text=text, blocks=False)


def _nothing(_values: Mapping[str, object], _facts: PaperFacts) -> Iterator[PaperFinding]:
    return iter(())


def _period(code: str, facts: PaperFacts) -> Iterator[PaperFinding]:
    if code not in facts.last_days:
        return
    act, last = facts.last_days[code]
    if facts.today > last:
        yield _stop(_l("{act}的最后一日 {last} 已过。").format(act=act, last=last))
    else:
        left = (last - facts.today).days
        yield _note(
            _l("{act}：最后一日 {last}，还剩 {left} 天。").format(act=act, last=last, left=left)
        )


def _payment_order(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    found = payment_order_admissible(
        amount_fixed=values.get("amount") is not None,
        due=facts.due,
        debtor_missing=False,
        pre_litigation_preservation=facts.preserved_before_suit,
        counter_obligation=values.get("no_counter_obligation") not in {None, NO},
        other_dispute=values.get("no_other_dispute") not in {None, NO},
        deliverable=not str(values.get("debtor_reachable") or "").startswith("下落不明"),
    ).value
    for name in found.reasons:
        yield _stop(
            _l("不符合申请支付令的条件：{reason}（R-H06）。").format(reason=REASONS[name])
        )
    if facts.secured:
        yield _note(
            _l("支付令对担保人没有拘束力；另行起诉担保人的，支付令失效，有担保的债权不宜采用。")
        )


def _preservation(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    phase = values.get("phase")
    if phase == "执行前" and facts.effective_on is None:
        yield _stop(_l("时间线上没有生效的法律文书，不能申请执行前保全。"))
    if phase == "诉前":
        yield _note(_l("诉前保全须提供相当于请求保全数额的担保，并在三十日内起诉。"))
    if facts.claim_total <= 0:
        yield _stop(_l("截止日没有欠款，没有可以保全的数额。"))


def _realisation(_values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    if not facts.due:
        yield _stop(_l("主债务尚未到期，实现担保物权的条件没有成就。"))
    if not facts.registered:
        yield _note(_l("有担保物没有登记证明编号，请核对担保物权是否已经设立。"))


def _extension(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    end, new = values.get("evidence_period_end"), values.get("new_date")
    if isinstance(end, date) and facts.today > end:
        yield _stop(_l("举证期限已于 {day} 届满，延期须在届满前申请。").format(day=end))
    if isinstance(end, date) and isinstance(new, date) and new <= end:
        yield _stop(_l("申请延长至 {new}，不晚于现期限 {end}。").format(new=new, end=end))


def _enforcement(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    effective = values.get("effective_on")
    last = values.get("performance_last_day")
    if isinstance(effective, date) and effective > facts.today:
        yield _stop(_l("执行依据将于 {day} 生效，尚不能申请执行。").format(day=effective))
    if isinstance(last, date) and last >= facts.today:
        yield _stop(_l("履行期限至 {day} 届满，次日起方可申请执行。").format(day=last))
    if isinstance(last, date) and isinstance(effective, date) and last < effective:
        yield _note(
            _l("履行期限届满日 {last} 早于生效日 {effective}，请核对。").format(
                last=last, effective=effective
            )
        )


def _reconsideration(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    served = values.get("served_on")
    if isinstance(served, date):
        last = served + timedelta(days=5)
        if facts.today > last and "P16" not in facts.last_days:
            yield _note(
                _l("裁定于 {day} 送达，五日内申请复议（R-C10），请核对最后一日。").format(
                    day=served
                )
            )


def _confirmation(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    day = values.get("effective_on")
    if isinstance(day, date) and facts.today > day + timedelta(days=CONFIRM_DAYS):
        yield _stop(
            _l("调解协议于 {day} 生效，三十日内共同申请的期限已过（R-B32）。").format(day=day)
        )


def _bankruptcy(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    day = values.get("acceptance_date")
    if isinstance(day, date) and day > facts.today:
        yield _stop(_l("破产申请受理日 {day} 在将来。").format(day=day))
    parts = [values.get("claim_principal"), values.get("claim_interest")]
    total = values.get("claim_total")
    if all(isinstance(one, Decimal) for one in (*parts, total)):
        summed = sum((one for one in parts if isinstance(one, Decimal)), Decimal(0))
        if summed != total:
            yield _stop(
                _l("申报总额 {total} 不等于本金与利息之和 {summed}。").format(
                    total=total, summed=summed
                )
            )


def _settled(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    del facts
    price, off = values.get("price"), values.get("set_off_amount")
    if isinstance(price, Decimal) and isinstance(off, Decimal) and off > price:
        yield _stop(_l("抵销数额 {off} 超过抵债价格 {price}。").format(off=off, price=price))


def _employee(_values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    if not facts.agent_is_employee:
        yield _note(_l("已登记律师事务所；本证明只用于以工作人员为代理人的情形。"))


def _card(values: Mapping[str, object], facts: PaperFacts) -> Iterator[PaperFinding]:
    del facts
    parts = [values.get("overdraft_principal"), values.get("overdraft_charges")]
    total = values.get("total_amount")
    if all(isinstance(one, Decimal) for one in parts) and isinstance(total, Decimal):
        summed = sum((one for one in parts if isinstance(one, Decimal)), Decimal(0))
        if total < summed:
            yield _stop(
                _l("标的总额 {total} 少于透支本金与各项费用之和 {summed}。").format(
                    total=total, summed=summed
                )
            )
    if values.get("terms_pointed_out") == "否":
        yield _note(_l("没有提示说明的息费条款可能不成为合同内容（法释〔2021〕10号第二条）。"))


def _guarantors(values: Mapping[str, object], _facts: PaperFacts) -> Iterator[PaperFinding]:
    if not values.get("defendants"):
        yield _stop(_l("没有可以单独起诉的连带责任保证人。"))
    yield _note(_l("请核对保证期间：连带责任保证须在保证期间内请求保证人承担责任。"))


CHECKS: Final = {
    "P01K": _card,
    "P01B": _guarantors,
    "P02": _payment_order,
    "P03": _preservation,
    "P06": _realisation,
    "P10": _extension,
    "P16": _reconsideration,
    "P20": _confirmation,
    "X01": _enforcement,
    "X07": _settled,
    "X12": _bankruptcy,
    "A10": _employee,
}
