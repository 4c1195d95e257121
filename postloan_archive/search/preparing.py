"""What can be computed of a page before any index is touched: folded text, tokens, amounts."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from postloan_archive.search import fields, ranges, tokens
from postloan_archive.search.normal import fold, fold_but_separators, without_separators
from postloan_archive.search.port import IndexedPage

_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A page with all that can be computed without the database."""

    page: IndexedPage
    text: str
    source: str
    grams: str
    chars: str
    cents: frozenset[int]


def prepare(page: IndexedPage) -> Prepared:
    """Fold a page and cut it into tokens."""
    text = storable(page.text)
    known = {
        **{name: storable(value) for name, value in page.fields.items()},
        fields.TITLE: storable(page.title),
        fields.LOAN: storable(page.loan_no),
    }
    values = {
        mark: _folded_value(known[name]) for name, mark in tokens.MARKS.items() if name in known
    }
    kept = fold_but_separators(text)
    source = tokens.source(without_separators(kept), values)
    cents = ranges.amounts_in(kept)
    stated = ranges.field_cents(page.fields.get(fields.AMOUNT, ""))
    return Prepared(
        page=page,
        text=text,
        source=source,
        grams=tokens.gram_tokens(source),
        chars=tokens.char_tokens(source),
        cents=cents if stated is None else cents | {stated},
    )


@lru_cache(maxsize=4_096)  # the pages of a loan file share its names and numbers
def _folded_value(value: str) -> str:
    return fold(value).strip()


def storable(text: str) -> str:
    """Return the text without what some database does not take; its length stays the same."""
    text = text.replace("\0", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_SURROGATES)
    return text
