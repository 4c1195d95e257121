"""Facts of a group of pages as bit sets: bit n stands for page n of the shelf."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

NO_DATE: Final = 0
_YEAR_STARTS_FEW: Final = 128


@dataclass(slots=True)
class Facts:
    """What is known of each page of a shelf besides its words.

    Attributes:
        live: pages that exist.
        tags: kind of fact, value, pages.
        dates: day number (`date.toordinal`) of each page, 0 without a date.
        page_ids: the id of each page, 0 where there is none.
    """

    size: int = 0
    live: int = 0
    tags: dict[str, dict[str, int]] = field(default_factory=dict)
    dates: "array[int]" = field(default_factory=lambda: array("i"))
    page_ids: "array[int]" = field(default_factory=lambda: array("q"))
    orders: dict[bool, Sequence[int]] = field(default_factory=dict)

    def sort_key(self, place: int, *, newest: bool) -> tuple[int, int]:
        """Return what hits are sorted by: the date, undated last, then the page id."""
        day = self.dates[place]
        if newest:
            return -day, self.page_ids[place]
        return day or _LAST, self.page_ids[place]

    def ordered(self, bits: int, *, newest: bool) -> Iterator[int]:
        """Yield the places of `bits` by date and page id."""
        if bits.bit_count() <= _YEAR_STARTS_FEW:
            yield from sorted(places(bits), key=lambda p: self.sort_key(p, newest=newest))
            return
        order = self.orders.get(newest)
        if order is None:
            order = array(
                "I", sorted(range(self.size), key=lambda p: self.sort_key(p, newest=newest))
            )
            self.orders[newest] = order
        octets = bits.to_bytes(self.size // 8 + 1, "little")
        for place in order:
            if octets[place >> 3] >> (place & 7) & 1:
                yield place


_LAST: Final = 10**9


class Shelf(Protocol):
    """One group of pages of an adapter, as one transaction sees it."""

    @property
    def facts(self) -> Facts:
        """Return what is known besides the words."""
        ...

    def word(self, field_name: str, form: str) -> int:
        """Return the pages that contain the folded form in the field, exactly."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page as the index keeps it."""

    page_id: int
    document_id: int
    loan_no: str
    branch_id: int
    category: str
    item_code: str
    page_no: int
    title: str
    text: str
    doc_date: int  # `date.toordinal`, 0 without a date
    fields: Mapping[str, str]


Place = tuple[int, int]  # shelf, page of the shelf


class Shelves(Protocol):
    """All shelves of an adapter, as one transaction sees them."""

    def keys(self) -> Sequence[int]:
        """Return the keys of the shelves."""
        ...

    def shelf(self, key: int) -> Shelf:
        """Return one shelf."""
        ...

    def branches(self, key: int) -> frozenset[int] | None:
        """Return the branches that may have pages on the shelf; None if not known."""
        ...

    def amounts(self, low: int | None, high: int | None) -> Mapping[int, int]:
        """Return the pages that name an amount in the range of cents, by shelf."""
        ...

    def of_loans(self, loan_nos: frozenset[str]) -> Mapping[int, int]:
        """Return the pages of the loans, by shelf."""
        ...

    def of_documents(self, document_ids: frozenset[int]) -> Mapping[int, int]:
        """Return the pages of the documents, by shelf."""
        ...

    def folded(self, wanted: Sequence[Place]) -> Mapping[Place, str]:
        """Return the folded text of pages."""
        ...

    def pages(self, wanted: Sequence[Place]) -> Mapping[Place, StoredPage]:
        """Return pages."""
        ...


def places(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    digits = bin(bits)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def bits_of(numbers: Iterable[int], size: int) -> int:
    """Return the bit set of numbers below `size`; linear in both."""
    flags = bytearray(b"0") * (size or 1)
    for number in numbers:
        flags[number] = 49  # the digit one
    flags.reverse()
    return int(flags, 2)
