"""The sentences that tell what happened: contract, payout, default, security, demands."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.words import rmb_upper
from postloan_archive.litigation.form import Source
from postloan_archive.litigation.matter import Matter
from postloan_archive.loans.models import Collateral, Loan
from postloan_archive.notices.rules.conventions import date_in_body, days_in_body

KINDS = {
    "joint": "连带责任保证",
    "general": "一般保证",
    "not_agreed": "保证（保证方式没有约定）",
}


def money(amount: Decimal) -> str:
    """Return an amount in figures and words, such as 1,000.00元（大写：壹仟元整）."""
    words = rmb_upper(amount).canonical if amount else "零元整"
    return f"{amount:,.2f}元（大写：{words}）"


def lending(matter: Matter) -> Iterator[str]:
    """Yield contract, payout, default and the debt of each loan, then of all, on the day."""
    for one in matter.each():
        yield from _lending(one, beside=matter.source.joins)
    yield debt(matter, together=matter.source.joins)


def _lending(matter: Matter, *, beside: bool) -> Iterator[str]:
    loan, claim = matter.source.loan, matter.source.claim
    contract, owed = loan.contract, claim.position
    under = of_loan(loan) if beside else ""
    yield (
        f"{date_in_body(contract.signed_on)}，{matter.source.lender.name}与{loan.customer.name}"
        f"签订《{contract.name}》（编号：{contract.contract_no}），约定借款{contract.amount:,.2f}元，"
        f"期限自{date_in_body(loan.disbursed_on)}起至{date_in_body(loan.due_on)}止，年利率"
        f"{loan.annual_rate.normalize():f}%，逾期罚息利率上浮{loan.penalty_uplift.normalize():f}%。"
    )
    yield (
        f"{date_in_body(loan.disbursed_on)}，{matter.source.lender.name}依约发放借款"
        f"{loan.principal:,.2f}元（借据号：{loan.loan_no}）。"
    )
    if owed.overdue_since:
        yield (
            f"{under}{loan.customer.name}自{date_in_body(owed.overdue_since)}起未按约定履行还款义务，"
            f"至今逾期{owed.overdue_days}天。"
        )
    if beside:
        yield under + debt(matter)


def of_loan(loan: Loan) -> str:
    """Return the words that tell the debts of a case apart."""
    return f"借据{loan.loan_no}项下，"


def debt(matter: Matter, *, together: bool = False) -> str:
    """Return what is owed on the cut-off day."""
    claim = matter.source.claim
    owed = claim.position
    return (
        f"截至{date_in_body(owed.as_of)}，{'上述各笔合计' if together else ''}尚欠本金"
        f"{claim.principal:,.2f}元、期内利息{claim.in_term:,.2f}元、罚息{owed.penalty:,.2f}元、复利{owed.compound:,.2f}元，"
        f"合计{claim.total:,.2f}元；此后{days_in_body(owed.until_paid)}。"
    )


def security(matter: Matter) -> Iterator[str]:
    """Yield each guarantee and each piece of collateral."""
    for loan in matter.source.loans:
        debts = f"借据{loan.loan_no}项下债务" if matter.source.joins else "上述债务"
        yield from _security(loan, debts, named=matter.source.joins)


def _security(loan: Loan, debts: str, *, named: bool) -> Iterator[str]:
    for row in loan.guarantees:
        yield (
            f"{date_in_body(row.signed_on)}，{row.guarantor.name}签订保证合同（编号："
            f"{row.contract_no}），为{debts}提供{KINDS[row.kind]}。"
        )
    for item in loan.collateral:
        yield (
            f"{date_in_body(item.signed_on)}，{item.provider.name}签订担保合同（编号："
            f"{item.contract_no}），以{item.description}"
            f"{f'为{debts}' if named else ''}提供担保{_registered(item)}。"
        )


def _registered(item: Collateral) -> str:
    if not item.registration_no:
        return ""
    day = f"于{date_in_body(item.registered_on)}" if item.registered_on else ""
    return f"，并{day}办理登记（登记证明编号：{item.registration_no}）"


LINE_OF_ASSETS: Final = 5  # parts of a line


def assets(matter: Matter) -> Iterator[str]:
    """Yield what is known of the debtors' property: collateral, then what is under measures."""
    kinds = {
        "mortgage_real_estate": "不动产",
        "mortgage_movable": "动产",
        "mortgage_vehicle": "机动车",
        "pledge_deposit": "存款（保证金）",
        "pledge_receivable": "应收账款",
        "pledge_equity": "股权",
    }
    listed: set[str] = set()
    for item in matter.source.collateral:
        line = "；".join(
            (
                kinds[item.kind],
                item.description
                + (f"（{item.certificate_no}）" if item.certificate_no else ""),
                item.location or "—",
                item.provider.name,
                f"{item.value:,.2f}" if item.value else "—",
            )
        )
        if line not in listed:  # one thing may secure several loans
            listed.add(line)
            yield line
    seen = set()
    for row in matter.source.measures:
        if row.asset in seen:
            continue
        seen.add(row.asset)
        yield "；".join(
            (
                row.asset_label,
                f"{row.asset}（{row.measure}，{row.ruling_no}）",
                "—",
                row.respondent,
                f"{row.amount:,.2f}" if row.amount else "—",
            )
        )


def lead(line: str) -> str:
    """Return a line of assets, 种类；名称；位置；权利人；价值, as a sentence of a petition."""
    parts = [one.strip() for one in line.split("；")]
    if len(parts) != LINE_OF_ASSETS:
        return line
    kind, name, place, holder, value = ("" if one == "—" else one for one in parts)
    words = [f"{kind}：{name}" if kind else name]
    words += [f"位于{place}"] if place else []
    words += [f"权利人{holder}"] if holder else []
    words += [f"价值约{value}元"] if value else []
    return "，".join(words) + "。"


def contracts(source: Source) -> tuple[str, str, str]:
    """Return main contracts, security contracts and registrations, each as one line."""
    main = "；".join(
        dict.fromkeys(
            f"《{loan.contract.name}》（编号：{loan.contract.contract_no}）"
            for loan in source.loans
        )
    )
    held = source.collateral
    secured = "；".join(dict.fromkeys(f"编号：{one.contract_no}" for one in held))
    registered = "；".join(
        dict.fromkeys(one.registration_no for one in held if one.registration_no)
    )
    return main, secured, registered
