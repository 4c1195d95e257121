"""The pages the product itself draws: cover, index, notices, text, the paper round an image."""

from postloan_archive.bundle.sheets.canvas import A4, Canvas, wrapped
from postloan_archive.bundle.sheets.cover import cover_sheet
from postloan_archive.bundle.sheets.index import IndexRow, index_sheets
from postloan_archive.bundle.sheets.plain import notice_sheet, text_lines, text_sheet

__all__ = [
    "A4",
    "Canvas",
    "IndexRow",
    "cover_sheet",
    "index_sheets",
    "notice_sheet",
    "text_lines",
    "text_sheet",
    "wrapped",
]
