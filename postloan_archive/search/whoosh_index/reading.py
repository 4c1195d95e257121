"""The index as it was at one commit: each segment is a shelf."""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader, TermNotFound

from postloan_archive.search import fields, tokens
from postloan_archive.search.cache import Cache, Key
from postloan_archive.search.shelves import Facts, Place, StoredPage, bits_of, places
from postloan_archive.search.whoosh_index import layout

_FEW: Final = 64  # candidates that are sooner read than narrowed by one more two-gram
_TAGS: Final = (("branch", 3), ("category", 4), ("item", 5))
_PAGE_ID: Final = 0
_DATE: Final = 8
_FIELDS: Final = 9


class Segment:
    """One segment: its files never change, only which of its pages are still alive."""

    def __init__(self, storage: FileStorage, schema: Any, segment: Any) -> None:  # noqa: ANN401 - Whoosh has no types
        self.id: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self.reader = SegmentReader(storage, schema, segment)
        self.facts_column = self.reader.column_reader("facts", translate=False)
        self.source_column = self.reader.column_reader("source", translate=False)
        self.text_column = self.reader.column_reader("text", translate=False)
        self._facts: Facts | None = None

    @property
    def facts(self) -> Facts:
        """Return what is known of all pages besides the words, of dead ones too."""
        if self._facts is None:
            self._facts = _facts(self)
        return self._facts

    def numbers(self, name: str, term: str) -> list[int]:
        """Return the pages that have the term, in order; some may be deleted."""
        try:
            return list(self.reader.postings(name, term.encode()).all_ids())
        except TermNotFound:
            return []

    def bits(self, name: str, term: str) -> int:
        """Return the pages that have the term as a bit set."""
        return bits_of(self.numbers(name, term), self.size)

    def frequency(self, name: str, term: str) -> int:
        """Return how many pages have the term."""
        return int(self.reader.doc_frequency(name, term.encode()))

    def terms_between(self, name: str, low: str, high: str) -> Iterator[str]:
        """Yield the terms of a field from `low` to `high`, both included."""
        for found, term in self.reader.terms_from(name, low.encode()):
            text = term.decode()
            if found != name or text > high:
                return
            yield text

    def facts_values(self) -> Iterator[list[Any]]:
        """Yield the facts of all pages, dead ones too."""
        for number in range(self.size):
            yield json.loads(bytes(self.facts_column[number]))

    def page(self, number: int) -> StoredPage:
        """Return a page."""
        return layout.stored_page(
            bytes(self.facts_column[number]), bytes(self.text_column[number])
        )

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()


class View:
    """The shelves of one commit; holds the segments that it shares with other commits."""

    def __init__(self, toc: TOC, segments: Sequence[Segment], cache: Cache) -> None:
        self.toc = toc
        self.cache = cache
        self.segments = list(segments)
        self._shelves = [
            WhooshShelf(segment, _live(entry), cache)
            for segment, entry in zip(self.segments, toc.segments, strict=True)
        ]

    @property
    def size(self) -> int:
        """Return the number of pages that can be found."""
        return sum(shelf.live.bit_count() for shelf in self._shelves)

    def keys(self) -> Sequence[int]:
        """Return the numbers of the shelves."""
        return range(len(self._shelves))

    def shelf(self, key: int) -> "WhooshShelf":
        """Return one shelf."""
        return self._shelves[key]

    def branches(self, key: int) -> frozenset[int] | None:
        """Return the branches that have pages on the shelf."""
        return frozenset(map(int, self._shelves[key].facts.tags["branch"]))

    def amounts(self, low: int | None, high: int | None) -> Mapping[int, int]:
        """Return the pages that name an amount in the range of cents, by shelf."""
        least = max(low or 0, 0)
        most = layout.MOST_CENTS if high is None else min(high, layout.MOST_CENTS)
        if least > most:
            return {}
        first, last = layout.cents_term(least), layout.cents_term(most)
        return self._where("cents", lambda segment: segment.terms_between("cents", first, last))

    def of_loans(self, loan_nos: frozenset[str]) -> Mapping[int, int]:
        """Return the pages of the loans, by shelf."""
        return self._where("loan", lambda _: loan_nos)

    def of_documents(self, document_ids: frozenset[int]) -> Mapping[int, int]:
        """Return the pages of the documents, by shelf."""
        terms = [str(document_id) for document_id in document_ids]
        return self._where("document", lambda _: terms)

    def _where(self, name: str, terms: Callable[[Segment], Iterable[str]]) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for key, segment in enumerate(self.segments):
            bits = 0
            for term in terms(segment):
                bits |= segment.bits(name, term)
            if bits:
                found[key] = bits
        return found

    def folded(self, wanted: Sequence[Place]) -> Mapping[Place, str]:
        """Return the folded text of pages."""
        return {
            (key, number): layout.text_bytes(
                bytes(self.segments[key].source_column[number])
            ).decode()
            for key, number in wanted
        }

    def pages(self, wanted: Sequence[Place]) -> Mapping[Place, StoredPage]:
        """Return pages."""
        return {(key, number): self.segments[key].page(number) for key, number in wanted}

    def first_numbers(self) -> list[int]:
        """Return under which number Whoosh knows the first page of each segment."""
        sizes = [segment.size for segment in self.segments]
        return [sum(sizes[:key]) for key in range(len(sizes))]

    def places(self, name: str, term: str) -> Iterator[Place]:
        """Yield where living pages with the term stand."""
        for key, segment in enumerate(self.segments):
            for number in segment.numbers(name, term):
                if self._shelves[key].live >> number & 1:
                    yield key, number


class WhooshShelf:
    """One segment as the engine sees it; what it looked up is kept for later queries."""

    def __init__(self, segment: Segment, live: int, cache: Cache) -> None:
        self.live = live
        self._segment = segment
        self._cache = cache

    @property
    def facts(self) -> Facts:
        """Return what is known besides the words."""
        return replace(self._segment.facts, live=self.live)

    def alive(self) -> Iterator[int]:
        """Yield the numbers of the pages that can be found."""
        return places(self.live)

    def word(self, field_name: str, form: str) -> int:
        """Return the pages that contain the folded form in the field, exactly."""
        key: Key = (self._segment.id, field_name, form)
        kept = self._cache.word(key)
        if kept is None:
            bits = self._look_up(layout.MARKS[field_name], form)
            self._cache.keep_word(key, self._segment.size, bits)
        else:
            bits = kept[1]
        return bits & self.live

    def finds(self, field_name: str, form: str) -> int:
        """Return the same as `word`, from the files themselves."""
        return self._look_up(layout.MARKS[field_name], form) & self.live

    def _look_up(self, mark: str, form: str) -> int:
        written = form.replace(" ", tokens.BLANK)
        if len(form) == 1:
            return self._segment.bits("char", mark + written)
        grams = {mark + a + b for a, b in pairwise(written)}
        rarest = sorted(grams, key=lambda gram: self._segment.frequency("gram", gram))
        bits = self._segment.bits("gram", rarest[0])
        for gram in rarest[1:]:
            if bits.bit_count() <= _FEW:
                break
            bits &= self._segment.bits("gram", gram)
        return bits if len(form) == 2 else self._verified(bits, mark, form)  # noqa: PLR2004 - one gram

    def _verified(self, bits: int, mark: str, form: str) -> int:
        """Return those of the pages whose stored text contains the whole form.

        UTF-8 holds a character nowhere but where it stands, so bytes are compared.
        """
        wanted = form.encode()
        column = self._segment.source_column
        good = []
        for number in places(bits):
            source = bytes(column[number])
            if mark:
                holds = any(wanted in value for value in layout.field_bytes(source, mark))
            else:
                holds = wanted in layout.text_bytes(source)
            if holds:
                good.append(number)
        return bits_of(good, self._segment.size)


def _live(entry: Any) -> int:  # noqa: ANN401 - Whoosh has no types
    size: int = entry.doc_count_all()
    return ((1 << size) - 1) & ~bits_of(entry.deleted_docs(), size)


def _facts(segment: Segment) -> Facts:
    """Read the facts of all pages of a segment, dead ones too."""
    dates = array("i", [0]) * segment.size
    page_ids = array("q", [0]) * segment.size
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, facts in enumerate(segment.facts_values()):
        for kind, column in _TAGS:
            if facts[column] != "":
                numbers.setdefault((kind, str(facts[column])), []).append(number)
        if media := facts[_FIELDS].get("media"):
            numbers.setdefault(("media", media), []).append(number)
        page_ids[number] = facts[_PAGE_ID]
        if facts[_DATE]:
            dates[number] = facts[_DATE]
            year = str(date.fromordinal(facts[_DATE]).year)
            numbers.setdefault(("year", year), []).append(number)
    tags: dict[str, dict[str, int]] = {kind: {} for kind in fields.TAGS}
    for (kind, value), having in numbers.items():
        tags[kind][value] = bits_of(having, segment.size)
    return Facts(size=segment.size, tags=tags, dates=dates, page_ids=page_ids)
