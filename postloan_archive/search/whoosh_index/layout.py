"""How a page stands in the Whoosh index: which terms, which columns, under which version."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from whoosh import versionstring
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import CompressedBytesColumn, VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence

from postloan_archive.search import fields, tokens
from postloan_archive.search.normal import folding_version
from postloan_archive.search.preparing import Prepared, storable
from postloan_archive.search.shelves import StoredPage

LAYOUT: Final = "1"  # raise it with every change of the schema or the tokens
NAME: Final = "pages"
_BLOCK: Final = 4_096  # postings of a block: one for most terms, since segments are small
_DIGITS: Final = 18  # of an amount in cents, so that terms sort like numbers
MOST_CENTS: Final = 10**_DIGITS - 1

Posting = tuple[bytes, int, float, bytes]


class Terms(FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose value is the terms themselves; only whether a page has one is kept."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None)

    def index(self, value: Iterable[str], **_: object) -> Iterator[Posting]:
        """Yield each term once."""
        for term in set(value):
            yield term.encode(), 1, 1.0, b""


class TermPool:
    """Gathers postings by term in memory: what Whoosh's own pool sorts as a list of tuples."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, bytes], list[int]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Take one posting; pages come in rising order."""
        name, term, number, _, _ = item
        self._pages.setdefault((name, term), []).append(number)

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """Yield the postings by field, term and page."""
        for name, term in sorted(self._pages):
            for number in self._pages[name, term]:
                yield name, term, number, 1.0, b""

    def cleanup(self) -> None:
        """Let go of the memory."""
        self._pages.clear()


def version() -> str:
    """Return the name of what this program would build."""
    return f"whoosh-{versionstring()}-{LAYOUT}-{folding_version()}"


def schema() -> Schema:
    """Return the schema of an index."""
    return Schema(
        gram=Terms(),
        char=Terms(),
        page=Terms(),
        document=Terms(),
        loan=Terms(),
        cents=Terms(),
        facts=COLUMN(VarBytesColumn()),
        source=COLUMN(VarBytesColumn()),
        text=COLUMN(CompressedBytesColumn()),
    )


def codec() -> W3Codec:
    """Return how new segments are written."""
    return W3Codec(blocklimit=_BLOCK, compression=0)


def document_of(ready: Prepared) -> dict[str, object]:
    """Return what the writer takes for a page."""
    page = ready.page
    facts = [
        page.page_id,
        page.document_id,
        storable(page.loan_no),
        page.branch_id,
        page.category,
        page.item_code,
        page.page_no,
        storable(page.title),
        page.doc_date.toordinal() if page.doc_date else 0,
        {name: storable(value) for name, value in page.fields.items()},
    ]
    return {
        "gram": ready.grams.split(" "),
        "char": ready.chars.split(" "),
        "page": (str(page.page_id),),
        "document": (str(page.document_id),),
        "loan": (storable(page.loan_no),),
        "cents": [cents_term(cents) for cents in ready.cents],
        "facts": json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode(),
        "source": ready.source.encode(),
        "text": ready.text.encode(),
    }


def cents_term(cents: int) -> str:
    """Return the term of an amount."""
    return f"{cents:0{_DIGITS}d}"


def stored_page(facts: bytes, text: bytes) -> StoredPage:
    """Return a page from its columns."""
    values: list[Any] = json.loads(facts)
    return StoredPage(
        page_id=values[0],
        document_id=values[1],
        loan_no=values[2],
        branch_id=values[3],
        category=values[4],
        item_code=values[5],
        page_no=values[6],
        title=values[7],
        text=text.decode(),
        doc_date=values[8],
        fields=values[9],
    )


def text_bytes(source: bytes) -> bytes:
    """Return the folded page text of a stored token source."""
    return source.partition(_PART)[0]


def field_bytes(source: bytes, mark: str) -> Iterator[bytes]:
    """Yield the folded values of one field of a stored token source."""
    wanted = mark.encode()
    for part in source.split(_PART)[1:]:
        if part.startswith(wanted):
            yield part[len(wanted) :]


_PART: Final = tokens.PART.encode()
MARKS: Final[Mapping[str, str]] = {**tokens.MARKS, fields.TEXT: ""}
