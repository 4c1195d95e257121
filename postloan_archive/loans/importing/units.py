"""Rows grouped by what is entered together: one loan with everything that belongs to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.identifiers import id_card, uscc
from postloan_archive.loans.importing.cells import CellRefusedError, Raw, Value, read_cell
from postloan_archive.loans.importing.columns import Column
from postloan_archive.loans.importing.sheets import ReadBook, ReadSheet

MISSING_COLUMN: Final = _l("工作表缺少必填列：{columns}")
REMEMBERED: Final = frozenset({str, float, date, datetime})  # no two of which can be equal
MOST_REMEMBERED: Final = 4_096  # different values of a column
Identity = tuple[str, str]  # the number in its form, the kind of party; both empty: not valid
WRONG_NUMBER: Final = _l(
    "证件号“{number}”校验不通过，请核对（身份证 18 位或统一社会信用代码 18 位）"
)
TWICE: Final = _l("借据号在第 {line} 行已经出现")
CUSTOMER_TWICE: Final = _l("证件号在第 {line} 行已经出现，内容不同")
LONGEST_VALUE: Final = 60  # characters of a cell that a fault repeats
PREVIEW: Final = 20  # rows of a sheet that are shown as understood
COMPANY: Final = "company"
PERSON: Final = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a row: where it stands, which column, and a Chinese sentence."""

    sheet: str
    line: int
    column: str
    text: str
    value: str = ""  # what the cell says
    step: str = ""  # what to do about it, Chinese


@dataclass(slots=True, kw_only=True)
class Entry:
    """One row with its values by key of the column; `faults` empty: it can be read."""

    sheet: str
    kind: str
    line: int
    values: dict[str, Value]
    faults: list[Fault] = field(default_factory=list)

    def text(self, key: str) -> str:
        """Return a value as text, empty where there is none."""
        value = self.values.get(key)
        return "" if value is None else str(value)

    def refuse(self, text: str, column: str = "", *, value: str = "", step: str = "") -> None:
        """Add a fault to the row."""
        self.faults.append(
            Fault(
                sheet=self.sheet,
                line=self.line,
                column=column,
                text=text,
                value=value[:LONGEST_VALUE],
                step=step,
            )
        )


@dataclass(slots=True, kw_only=True)
class Unit:
    """What stands or falls together: the rows of one loan, or one customer without a loan.

    `loan` None: the loan is in the ledger already, or the unit is a customer.
    """

    loan_no: str
    customers: list[Entry] = field(default_factory=list)
    loan: Entry | None = None
    guarantees: list[Entry] = field(default_factory=list)
    collateral: list[Entry] = field(default_factory=list)
    schedule: list[Entry] = field(default_factory=list)
    payments: list[Entry] = field(default_factory=list)
    balances: list[Entry] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Yield every row, the loan first."""
        if self.loan is not None:
            yield self.loan
        yield from self.customers
        yield from self.guarantees
        yield from self.collateral
        yield from self.schedule
        yield from self.payments
        yield from self.balances

    @property
    def faulty(self) -> bool:
        """Return whether any row cannot be entered."""
        loan = self.loan
        if loan is not None and loan.faults:
            return True
        for rows in (
            self.payments,
            self.schedule,
            self.balances,
            self.customers,
            self.guarantees,
            self.collateral,
        ):
            for entry in rows:
                if entry.faults:
                    return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The units of a workbook in the order of their first rows, and what no row says."""

    units: tuple[Unit, ...]
    first: Mapping[str, Sequence[Entry]]  # by sheet, the first rows in their order
    faults: tuple[Fault, ...]


def gather(book: ReadBook) -> Gathered:
    """Return the rows of a workbook as units; every row is in exactly one of them."""
    units: dict[str, Unit] = {}
    customers: dict[str, Entry] = {}
    identities: dict[str, Identity] = {}
    faults = []
    first: dict[str, list[Entry]] = {}
    for sheet in book.sheets:
        if sheet.missing:
            text = MISSING_COLUMN.format(columns="、".join(sheet.missing))
            faults.append(
                Fault(
                    sheet=sheet.name,
                    line=sheet.head_line,
                    column="",
                    text=text,
                    step=_l("请在“对应列”一步指明这些列，或按模板补上表头。"),
                )
            )
            continue
        shown = first.setdefault(sheet.name, [])
        for entry in _entries(sheet, identities):
            if len(shown) < PREVIEW:
                shown.append(entry)
            if entry.kind == "customers":
                number = entry.text("id_no") or f"{sheet.name}:{entry.line}"
                _same_customer(customers.setdefault(number, entry), entry)
                continue
            number = entry.text("loan_no") or f"{sheet.name}:{entry.line}"
            unit = units.get(number)
            if unit is None:
                unit = units[number] = Unit(loan_no=number)
            _place(unit, entry)
    claimed = _claim(units, customers)
    alone = [
        Unit(loan_no="", customers=[entry])
        for key, entry in customers.items()
        if key not in claimed
    ]
    return Gathered(units=(*alone, *units.values()), first=first, faults=tuple(faults))


def _same_customer(known: Entry, entry: Entry) -> None:
    """Refuse both rows of a customer that say different things; a repetition passes."""
    if known.values != entry.values:
        text = CUSTOMER_TWICE.format(line=known.line)
        entry.refuse(text, "证件号", step=_l("请合并为一行，或核对其中一个证件号。"))
        known.faults.append(entry.faults[-1])


def _place(unit: Unit, entry: Entry) -> None:
    if entry.kind != "loans":
        rows: list[Entry] = getattr(unit, entry.kind)
        rows.append(entry)
        return
    if unit.loan is not None:
        entry.refuse(TWICE.format(line=unit.loan.line), "借据号")
        unit.loan.faults.append(entry.faults[-1])
        return
    unit.loan = entry


def _claim(units: dict[str, Unit], customers: dict[str, Entry]) -> set[str]:
    """Give each unit the customer rows of its parties; a faulty customer makes it faulty."""
    claimed: set[str] = set()
    for unit in units.values():
        parties = [*unit.guarantees, *unit.collateral]
        if unit.loan is not None:
            parties.append(unit.loan)
        for number in dict.fromkeys(entry.text("id_no") for entry in parties):
            if number in customers:
                unit.customers.append(customers[number])
                claimed.add(number)
    return claimed


def _entries(sheet: ReadSheet, identities: dict[str, Identity]) -> Iterator[Entry]:
    columns: list[tuple[str, Column, bool, dict[Raw, Value]]] = [
        (one.column.key, one.column, one.in_ten_thousands, {})
        for one in sheet.headings
        if one.column is not None
    ]
    heading = next((one.label for key, one, *_ in columns if key == "id_no"), "")
    name, kind, era = sheet.name, sheet.kind.key, sheet.serial_zero
    for row in sheet.rows:
        entry = Entry(sheet=name, kind=kind, line=row.line, values={})
        values = entry.values
        for (key, column, thousands, read), raw in zip(columns, row.cells, strict=True):
            again = raw.__class__ in REMEMBERED
            if again and raw in read:
                values[key] = read[raw]
                continue
            try:
                values[key] = value = read_cell(
                    column, raw, in_ten_thousands=thousands, serial_zero=era
                )
                if again and len(read) < MOST_REMEMBERED:
                    read[raw] = value
            except CellRefusedError as error:
                entry.refuse(
                    str(error),
                    column.label,
                    value="" if raw is None else str(raw),
                    step=error.step,
                )
        _check_identity(entry, heading, identities)
        yield entry


def _check_identity(entry: Entry, heading: str, identities: dict[str, Identity]) -> None:
    """Bring an identity number into its form; the kind of customer follows from it."""
    number = entry.values.get("id_no")
    if not isinstance(number, str):
        return
    found = identities.get(number)
    if found is None:
        found = identities[number] = _identity(number)
    if found[0]:
        entry.values["id_no"], entry.values["party"] = found
    else:
        entry.refuse(
            WRONG_NUMBER.format(number=number),
            heading,
            value=number,
            step=_l("请按证件原件核对后，以文本格式重填。"),
        )


def _identity(number: str) -> Identity:
    if (person := id_card(number)).valid:
        return person.normalised, PERSON
    if (company := uscc(number)).valid:
        return company.normalised, COMPANY
    return "", ""
