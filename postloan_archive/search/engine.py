"""Answers a query on shelves of bit sets: the same for every adapter.

Rights are applied first and to everything: a page outside the scope takes part in no count, no
facet, no score and no snippet.
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from time import perf_counter
from typing import Final

from postloan_archive.search import fields, marks
from postloan_archive.search.language import parse
from postloan_archive.search.port import Facet, Hit, Mode, Query, Results, Sort
from postloan_archive.search.scopes import Filters, Scope
from postloan_archive.search.shelves import (
    Facts,
    Place,
    Shelf,
    Shelves,
    StoredPage,
    bits_of,
    places,
)
from postloan_archive.search.tree import (
    AmountRange,
    And,
    DateRange,
    Leaf,
    Node,
    Not,
    Or,
    Tag,
    Word,
    sought,
)

RANKED: Final = 200  # so many pages are read to be ranked; the others follow by date
_SATURATION: Final = 1.2
_TITLE_BONUS: Final = 2.0
_SUGGESTED_PAGES: Final = 400


class Search:
    """One query on one state of the index."""

    def __init__(self, shelves: Shelves, query: Query) -> None:
        self._shelves = shelves
        self._query = query
        self._amounts: dict[AmountRange, Mapping[int, int]] = {}
        self._facts: dict[int, Facts] = {}

    def run(self) -> Results:
        """Return total, facets and the wanted hits."""
        began = perf_counter()
        parsed = parse(self._query.text, self._query.mode)
        words = sought(parsed.node)
        found = self.matching(parsed.node)
        total = sum(bits.bit_count() for bits in found.values())
        hits = self._hits(found, words) if self._query.limit > 0 else ()
        return Results(
            total=total,
            hits=hits,
            facets=self._facets(found),
            took_ms=round((perf_counter() - began) * 1000, 3),
            notes=parsed.notes,
        )

    def matching(self, node: Node) -> dict[int, int]:
        """Return the pages that answer, within scope and filters, by shelf; no empty ones."""
        filters = self._query.filters
        narrowed: list[Mapping[int, int]] = []
        if filters.loan_nos:
            narrowed.append(self._shelves.of_loans(filters.loan_nos))
        if filters.document_ids:
            narrowed.append(self._shelves.of_documents(filters.document_ids))
        found: dict[int, int] = {}
        for key in self._shelves.keys():  # noqa: SIM118 - shelves are no mapping
            if any(key not in some for some in narrowed) or not self._may_hold(key):
                continue
            shelf = self._shelves.shelf(key)
            facts = shelf.facts
            open_to = _allowed(facts, self._query.scope, filters)
            for some in narrowed:
                open_to &= some[key]
            if open_to:
                bits = self._evaluate(node, key, shelf, open_to)
                if bits:
                    found[key] = bits
                    self._facts[key] = facts
        return found

    def _may_hold(self, key: int) -> bool:
        """Return whether the shelf may hold pages of the branches asked for."""
        holds = self._shelves.branches(key)
        if holds is None:
            return True
        seen, chosen = self._query.scope.branch_ids, self._query.filters.branch_ids
        return (seen is None or not holds.isdisjoint(seen)) and (
            not chosen or not holds.isdisjoint(chosen)
        )

    def _evaluate(self, node: Node, key: int, shelf: Shelf, within: int) -> int:
        """Return the pages of `within` that the node matches."""
        bits = 0
        match node:
            case And(parts):
                bits = within
                for part in sorted(parts, key=_cost):
                    bits = self._evaluate(part, key, shelf, bits)
                    if not bits:
                        break
            case Or(parts):
                for part in parts:
                    bits |= self._evaluate(part, key, shelf, within)
            case Not(part):
                bits = within & ~self._evaluate(part, key, shelf, within)
            case _:
                bits = self._leaf(node, key, shelf, within)
        return bits

    def _leaf(self, node: Leaf, key: int, shelf: Shelf, within: int) -> int:
        match node:
            case Word():
                return _word(node, shelf) & within
            case Tag():
                return shelf.facts.tags.get(node.kind, {}).get(node.value, 0) & within
            case DateRange():
                return _dated(shelf.facts, node.first, node.last, within)
            case AmountRange():
                if node not in self._amounts:
                    self._amounts[node] = self._shelves.amounts(
                        _cents(node.low), _cents(node.high)
                    )
                return self._amounts[node].get(key, 0) & within

    def _facets(self, found: Mapping[int, int]) -> tuple[Facet, ...]:
        counts: dict[tuple[str, str], int] = {}
        for key, bits in found.items():
            for kind, values in self._facts[key].tags.items():
                for value, having in values.items():
                    count = (bits & having).bit_count()
                    if count:
                        counts[kind, value] = counts.get((kind, value), 0) + count
        ordered = sorted(
            counts.items(), key=lambda item: (fields.TAGS.index(item[0][0]), -item[1], item[0])
        )
        return tuple(Facet(kind=k, value=v, count=count) for (k, v), count in ordered)

    def _hits(self, found: Mapping[int, int], words: Sequence[Word]) -> tuple[Hit, ...]:
        start, end = max(self._query.offset, 0), max(self._query.offset, 0) + self._query.limit
        scores: dict[Place, float] = {}
        if self._query.sort is Sort.RELEVANCE and words:
            candidates = self._by_title_and_date(found, words)
            best = list(islice(candidates, RANKED))
            scores = self._scores(best, found, words)
            order = {place: number for number, place in enumerate(best)}
            best.sort(key=lambda place: (-scores[place], order[place]))
            wanted = best[start:end]
            if end > len(best):
                wanted += islice(candidates, max(start - RANKED, 0), max(end - RANKED, 0))
        else:
            newest = self._query.sort is not Sort.OLDEST
            wanted = list(islice(self.by_date(found, newest=newest), start, end))
        stored = self._shelves.pages(wanted)
        return tuple(_hit(stored[place], words, scores.get(place, 0.0)) for place in wanted)

    def by_date(self, found: Mapping[int, int], *, newest: bool) -> Iterator[Place]:
        """Yield the pages of `found` by date and page id."""

        def of_shelf(key: int, bits: int) -> Iterator[tuple[tuple[int, int], int, int]]:
            facts = self._facts[key]
            for place in facts.ordered(bits, newest=newest):
                yield facts.sort_key(place, newest=newest), key, place

        merged = heapq.merge(*(of_shelf(key, bits) for key, bits in found.items()))
        return ((key, place) for _, key, place in merged)

    def _by_title_and_date(
        self, found: Mapping[int, int], words: Sequence[Word]
    ) -> Iterator[Place]:
        titled: dict[int, int] = {}
        for key, bits in found.items():
            shelf = self._shelves.shelf(key)
            for word in words:
                in_title = Word(forms=word.forms, fields=(fields.TITLE,))
                titled[key] = titled.get(key, 0) | _word(in_title, shelf) & bits
        yield from self.by_date({k: b for k, b in titled.items() if b}, newest=True)
        others = {k: b & ~titled.get(k, 0) for k, b in found.items()}
        yield from self.by_date({k: b for k, b in others.items() if b}, newest=True)

    def _scores(
        self, candidates: Sequence[Place], found: Mapping[int, int], words: Sequence[Word]
    ) -> dict[Place, float]:
        """Return how well pages fit: rare words, said often, and words of the title."""
        texts = self._shelves.folded(candidates)
        scores = dict.fromkeys(candidates, 0.0)
        for word in words:
            counts = {p: sum(texts[p].count(f) for f in word.forms) for p in candidates}
            having = sum(1 for count in counts.values() if count)
            weight = math.log(1 + len(candidates) / (1 + having))
            in_title = Word(forms=word.forms, fields=(fields.TITLE,))
            titled = {key: _word(in_title, self._shelves.shelf(key)) for key in found}
            for place in candidates:
                often = counts[place]
                key, number = place
                scores[place] += weight * often / (often + _SATURATION)
                scores[place] += _TITLE_BONUS * (titled[key] >> number & 1)
        return {place: round(score, 6) for place, score in scores.items()}


def suggest(shelves: Shelves, query: Query) -> tuple[str, ...]:
    """Return titles, names and numbers that contain the text, most frequent first."""
    search = Search(shelves, query)
    typed = parse(query.text, Mode.ALL).node
    if not isinstance(typed, Word):
        return ()
    node = Word(forms=typed.forms, fields=fields.SUGGESTED)
    found = search.matching(node)
    wanted = list(islice(search.by_date(found, newest=True), _SUGGESTED_PAGES))
    counts: dict[str, int] = {}
    for page in shelves.pages(wanted).values():
        known = {fields.TITLE: page.title, fields.LOAN: page.loan_no, **page.fields}
        for name in fields.SUGGESTED:
            value = known.get(name, "")
            if value and any(form in marks.folded_value(value) for form in typed.forms):
                counts[value] = counts.get(value, 0) + 1
    ordered = sorted(counts, key=lambda value: (-counts[value], len(value), value))
    return tuple(ordered[: query.limit])


def _allowed(facts: Facts, scope: Scope, filters: Filters) -> int:
    bits = facts.live
    for kind, values in (
        ("branch", scope.branch_ids),
        ("category", scope.categories),
    ):
        if values is not None:
            bits &= _any_of(facts, kind, frozenset(str(value) for value in values))
    for kind, chosen in (
        ("branch", frozenset(str(value) for value in filters.branch_ids)),
        ("year", frozenset(str(value) for value in filters.years)),
        ("category", filters.categories),
        ("item", filters.item_codes),
        ("media", filters.media),
    ):
        if chosen:
            bits &= _any_of(facts, kind, chosen)
    if filters.date_from or filters.date_to:
        bits = _dated(facts, filters.date_from, filters.date_to, bits)
    return bits


def _any_of(facts: Facts, kind: str, values: frozenset[str]) -> int:
    bits = 0
    for value, having in facts.tags.get(kind, {}).items():
        if value in values:
            bits |= having
    return bits


def _dated(facts: Facts, first: date | None, last: date | None, within: int) -> int:
    """Return the pages dated in the range; whole years are taken from the tags."""
    low = first.toordinal() if first else 1
    high = last.toordinal() if last else date.max.toordinal()
    bits = 0
    for year, having in facts.tags.get("year", {}).items():
        begin = date(int(year), 1, 1).toordinal()
        end = date(int(year), 12, 31).toordinal()
        if low <= begin and end <= high:
            bits |= having & within
        elif begin <= high and low <= end:
            dates = facts.dates
            inside = (p for p in places(having & within) if low <= dates[p] <= high)
            bits |= bits_of(inside, facts.size)
    return bits


def _word(word: Word, shelf: Shelf) -> int:
    bits = 0
    for name in word.fields:
        for form in word.forms:
            bits |= shelf.word(name, form)
    return bits


def _cost(node: Node) -> tuple[int, int]:
    """Return what to evaluate first: facts, then long words, which are rare, then the rest."""
    match node:
        case Tag() | DateRange() | AmountRange():
            return 0, 0
        case Word():
            return 1, -len(node.forms[0])
        case _:
            return 2, 0


def _cents(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


def _hit(page: StoredPage, words: Sequence[Word], score: float) -> Hit:
    page_marks = marks.marks_of(page.text, words)
    snippet, inside = marks.snippet_of(page.text, page_marks)
    return Hit(
        page_id=page.page_id,
        document_id=page.document_id,
        loan_no=page.loan_no,
        branch_id=page.branch_id,
        page_no=page.page_no,
        title=page.title,
        snippet=snippet,
        marks=inside,
        page_marks=page_marks,
        score=score,
        doc_date=date.fromordinal(page.doc_date) if page.doc_date else None,
        category=page.category,
        item_code=page.item_code,
    )
