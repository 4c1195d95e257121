"""The base of all tables and the column types of law and money."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, DateTime, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from postloan_archive.kernel.money import CENT

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class FractionOfACentError(ValueError):
    """An amount was not rounded in kernel.money before it was stored: a programming error."""

    def __init__(self, value: Decimal) -> None:
        super().__init__(f"{value} has fractions of a cent")


class NaiveMomentError(ValueError):
    """A moment without a time zone reached the database: a programming error."""

    def __init__(self, value: datetime) -> None:
        super().__init__(f"{value.isoformat()} has no time zone")


class YuanType(TypeDecorator[Decimal]):
    """Decimal yuan in Python, whole cents in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Return whole cents; a fraction of a cent is a programming error."""
        del dialect
        if value is None:
            return None
        cents = value * 100
        if cents != cents.to_integral_value():
            raise FractionOfACentError(value)
        return int(cents)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Return Decimal yuan with two places."""
        del dialect
        return None if value is None else (Decimal(value) / 100).quantize(CENT)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments in Python, UTC without zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; store UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveMomentError(value)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class RateType(TypeDecorator[Decimal]):
    """A rate in percent a year, exact, stored as text so that no digit is lost."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Return the plain digits."""
        del dialect
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Return the exact decimal."""
        del dialect
        return None if value is None else Decimal(value)


Yuan = Annotated[Decimal, mapped_column(YuanType)]
YuanOrNone = Annotated[Decimal | None, mapped_column(YuanType)]
Rate = Annotated[Decimal, mapped_column(RateType)]
RateOrNone = Annotated[Decimal | None, mapped_column(RateType)]
Utc = Annotated[datetime, mapped_column(UtcDateTime)]
UtcOrNone = Annotated[datetime | None, mapped_column(UtcDateTime)]


class Model(DeclarativeBase):
    """The base of every table: names its constraints, knows its column types.

    A table whose rows are derived says so in `__table_args__`: `{"info": {"made_again": SQL}}`
    with the condition of the rows that the next run makes again. Rows that point to the
    ledger and are not derived keep an import from being undone.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }
