"""Checking a Word template against the letter that fills it; its fields by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.letters import LETTERS, Letter
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.templates import template_bytes
from postloan_archive.wordgen import Fault, check_template, compile_template, field_paths

FIELD_LABELS: Final[Mapping[str, str]] = {  # what each blank prints
    "issuer": _l("出具机构"),
    "serial_no": _l("文号"),
    "issue_date": _l("出具日期"),
    "issuer_seal": _l("落款机构"),
    "contact": _l("联系人及电话"),
    "service_address": _l("送达地址"),
    "contract_name": _l("合同名称"),
    "loan_no": _l("借据号"),
    "principal_due": _l("到期本金"),
    "interest_due": _l("到期利息"),
    "pay_account": _l("还款账户"),
    "borrower": _l("借款人"),
    "total_words": _l("合计大写"),
    "barcode": _l("回执条码（图片）"),
    "barcode_text": _l("回执条码号"),
    "borrower_id": _l("借款人证件号（掩码）"),
    "contract_no": _l("合同编号"),
    "signed_on": _l("合同签订日"),
    "principal": _l("借款本金"),
    "due_date": _l("到期日"),
    "total": _l("合计"),
    "clause": _l("合同条款"),
    "as_of_date": _l("数据截至日"),
    "overdue_days": _l("逾期天数"),
    "penalty_and_compound": _l("罚息和复利"),
    "until_paid": _l("此后计息说明"),
    "deadline": _l("履行期限"),
    "legal_consequence": _l("法律后果"),
    "derivation": _l("计算说明（逐行）"),
    "guarantor": _l("担保人"),
    "guarantor_id": _l("担保人证件号（掩码）"),
    "main_contract_no": _l("主合同编号"),
    "main_due_date": _l("主债务到期日"),
    "guarantee_contract_no": _l("担保合同编号"),
    "guarantee_contract_name": _l("担保合同名称"),
    "guarantee_signed_on": _l("担保合同签订日"),
    "breach_fact": _l("违约事实"),
    "contract_clause": _l("提前到期条款"),
    "acceleration_date": _l("宣布到期日"),
    "total_due": _l("到期应还合计"),
    "previous_notices": _l("此前的催收函"),
    "balance": _l("本金余额"),
    "basis": _l("利率调整依据"),
    "effective_date": _l("利率调整生效日"),
    "old_rate": _l("调整前年利率"),
    "new_rate": _l("调整后年利率"),
    "principal_words": _l("借款本金大写"),
    "settled_date": _l("结清日"),
    "security_sentence": _l("担保登记注销说明"),
    "guarantee_type": _l("担保方式"),
    "guarantee_period": _l("保证期间"),
    "claimed_amount": _l("请求承担的金额"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One blank of a letter: its name in the template, what it prints, whether it is used."""

    name: str
    label: str
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """One template of the product with the letter that fills it."""

    code: str
    title: str
    template: str
    size: int
    fields: tuple[FieldRow, ...]
    faults: tuple[Fault, ...]


def check(letter: type[Letter], data: bytes) -> list[Fault]:
    """Return every fault of a template for a letter, in the order of the document."""
    return check_template(data, field_paths(letter))


def is_warning(fault: Fault) -> bool:
    """Return whether a fault is of this machine only: a font to be installed."""
    return fault.code == "missing_font"


def row_of(letter: type[Letter]) -> TemplateRow:
    """Return the template in use for a letter, checked."""
    data = template_bytes(letter.template)
    used = compile_template(data).fields
    return TemplateRow(
        code=letter.code,
        title=NOTICES[letter.code].title,
        template=letter.template,
        size=len(data),
        fields=fields_of(letter, used),
        faults=tuple(check(letter, data)),
    )


def fields_of(letter: type[Letter], used: Collection[str]) -> tuple[FieldRow, ...]:
    """Return the blanks of a letter by name."""
    return tuple(
        FieldRow(
            name=name,
            label=FIELD_LABELS.get(name.split(".")[0], name),
            used=name in used,
        )
        for name in sorted(field_paths(letter))
    )


def rows() -> list[TemplateRow]:
    """Return every template of the letters, in the order of the rule."""
    return [row_of(letter) for letter in LETTERS]
