"""The checked-in papers of the demonstration: where they are and what each one is."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPaper:
    """One paper: the file, the loan file it belongs to, its item and title."""

    path: Path
    loan_no: str
    item: str
    title: str
    dated: date


def papers() -> Iterator[DemoPaper]:
    """Yield the papers in the order of their numbers."""
    with (FOLDER / "papers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield DemoPaper(
                path=FOLDER / row["file"],
                loan_no=row["loan_no"],
                item=row["item"],
                title=row["title"],
                dated=date.fromisoformat(row["date"]),
            )
