"""Make the templates: `python -m tools.word_templates`."""

from pathlib import Path

from tools.word_templates import (
    annexes,
    complaints,
    enforcement,
    litigation,
    notices,
    pleadings,
    preservation,
    special,
)

TARGET = Path(__file__).resolve().parents[2] / "doc_templates"

notices.make(TARGET)
litigation.make(TARGET)
preservation.make(TARGET)
special.make(TARGET)
pleadings.make(TARGET)
enforcement.make(TARGET)
annexes.make(TARGET)
complaints.make(TARGET)
