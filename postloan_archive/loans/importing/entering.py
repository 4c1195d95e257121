"""One unit after the other: checked against the ledger, turned into rows; nothing written."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from postloan_archive.db import Model
from postloan_archive.kernel.clock import Clock
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.importing import sentences
from postloan_archive.loans.importing.commands import (
    collateral_of,
    contradictions,
    customer_of,
    day_of,
    guarantee,
    registration,
    yuan_of,
)
from postloan_archive.loans.importing.known import Known, KnownLoan, Party
from postloan_archive.loans.importing.payments import (
    LateReversal,
    PaymentDesk,
    enter_payments,
)
from postloan_archive.loans.importing.report import Mode, Report
from postloan_archive.loans.importing.units import Entry, Unit
from postloan_archive.loans.importing.written import Rows, no_rows
from postloan_archive.loans.models import (
    Collateral,
    Contract,
    Customer,
    DeliveredBalance,
    Guarantee,
    Instalment,
    Loan,
    Payment,
)
from postloan_archive.loans.registering import (
    ArchiveNumbers,
    Ids,
    collateral_row,
    contract_row,
    customer_row,
    guarantee_row,
    loan_row,
    schedule_rows,
)
from postloan_archive.loans.rules.entry_checks import schedule_findings

HEADINGS: Final = {
    "due_on": "到期日",
    "pay_day": "还款日",
    "schedule": "贷款金额",
    "grace_days": "宽限期天数",
    "order": "清偿顺序",
    "late_order": "逾期后清偿顺序",
    "late_days": "改变清偿顺序的逾期天数",
    "prepay_fee_pct": "提前还款违约金比例",
}
DATES_STEP: Final = _l("请核对放款日、到期日和还款日。")
AS_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode


class _RefusedError(Exception):
    """The unit cannot be entered; its entries say why."""


class Entering:
    """Turns units into rows; keeps in `known` what the units before have added."""

    def __init__(
        self,
        known: Known,
        report: Report,
        ids: Ids,
        numbers: ArchiveNumbers,
        clock: Clock,
        actor: str,
    ) -> None:
        self.known = known
        self.report = report
        self.ids = ids
        self.numbers = numbers
        self.writes = report.mode is not Mode.CHECK
        self.today = clock.today()
        self.now = clock.now()
        self.actor = actor

    def enter(self, unit: Unit, import_id: int | None) -> "Entered | None":
        """Return the rows of a unit, None where its entries were refused."""
        entered = Entered(self, unit, import_id)
        try:
            entered.run()
        except _RefusedError:
            return None
        except PostloanError as error:
            main = unit.loan or next(unit.entries())
            key = error.field or ""
            main.refuse(
                str(error),
                HEADINGS.get(key, ""),
                value=main.text(key),
                step=str(error.next_step or DATES_STEP),
            )
            return None
        entered.keep()
        return entered


class Entered:
    """One unit on its way into the ledger: its rows, and what they add to the known things."""

    def __init__(self, entering: Entering, unit: Unit, import_id: int | None) -> None:
        self._entering = entering
        self._known = entering.known
        self._at = entering.now
        self._mark = {"import_id": import_id}
        self.unit = unit
        self.rows: Rows = no_rows()
        self.counts: dict[str, int] = {}
        self.notes: list[str] = []
        self.reversals: list[LateReversal] = []  # of payments of before
        self.loan: KnownLoan | None = None
        self._parties: dict[str, int] = {}
        self._new_parties: dict[tuple[str, int], Party] = {}
        self._new_contract: tuple[str, tuple[int, str]] | None = None

    def run(self) -> None:
        """Check everything and make the rows."""
        for entry in self.unit.customers:
            self._customer(entry, self._branch(entry), entry)
        if self.unit.loan is not None:
            self._loan(self.unit.loan)
        elif self.unit.loan_no:
            self._find_loan()
        if self.loan is not None:
            self._payments(self.loan)
            self._balances(self.loan)
        if self.unit.faulty:
            raise _RefusedError

    def keep(self) -> None:
        """Add the unit to what is known and reported."""
        report = self._entering.report
        self._known.parties |= self._new_parties
        if self._new_contract is not None:
            self._known.contracts[self._new_contract[0]] = self._new_contract[1]
        if self.loan is not None:
            self._known.loans[self.unit.loan_no] = self.loan
        report.customers.update(self._parties.values())
        report.notes += self.notes
        report.balance_days.update(row["day"] for row in self.rows[DeliveredBalance])
        for what, number in self.counts.items():
            report.count(what, number)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over everything that the rows of the unit said."""
        said = [[entry.sheet, entry.line, entry.values] for entry in self.unit.entries()]
        return hashlib.sha256(AS_JSON(said).encode()).hexdigest()

    def _branch(self, entry: Entry) -> tuple[str, int]:
        said = entry.text("branch")
        found = self._known.codes.get(said)
        if found is None:
            entry.refuse(
                sentences.UNKNOWN_BRANCH.format(branch=said),
                "机构",
                value=said,
                step=_l("请填写机构代码；新机构先由系统管理员登记。"),
            )
            raise _RefusedError
        return found

    def _customer(self, entry: Entry, branch: tuple[str, int], details: Entry) -> int:
        number = entry.text("id_no")
        if number in self._parties:
            return self._parties[number]
        key = (number, branch[1])
        party = self._known.parties.get(key)
        if party is None:
            cmd = customer_of(entry, branch[0], details)
            party = Party(self._entering.ids.take(Customer), cmd.name)
            row = customer_row(cmd, branch_id=branch[1], at=self._at)
            self.rows[Customer].append({"id": party.id, **row, **self._mark})
            self._new_parties[key] = party
        elif party.name != entry.text("name"):
            self.notes.append(
                f"{entry.sheet} 第 {entry.line} 行：证件号已登记为“{party.name}”，"
                f"未改为“{entry.text('name')}”。"
            )
        self._parties[number] = party.id
        return party.id

    def _find_loan(self) -> None:
        """Find the loan of before to which rows are added."""
        loan = self._known.loans.get(self.unit.loan_no)
        if loan is not None and not loan.seen:
            loan = None
        for entry in self.unit.entries():
            if loan is None:
                entry.refuse(
                    sentences.NO_LOAN.format(loan_no=self.unit.loan_no),
                    "借据号",
                    value=self.unit.loan_no,
                    step=_l("请核对借据号；新贷款须在“贷款”表中占一行。"),
                )
            elif entry.kind not in {"payments", "balances", "customers"}:
                entry.refuse(
                    sentences.ALREADY_THERE.format(loan_no=self.unit.loan_no),
                    "借据号",
                    value=self.unit.loan_no,
                )
        if self.unit.faulty:
            raise _RefusedError
        assert loan is not None  # else every entry was refused
        self.loan = loan

    def _loan(self, row: Entry) -> None:
        branch = self._branch(row)
        if self.unit.loan_no in self._known.loans:
            row.refuse(
                sentences.LOAN_EXISTS.format(loan_no=self.unit.loan_no),
                "借据号",
                value=self.unit.loan_no,
                step=_l(
                    "已登记的贷款不会被覆盖；只导入还款或余额时，请去掉“贷款”表中的这一行。"
                ),
            )
            raise _RefusedError
        found = registration(
            self.unit,
            row,
            branch=branch[0],
            borrower=self._customer(row, branch, row),
            guarantees=tuple(
                guarantee(one, self._customer(one, branch, one)) for one in self.unit.guarantees
            ),
            collateral=tuple(
                collateral_of(one, self._customer(one, branch, one))
                for one in self.unit.collateral
            ),
        )
        for text, heading in contradictions(row, found):
            row.refuse(text, heading)
        if found.principal <= ZERO:
            row.refuse(sentences.NOTHING_LENT, "贷款金额", value=row.text("principal"))
        if found.disbursed_on > self._entering.today:
            self._in_the_future(row, "放款日", found.disbursed_on)
        self._check_schedule(row, found.principal, found.disbursed_on, found.due_on)
        _refuse_doubles(self.unit.guarantees, ("contract_no",), "保证合同号")
        _refuse_doubles(self.unit.collateral, ("contract_no", "description"), "担保合同号")
        if self.unit.faulty:
            raise _RefusedError
        if not self.unit.schedule and found.schedule:
            self.notes.append(f"{found.loan_no}：没有还款计划，已按还款方式推算。")
        contract_id = self._contract(row, found.contract_no)
        if contract_id is None:
            contract_id = self._entering.ids.take(Contract)
            self._new_contract = (found.contract_no, (contract_id, row.text("id_no")))
            self.rows[Contract].append({"id": contract_id, **contract_row(found), **self._mark})
        loan_id = self._entering.ids.take(Loan)
        archive_no = self._entering.numbers.take(found.disbursed_on, *branch)
        columns = loan_row(found, archive_no=archive_no, branch_id=branch[1], at=self._at)
        self.rows[Loan].append(
            {"id": loan_id, "contract_id": contract_id, **columns, **self._mark}
        )
        below: tuple[tuple[type[Model], str, list[dict[str, object]]], ...] = (
            (Instalment, "schedule", schedule_rows(found) if self._entering.writes else []),
            (Guarantee, "guarantees", [guarantee_row(one) for one in found.guarantees]),
            (Collateral, "collateral", [collateral_row(one) for one in found.collateral]),
        )
        self.counts["loans"] = 1
        for model, what, rows in below:
            self.counts[what] = len(rows)
            for one in rows:
                one["loan_id"] = loan_id
            self.rows[model] += rows
        self.counts["schedule"] = len(found.schedule)
        self.loan = KnownLoan(loan_id, found.disbursed_on, found.principal, seen=True)

    def _contract(self, row: Entry, contract_no: str) -> int | None:
        known = self._known.contracts.get(contract_no)
        if known is None:
            return None
        if known[1] != row.text("id_no"):
            row.refuse(
                sentences.OTHER_BORROWER.format(contract_no=contract_no),
                "合同号",
                value=contract_no,
                step=_l("请核对合同号和借款人证件号。"),
            )
            raise _RefusedError
        return known[0]

    def _check_schedule(
        self, row: Entry, principal: Decimal, disbursed_on: date, due_on: date
    ) -> None:
        """Refuse a delivered schedule that does not fit the loan, row by row where possible."""
        if not self.unit.schedule:
            return
        lines = [
            (day_of(one, "due_on"), yuan_of(one, "principal")) for one in self.unit.schedule
        ]
        for at, text in schedule_findings(
            lines, principal=principal, disbursed_on=disbursed_on, due_on=due_on
        ):
            if at is None:
                row.refuse(
                    text, "贷款金额", value=str(principal), step=_l("请核对还款计划是否缺期。")
                )
            else:
                one = self.unit.schedule[at]
                one.refuse(text, "应还日", value=one.text("due_on"))

    def _payments(self, loan: KnownLoan) -> None:
        if not self.unit.payments:
            return
        entering = self._entering
        desk = PaymentDesk(
            ids=entering.ids,
            mark=self._mark,
            today=entering.today,
            now=entering.now,
            actor=entering.actor,
        )
        found = enter_payments(self.unit, loan, desk)
        self.rows[Payment] += found.rows
        self.reversals = found.reversals
        if found.rows:
            self.counts["payments"] = len(found.rows)
        struck = len(found.reversals) + sum("reversed_on" in row for row in found.rows)
        if struck:
            self.counts["reversals"] = struck
        if not self.unit.faulty:
            found.keep()

    def _balances(self, loan: KnownLoan) -> None:
        days = set(loan.balance_days)
        for entry in self.unit.balances:
            day = day_of(entry, "day")
            if day in days:
                entry.refuse(sentences.DAY_TWICE.format(day=day), "余额日期", value=str(day))
            elif day > self._entering.today:
                self._in_the_future(entry, "余额日期", day)
            days.add(day)
            keys = ("balance", "interest_due", "penalty", "compound", "overdue_days")
            row = {key: entry.values.get(key) for key in keys}
            self.rows[DeliveredBalance].append(
                {"loan_id": loan.id, "day": day, **row, **self._mark}
            )
            self.counts["balances"] = self.counts.get("balances", 0) + 1
        if not self.unit.faulty:
            loan.balance_days = days

    def _in_the_future(self, entry: Entry, label: str, day: date) -> None:
        text = sentences.IN_THE_FUTURE.format(label=label, day=day, today=self._entering.today)
        entry.refuse(text, label, value=str(day), step=_l("请核对年份。"))


def _refuse_doubles(entries: Iterable[Entry], keys: tuple[str, ...], label: str) -> None:
    lines: dict[tuple[str, ...], int] = {}
    for entry in entries:
        said = tuple(entry.text(key) for key in keys)
        if said in lines:
            entry.refuse(sentences.SAME_CONTRACT.format(line=lines[said]), label, value=said[0])
        lines.setdefault(said, entry.line)
