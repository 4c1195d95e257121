"""What an option holds as people type it: 2026.3.5, 2026年3月5日, 30万, full-width digits."""

from datetime import date
from decimal import Decimal
from typing import Final

import click

from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import RuleError


class DayType(click.ParamType[date]):
    """A civil day in any form that a page reads."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day; another text is wrong usage."""
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value))
        except RuleError as error:
            self.fail(str(error), param, ctx)


class AmountType(click.ParamType[Decimal]):
    """Yuan, 0 or more, in any form that a page reads."""

    name = "amount"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Return the yuan; another text is wrong usage."""
        if isinstance(value, Decimal):
            return value
        try:
            return read_amount(str(value))
        except RuleError as error:
            self.fail(str(error), param, ctx)


class RowType(click.ParamType[int]):
    """The number of a row, such as a run; one that no database can hold is wrong usage."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number; another text is wrong usage."""
        text = str(value).strip()
        digits = text.removeprefix("-")
        short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST_ROW))
        if not short or int(digits) > LARGEST_ROW:
            self.fail(f"{text[:40]!r} is not a number of a row.", param, ctx)
        return int(text)


LARGEST_ROW: Final = 2**31 - 1  # of an integer column in PostgreSQL
DAY = DayType()
AMOUNT = AmountType()
ROW = RowType()
