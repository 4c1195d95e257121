"""Tables of figures and the one writer of workbooks (.xlsx)."""

from postloan_archive.sheets.tables import (
    NUMERIC,
    Bar,
    Cell,
    Column,
    Kind,
    Table,
    share,
    sums,
    text_of,
)
from postloan_archive.sheets.workbook import XLSX, workbook

__all__ = [
    "NUMERIC",
    "XLSX",
    "Bar",
    "Cell",
    "Column",
    "Kind",
    "Table",
    "share",
    "sums",
    "text_of",
    "workbook",
]
