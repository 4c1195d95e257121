"""Filling Word templates; the only writer of .docx."""

from postloan_archive.wordgen.checking import check_template
from postloan_archive.wordgen.comparing import Comparison, compare_docx
from postloan_archive.wordgen.convert import (
    OfficeFailedError,
    OfficeMissingError,
    docx_to_pdf,
    soffice_path,
    to_docx,
)
from postloan_archive.wordgen.faults import Fault, TemplateRefusedError
from postloan_archive.wordgen.fields import field_paths
from postloan_archive.wordgen.fonts import installed_fonts, is_installed
from postloan_archive.wordgen.joining import join_pdfs
from postloan_archive.wordgen.marking import mark_faults
from postloan_archive.wordgen.merging import CannotMergeError, merge_print_file
from postloan_archive.wordgen.paper import Cell, Grid, Paper, Sheet, Words, write_paper
from postloan_archive.wordgen.pictures import pdf_pictures
from postloan_archive.wordgen.program import BrokenLetterError, FillError, MissingValueError
from postloan_archive.wordgen.tables import WordTable, write_table
from postloan_archive.wordgen.template import Template, compile_template
from postloan_archive.wordgen.text import docx_reading_text, docx_text
from postloan_archive.wordgen.values import (
    LetterError,
    Picture,
    RichText,
    Span,
    UnprintableValueError,
)
from postloan_archive.wordgen.work import WorkLimitError

__all__ = [
    "BrokenLetterError",
    "CannotMergeError",
    "Cell",
    "Comparison",
    "Fault",
    "FillError",
    "Grid",
    "LetterError",
    "MissingValueError",
    "OfficeFailedError",
    "OfficeMissingError",
    "Paper",
    "Picture",
    "RichText",
    "Sheet",
    "Span",
    "Template",
    "TemplateRefusedError",
    "UnprintableValueError",
    "WordTable",
    "Words",
    "WorkLimitError",
    "check_template",
    "compare_docx",
    "compile_template",
    "docx_reading_text",
    "docx_text",
    "docx_to_pdf",
    "field_paths",
    "installed_fonts",
    "is_installed",
    "join_pdfs",
    "mark_faults",
    "merge_print_file",
    "pdf_pictures",
    "soffice_path",
    "to_docx",
    "write_paper",
    "write_table",
]
