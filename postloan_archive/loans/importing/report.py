"""What an import found and did, as pages, commands and returned workbooks show it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from postloan_archive.loans.importing.units import Fault


class Mode(StrEnum):
    """What an import does."""

    CHECK = "check"  # enters everything and takes it back
    ALL = "all"  # everything or nothing
    GOOD = "good"  # what can be entered; the rest comes back


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReport:
    """What was understood of one sheet."""

    name: str
    label: str
    rows: int
    headings: tuple[tuple[str, str], ...]  # what the sheet says -> what it was taken for
    skipped: tuple[int, ...]
    preview: tuple[tuple[str, ...], ...]  # labels, then line and values of the first rows


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import found and did.

    `entered` counts by kind of thing; `applied` False: nothing was kept.
    """

    mode: Mode
    applied: bool = False
    units: int = 0
    bad_units: int = 0
    entered: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    bad_lines: dict[str, set[int]] = field(default_factory=dict)  # sheet -> lines left out
    customers: set[int] = field(default_factory=set)  # ids, new and known
    loan_ids: list[int] = field(default_factory=list)  # new, or with new rows
    balance_days: set[date] = field(default_factory=set)  # with delivered balances
    broken: bool = False  # something is wrong, found so far

    def count(self, what: str, number: int = 1) -> None:
        """Add to what was entered."""
        self.entered[what] = self.entered.get(what, 0) + number


MOST_NOTES: Final = 1_000
MOST_FAULTS: Final = 20_000  # kept with an import


def kept_report(report: Report) -> dict[str, Any]:
    """Return the report as JSON keeps it."""
    return {
        "mode": report.mode.value,
        "applied": report.applied,
        "units": report.units,
        "bad_units": report.bad_units,
        "entered": report.entered,
        "faults": [asdict(fault) for fault in report.faults[:MOST_FAULTS]],
        "fault_count": len(report.faults),
        "notes": report.notes[:MOST_NOTES],
        "sheets": [asdict(sheet) for sheet in report.sheets],
        "ignored": list(report.ignored),
        "bad_lines": {name: sorted(lines) for name, lines in report.bad_lines.items()},
    }


def report_of(kept: Mapping[str, Any]) -> Report:
    """Return the stored report as the workbooks that go back need it."""
    return Report(
        mode=Mode(kept["mode"]),
        applied=kept["applied"],
        units=kept["units"],
        bad_units=kept["bad_units"],
        entered=dict(kept["entered"]),
        faults=[Fault(**fault) for fault in kept["faults"]],
        notes=list(kept["notes"]),
        sheets=[
            SheetReport(
                **{
                    **sheet,
                    "headings": tuple((said, meant) for said, meant in sheet["headings"]),
                    "skipped": tuple(sheet["skipped"]),
                    "preview": tuple(tuple(row) for row in sheet["preview"]),
                }
            )
            for sheet in kept["sheets"]
        ],
        ignored=tuple(kept["ignored"]),
        bad_lines={name: set(lines) for name, lines in kept["bad_lines"].items()},
    )
