"""Many letters in one .docx, in order, for the printer and for one conversion to PDF."""

from postloan_archive.wordgen.merging.print_file import (
    CannotMergeError,
    Start,
    merge_print_file,
)

__all__ = ["CannotMergeError", "Start", "merge_print_file"]
