"""Blanks of the annexes A04 to A11."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from postloan_archive.litigation.matter import Matter
from postloan_archive.notices.rules.conventions import date_in_body

Value = str | date | tuple[str, ...] | None


def _number_or_cause(matter: Matter) -> str:
    return matter.court("second", "first").case_no or matter.case.cause


def _served(matter: Matter) -> tuple[str, ...]:
    return tuple(f"{name}：{date_in_body(day)}送达" for name, day in matter.served)


SUGGEST: Final[Mapping[tuple[str, str], Callable[[Matter], Value]]] = {
    ("A05", "party"): lambda m: m.source.lender.name,
    ("A05", "case_no_or_cause"): _number_or_cause,
    ("A05", "address"): lambda m: m.source.lender.domicile,
    ("A05", "recipient"): lambda m: m.source.fact("agent_name"),
    ("A05", "phone"): lambda m: m.source.fact("agent_phone", m.source.lender.phone),
    ("A05", "e_channel"): lambda _m: "",
    ("A04", "seal"): lambda m: m.source.fact("law_firm"),
    ("A09", "payee"): lambda m: m.source.lender.name,
    ("A09", "account"): lambda m: m.source.lender.account,
    ("A09", "bank"): lambda m: m.source.lender.bank,
    ("A10", "employee"): lambda m: m.source.fact("agent_name"),
    ("A10", "post"): lambda m: m.source.fact("agent_post"),
    ("A11", "service_dates"): _served,
}
