"""What each letter N01 to N16 must contain (R-H02), and what counts as filled in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE

REQUIRED: Final = HOUSE_RULE.at("通知书必备要素", rule="R-H02", confidence=Confidence.MEMORY)

# What an export must never leave behind (R-H07): XX, 待补, template braces.
PLACEHOLDER: Final = re.compile(
    r"(?<![A-Za-z])X{2,}(?![A-Za-z])|×{2,}|待补|待填|\{\{|\}\}|\{%|%\}"
)
BLANK: Final = re.compile(r"[\s_＿]*")


def is_present(value: object) -> bool:
    """Return whether a value counts as filled in: not null, blank or a placeholder.

    0.00 is a value, and so is False; an empty list is not.
    """
    if value is None:
        return False
    if isinstance(value, str):
        return not BLANK.fullmatch(value) and not PLACEHOLDER.search(value)
    if isinstance(value, (Sequence, Mapping)):
        return len(value) > 0
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFields:
    """The keys of one paper.

    Attributes:
        code: N01 to N16, or a pleading or annex of the litigation package.
        title: Chinese name as printed.
        keys: required in every case, in the order of the rule.
        conditional: known keys that are required only in a stated case.
        line_keys: keys of each line of a repeated block (N08: each debt).
        receipt: a return slip is part of the letter.
    """

    code: str
    title: str
    keys: tuple[str, ...]
    conditional: tuple[str, ...] = ()
    line_keys: tuple[str, ...] = ()
    receipt: bool = False

    @property
    def known(self) -> frozenset[str]:
        """Return every key the paper knows."""
        return frozenset((*self.keys, *self.conditional, *self.line_keys))

    def checked(self) -> Iterator[str]:
        """Yield every key that must be there, the line keys after the key of their block."""
        for key in self.keys:
            yield key
            if key == LINES_KEY:
                yield from self.line_keys


LINES_KEY: Final = "debts"
CARRIED: Final = ("serial_no", "issue_date")  # filled by the system, checked at export
DEMAND: Final = (
    "borrower", "contract_no", "principal_due", "interest_due", "penalty_and_compound",
    "as_of_date", "pay_account", "deadline", "contact", "service_address",
    "legal_consequence", "issuer_seal",
)  # fmt: skip


def _notice(
    code: str,
    title: str,
    keys: str,
    *,
    before: tuple[str, ...] = (),
    conditional: str = "",
    line_keys: str = "",
    receipt: bool = False,
) -> PaperFields:
    return PaperFields(
        code=code,
        title=title,
        keys=(*before, *keys.split()),
        conditional=(*conditional.split(), *CARRIED),
        line_keys=tuple(line_keys.split()),
        receipt=receipt,
    )


NOTICES: Final[Mapping[str, PaperFields]] = {
    notice.code: notice
    for notice in (
        _notice(
            "N01",
            "贷款到期通知书",
            "borrower contract_no due_date principal_due interest_due pay_account contact"
            " service_address issuer_seal",
            receipt=True,
        ),
        _notice("N02", "贷款逾期催收通知书", "", before=DEMAND, receipt=True),
        _notice(
            "N03",
            "宣布贷款提前到期通知书",
            "breach_fact contract_clause acceleration_date total_due",
            before=DEMAND,
            receipt=True,
        ),
        _notice(
            "N04",
            "担保人履行担保责任通知书",
            "guarantor guarantee_contract_no guarantee_type main_contract_no main_due_date"
            " guarantee_period_end claimed_amount as_of_date deadline pay_account contact"
            " issuer_seal",
            receipt=True,
        ),
        _notice("N05", "催款函", "previous_notices", before=DEMAND, receipt=True),
        _notice(
            "N06",
            "律师函",
            "client addressee facts legal_basis demand deadline consequence lawyer"
            " lawyer_licence_no client_authorisation",
        ),
        _notice(
            "N07",
            "债权转让通知书",
            "addressee transferor transferee contract_no balance_at_cutoff cutoff_date"
            " accessory_rights new_pay_account contact issuer_seal",
            receipt=True,
        ),
        _notice(
            "N08",
            "债权转让通知暨债务催收联合公告",
            "transferor transferee cutoff_date debts demand_sentence contact",
            line_keys="debtor contract_no principal interest guarantor collateral",
        ),
        _notice(
            "N09",
            "催收公告",
            "borrower contract_no principal_due interest_due penalty_and_compound as_of_date"
            " pay_account deadline contact legal_consequence demand_sentence issuer_seal",
        ),
        _notice(
            "N10",
            "利率调整（重定价）通知",
            "borrower contract_no old_rate new_rate effective_date basis contact",
        ),
        _notice(
            "N11",
            "债务确认书",
            "borrower contract_no debt_breakdown as_of_date repayment_plan"
            " confirmation_sentence debtor_signature",
            conditional="guarantor guarantor_signature",
            receipt=True,
        ),
        _notice(
            "N12",
            "不良信息报送事先告知书",
            "borrower loan_no overdue_item report_date objection_channel contact",
        ),
        _notice(
            "N13",
            "结清证明",
            "borrower loan_no settled_date issuer_seal",
            conditional="collateral_no",
        ),
        _notice(
            "N14",
            "担保人同意书",
            "guarantor guarantee_contract_no main_contract_no change_content new_due_date"
            " consent_sentence guarantor_signature signed_date",
            receipt=True,
        ),
        _notice(
            "N15",
            "风险提示（限期整改）通知书",
            "borrower contract_no finding contract_clause required_action deadline"
            " consequence contact issuer_seal",
            receipt=True,
        ),
        _notice(
            "N16",
            "最高额担保债权确定通知书",
            "security_provider security_contract_no fixing_event fixing_date secured_amount"
            " currency contact issuer_seal",
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCheck:
    """Required keys that are absent, in the order of the rule, and names nobody knows."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def required_fields(paper: PaperFields, present: Iterable[str]) -> Derived[FieldCheck]:
    """Return which keys of a paper are missing and which names it does not know.

    Keys that are required only in a stated case are known and not checked here.
    """
    names = tuple(dict.fromkeys(present))
    given = set(names)
    missing = tuple(key for key in paper.checked() if key not in given)
    unknown = tuple(name for name in names if name not in paper.known)
    return Derived(
        value=FieldCheck(missing=missing, unknown=unknown),
        basis=(REQUIRED,),
        steps=(
            f"《{paper.title}》（{paper.code}）必备要素 {len(tuple(paper.checked()))} 项",
            f"缺少：{'、'.join(missing) or '无'}",
            f"不认识的名称：{'、'.join(unknown) or '无'}",
        ),
    )


def present_keys(values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys whose values count as filled in."""
    return tuple(key for key, value in values.items() if is_present(value))


def keys_of_lines(paper: PaperFields, lines: object) -> tuple[str, ...]:
    """Return the keys that every line of a repeated block such as N08 has."""
    if not isinstance(lines, Sequence) or not lines:
        return ()
    return tuple(
        key for key in paper.line_keys if all(is_present(line.get(key)) for line in lines)
    )


def missing_in_lines(
    paper: PaperFields, lines: Iterable[Mapping[str, object]]
) -> tuple[tuple[int, str], ...]:
    """Return (line number from 1, key) of what is missing in a repeated block such as N08."""
    return tuple(
        (number, key)
        for number, line in enumerate(lines, start=1)
        for key in paper.line_keys
        if not is_present(line.get(key))
    )
