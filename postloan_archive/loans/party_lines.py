"""How a court paper names a party: the lines of its block, and what is missing in them."""

from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer

BLANK: Final = "＿＿＿＿＿＿"
PERSON: Final = "person"


def lender_lines(lender: Lender, word: str) -> tuple[str, ...]:
    """Return the block of the lender; `word` is what the paper calls it, such as 申请人."""
    return (
        f"{word}：{lender.name or BLANK}",
        f"统一社会信用代码：{lender.uscc or BLANK}",
        f"住所地：{lender.domicile or BLANK}",
        f"法定代表人（负责人）：{lender.legal_rep or BLANK}，{lender.legal_rep_post or BLANK}",
        f"联系电话：{lender.phone or BLANK}",
    )


def customer_lines(customer: Customer, word: str) -> tuple[str, ...]:
    """Return the block of a person or company."""
    number = "公民身份号码" if customer.kind == PERSON else "统一社会信用代码"
    head = [f"{word}：{customer.name}"]
    if customer.kind == PERSON:
        known = [customer.sex, customer.ethnicity and f"{customer.ethnicity.rstrip('族')}族"]
        if customer.birth_date:
            known.append(f"{customer.birth_date:%Y年}{customer.birth_date.month}月"
                         f"{customer.birth_date.day}日出生")  # fmt: skip
        said = [text for text in known if text]
        if said:
            head[0] += "，" + "，".join(said)
    lines = [
        *head,
        f"{number}：{customer.id_no or BLANK}",
        f"住所地：{customer.domicile or customer.service_address or BLANK}",
    ]
    if customer.kind != PERSON:
        lines.append(f"法定代表人（负责人）：{customer.legal_rep or BLANK}")
    if customer.phone:
        lines.append(f"联系电话：{customer.phone}")
    return tuple(lines)


def lender_gaps(lender: Lender) -> tuple[str, ...]:
    """Return what stays blank in the block of the lender, in words."""
    needed = (
        (lender.name, _l("申请人名称（机构资料）")),
        (lender.uscc, _l("申请人统一社会信用代码（机构资料）")),
        (lender.domicile, _l("申请人住所地（机构资料）")),
        (lender.legal_rep, _l("法定代表人姓名（机构资料）")),
        (lender.legal_rep_post, _l("法定代表人职务（机构资料）")),
        (lender.phone, _l("申请人联系电话（机构资料）")),
    )
    return tuple(label for value, label in needed if not value)


def customer_gaps(customer: Customer) -> tuple[str, ...]:
    """Return what stays blank in the block of a person or company, in words."""
    needed = [
        (customer.id_no, _l("{name}的证件号码")),
        (customer.domicile or customer.service_address, _l("{name}的住所地")),
    ]
    if customer.kind != PERSON:
        needed.append((customer.legal_rep, _l("{name}的法定代表人")))
    return tuple(label.format(name=customer.name) for value, label in needed if not value)
