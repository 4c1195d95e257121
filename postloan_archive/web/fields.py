"""Form fields that read what people write: 2026.3.5, 2026年3月5日, 100万, full-width digits."""

from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from postloan_archive.kernel.entries import read_amount, read_date, read_percent
from postloan_archive.kernel.errors import RuleError
from postloan_archive.web.translations import error_text


class _TextEntry(Field):  # type: ignore[misc]  # WTForms carries no types
    """A text that is read; what cannot be read stays in the field, with the reason below."""

    widget = TextInput()
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text; a blank is None."""
        self.text = valuelist[0] if valuelist else ""
        self.raw_data = [self.text.strip()]  # InputRequired looks here: blanks are no input
        self.data = None
        if self.text.strip():
            try:
                self.data = self.read(self.text)
            except RuleError as error:
                raise ValueError(error_text(error)) from error

    def _value(self) -> str:
        if getattr(self, "text", ""):
            return self.text
        return "" if self.data is None else self.write(self.data)

    def read(self, text: str) -> object:
        """Return the value of a text."""
        raise NotImplementedError

    def write(self, value: Any) -> str:  # noqa: ANN401 - whatever `read` returns
        """Return the text of a value."""
        return str(value)


class DayField(_TextEntry):
    """A civil day; `data` is a date or None."""

    data: date | None

    def read(self, text: str) -> date:
        """Return the day that was typed."""
        return read_date(text)

    def write(self, value: date) -> str:
        """Return 2026-03-05."""
        return value.isoformat()


class AmountField(_TextEntry):
    """Yuan, 0 or more; `data` is a Decimal with two places or None."""

    data: Decimal | None

    def read(self, text: str) -> Decimal:
        """Return the yuan that were typed."""
        return read_amount(text)

    def write(self, value: Decimal) -> str:
        """Return 1,234,567.80."""
        return f"{value:,.2f}"


class PercentField(_TextEntry):
    """Percent, 0 to 100 with at most eight decimals; `data` is an exact Decimal or None."""

    data: Decimal | None

    def read(self, text: str) -> Decimal:
        """Return the percent that was typed."""
        return read_percent(text)

    def write(self, value: Decimal) -> str:
        """Return 4.35."""
        return format(value, "f")
