"""Letters that announce a decision: called due early, a new rate, settled."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.loans.derivation import facts_of, position_of
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Loan, RateChange
from postloan_archive.loans.rules.position import position
from postloan_archive.notices.drafting import (
    LABELS,
    REPLY_DAYS,
    Draft,
    clauses_of,
    common_blanks,
    demanded_blanks,
    masked_number,
    missing_for,
)
from postloan_archive.notices.rules.conventions import date_in_body


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Why a loan is called due early, in words of the contract, and from which day."""

    fact: str = ""
    due_from: date | None = None


def draft_acceleration(
    loan: Loan, lender: Lender, as_of: date, contact: str, breach: Breach
) -> Draft:
    """Return N03: all that will be owed on the day from which the loan is due."""
    on = breach.due_from or as_of
    derived = position(replace(facts_of(loan), accelerated_on=on), on)
    owed = derived.value
    clause = loan.contract.clauses.get("acceleration", "")
    values = (
        common_blanks(loan, lender, contact)
        | demanded_blanks(owed)
        | {
            "borrower_id": masked_number(loan.customer),
            "service_address": loan.customer.service_address,
            "contract_no": loan.contract.contract_no,
            "signed_on": date_in_body(loan.contract.signed_on),
            "principal": f"{loan.principal:,}",
            "due_date": date_in_body(loan.due_on),
            "breach_fact": breach.fact,
            "contract_clause": f"合同{clause}" if clause else "",
            "acceleration_date": date_in_body(on),
            "acceleration_on": on.isoformat(),
            "deadline": date_in_body(on + timedelta(days=REPLY_DAYS)),
            "total_due": f"{owed.total_due:,}",
            "clause": clauses_of(loan, "interest", "penalty", "compound"),
            "derivation": list(derived.steps),
        }
    )
    problems = missing_for("N03", values)
    if breach.due_from is None:
        problems.append(_l("请填写宣布到期日。"))
    if on < as_of:
        problems.append(
            _l("宣布到期日 {on} 早于数据截至日 {as_of}。").format(on=on, as_of=as_of)
        )
    if loan.accelerated_on is not None:
        problems.append(_l("贷款已于 {on} 提前到期。").format(on=loan.accelerated_on))
    elif on >= loan.due_on:
        problems.append(_l("贷款于 {on} 到期，无须宣布提前到期。").format(on=loan.due_on))
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=derived.steps,
        problems=tuple(problems),
    )


def draft_rate_notice(
    loan: Loan, lender: Lender, as_of: date, contact: str, change: RateChange | None
) -> Draft:
    """Return N10: a change of the contract rate, before it applies or just after."""
    owed = position_of(loan, as_of).value
    values = common_blanks(loan, lender, contact) | {
        "borrower_id": masked_number(loan.customer),
        "service_address": loan.customer.service_address,
        "contract_no": loan.contract.contract_no,
        "signed_on": date_in_body(loan.contract.signed_on),
        "principal": f"{loan.principal:,}",
        "as_of_date": date_in_body(as_of),
        "balance": f"{owed.balance:,}",
        "basis": change.basis if change else "",
        "effective_date": date_in_body(change.effective_on) if change else "",
        "old_rate": _percent(_rate_before(loan, change)) if change else "",
        "new_rate": _percent(change.annual_rate) if change else "",
    }
    problems = missing_for("N10", values) if change else [_l("没有登记利率调整。")]
    if not loan.customer.service_address:
        problems.append(_l("缺少：{field}").format(field=LABELS["service_address"]))
    steps: tuple[str, ...] = ()
    if change:
        was, now = values["old_rate"], values["new_rate"]
        steps = (f"{change.effective_on} 年利率由 {was} 调整为 {now}，依据：{change.basis}",)
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=steps,
        problems=tuple(problems),
    )


def draft_settlement(loan: Loan, lender: Lender, as_of: date, contact: str) -> Draft:
    """Return N13: the loan is paid in full; the security to be released is named."""
    owed = position_of(loan, as_of).value
    settled = loan.settled_on
    registered = [one for one in loan.collateral if one.registration_no]
    named = "、".join(f"{one.description}（{one.registration_no}）" for one in registered)
    values = common_blanks(loan, lender, contact) | {
        "borrower_id": masked_number(loan.customer),
        "contract_no": loan.contract.contract_no,
        "signed_on": date_in_body(loan.contract.signed_on),
        "principal": f"{loan.principal:,}",
        "principal_words": rmb_upper(loan.principal).canonical,
        "settled_date": date_in_body(settled) if settled else "",
        "security_sentence": f"为该笔借款设定的担保登记，我行同意办理注销：{named}。"
        if named
        else "该笔借款项下没有尚待注销的担保登记。",
    }
    problems = missing_for("N13", values)
    if owed.balance or owed.total_due:
        problems.append(
            _l("截至该日账面尚欠 {sum} 元，不能出具结清证明。").format(
                sum=f"{owed.balance + owed.interest_due + owed.penalty + owed.compound:,}"
            )
        )
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=(f"结清日 {settled}，截至 {as_of} 余额 {owed.balance:,} 元",),
        problems=tuple(problems),
    )


def _rate_before(loan: Loan, change: RateChange) -> Decimal:
    """Return the annual rate that applied until the change, percent."""
    earlier = [row for row in loan.rate_changes if row.effective_on < change.effective_on]
    return earlier[-1].annual_rate if earlier else loan.annual_rate


def _percent(rate: Decimal) -> str:
    return f"{format(rate.normalize(), 'f')}%"
