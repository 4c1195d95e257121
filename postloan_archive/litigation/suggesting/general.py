"""Blanks that mean the same on every paper: parties, court, numbers, account, day."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from postloan_archive.cases.queries import PartyRow
from postloan_archive.cases.rules.events import Event
from postloan_archive.litigation.matter import Matter
from postloan_archive.litigation.suggesting import story
from postloan_archive.loans.party_lines import customer_lines, lender_lines

Value = str | date | tuple[str, ...] | None
Suggest = Callable[[Matter, str], Value]

ENFORCING: Final = "X"  # the codes of enforcement begin with it
OURS: Final[Mapping[str, str]] = {  # what the lender is called where it is not 申请人
    "P01K": "原告",
    "P01B": "原告",
    "P07": "上诉人（原审原告）",
    "P08": "申请人（原告）",
    "P09": "答辩人（原告）",
    "P13": "申请人（原告）",
    "P18": "再审申请人（原审原告）",
    "P19": "申请人（缴费人）",
    "X03": "申请人",
    "X09": "异议人（申请执行人）",
    "X11": "原告（申请执行人）",
    "X13": "申请人（债权人）",
}
THEIRS: Final[Mapping[str, str]] = {
    "P01K": "被告",
    "P01B": "被告（保证人）",
    "P07": "被上诉人（原审被告）",
    "P18": "被申请人（原审被告）",
    "X11": "被告",
    "X12": "债务人",
}


def ours(matter: Matter, code: str) -> tuple[str, ...]:
    """Return the block of the lender."""
    usual = "申请执行人" if code.startswith(ENFORCING) else "申请人"
    return lender_lines(matter.source.lender, OURS.get(code, usual))


def theirs(matter: Matter, code: str) -> tuple[str, ...]:
    """Return the blocks of the defendants, one after the other."""
    usual = "被执行人" if code.startswith(ENFORCING) else "被申请人"
    return tuple(_blocks(opponents(matter, code), THEIRS.get(code, usual)))


def opponents(matter: Matter, code: str) -> list[PartyRow]:
    """Return against whom the paper goes.

    A payment order does not bind guarantors: it goes against the debtor alone (R-H06). The
    realisation of a security interest goes against debtor and providers of collateral.
    """
    rows = [row for row in matter.source.parties if row.role == "defendant"]
    if code in {"P02", "X12"}:
        return [row for row in rows if row.capacity == "borrower"] or rows[:1]
    if code == "P01B":
        return [row for row in rows if row.capacity == "guarantor"]
    if code == "P06":
        providers = {item.provider_id for item in matter.source.collateral}
        return [
            row
            for row in rows
            if row.capacity == "borrower" or (row.customer and row.customer.id in providers)
        ]
    return rows


def third_parties(matter: Matter, code: str) -> tuple[str, ...]:
    """Return the blocks of the others; 无 where there are none."""
    word = "其他当事人" if code == "P17" else "第三人"
    rows = [row for row in matter.source.parties if row.role == "third_party"]
    if code == "P17":
        rows = [row for row in matter.source.parties if row.role != "plaintiff"]
    return tuple(_blocks(rows, word)) or (f"{word}：无",)


def _blocks(rows: list[PartyRow], word: str) -> Iterator[str]:
    for row in rows:
        if row.customer is None:
            yield f"{word}：{row.name}"
        else:
            yield from customer_lines(row.customer, word)


def _court(matter: Matter, code: str) -> str:
    if code.startswith(ENFORCING):
        return matter.court("enforcement", "first").court
    if code in {"P07", "P18"}:
        return matter.courts["second"].court if "second" in matter.courts else ""
    return matter.court("second", "first").court


def _number(matter: Matter, code: str) -> str:
    if code in {"P07", "P18"}:
        return matter.court("first").case_no
    if code == "A09":
        return matter.court("enforcement", "second", "first").case_no
    return matter.court("second", "first", "payment_order").case_no


def _title_no(matter: Matter, _code: str) -> str:
    if Event.JUDGMENT_SERVED not in matter.days and matter.effective_on is None:
        return ""
    return matter.court("retrial", "second", "first", "payment_order").case_no


def _account(matter: Matter, _code: str) -> str:
    lender = matter.source.lender
    if not lender.account:
        return ""
    return f"户名：{lender.name}，账号：{lender.account}，开户行：{lender.bank}"


def _ruling(matter: Matter, _code: str) -> str:
    return matter.source.measures[0].ruling_no if matter.source.measures else ""


def _exhibits(matter: Matter, _code: str) -> tuple[str, ...]:
    return tuple(f"{no}. {title}" for no, title in enumerate(matter.exhibits, 1))


def _leads(matter: Matter, _code: str) -> tuple[str, ...]:
    kept = matter.source.facts.get("assets", "")
    return tuple(kept.splitlines()) if kept else tuple(story.assets(matter))


SUGGEST: Final[Mapping[str, Suggest]] = {
    "court": _court,
    "applicant": ours,
    "plaintiff": ours,
    "plaintiffs": ours,
    "appellant": ours,
    "party": ours,
    "payer": ours,
    "objector": ours,
    "respondent": theirs,
    "respondents": theirs,
    "defendants": theirs,
    "appellees": theirs,
    "debtor": theirs,
    "applicants": lambda m, code: (*ours(m, code), *theirs(m, code)),
    "parties": lambda m, code: (*ours(m, code), *theirs(m, code)),
    "other_parties": third_parties,
    "case_no": _number,
    "case_nos": _number,
    "cause": lambda m, _code: m.case.cause,
    "original_court": lambda m, _code: m.court("first").court,
    "enforcement_no": lambda m, _code: m.court("enforcement").case_no,
    "previous_enforcement_no": lambda m, _code: m.court("enforcement").case_no,
    "title_no": _title_no,
    "title_court": lambda m, _code: m.court("retrial", "second", "first").court,
    "effective_on": lambda m, _code: m.effective_on,
    "performance_last_day": lambda m, _code: m.days.get(Event.PERFORMANCE_PERIOD_OVER),
    "evidence_period_end": lambda m, _code: m.days.get(Event.EVIDENCE_PERIOD_ENDS),
    "ruling_no": _ruling,
    "evidence_list": _exhibits,
    "assets": _leads,
    "assets_or_leads": _leads,
    "known_assets": _leads,
    "account": _account,
    "receiving_account": _account,
    "client": lambda m, _code: m.source.lender.name,
    "case": lambda m, _code: f"与{m.source.loan.customer.name}等{m.case.cause}",
    "seal": lambda m, _code: m.source.lender.name,
    "unit": lambda m, _code: m.source.lender.name,
    "signatory": lambda m, _code: m.source.lender.name,
    "date": lambda m, _code: m.source.day,
    "currency": lambda _m, _code: "人民币",
}
