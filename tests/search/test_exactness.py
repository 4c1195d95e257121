"""Thousands of generated queries: exactly the pages that plain `in` finds, with right marks."""

import random
from dataclasses import replace

import pytest

from postloan_archive.search import Filters, Query, Scope, Sort, fold
from tests.search import truth
from tests.search.conftest import EVERYONE
from tests.search.papers import CATEGORIES
from tests.search.truth import Asker, plain

KINDS = ("word", "quoted", "number", "amount", "field", "tag", "dates", "amounts", "combined")


def expected(written, ask, scope=EVERYONE, filters=None):
    filters = filters or Filters()
    return [
        paper.page
        for paper in written
        if truth.sees(scope, paper.page)
        and truth.passes(filters, paper.page)
        and ask.accepts(paper)
    ]


def test_folding_agrees_with_a_normal_form_written_apart(written):
    for paper in written:
        assert fold(paper.page.text) == plain(paper.page.text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_query_finds_exactly_what_the_pages_hold(library, written, full, kind):
    asker = Asker(random.Random(f"{kind}-1"), written)
    some = empty = 0
    for _ in range(2_000 if full else 150):
        ask = getattr(asker, kind)()
        wanted = expected(written, ask)
        results = library.search(Query(text=ask.text, scope=EVERYONE, limit=100_000))
        assert {hit.page_id for hit in results.hits} == {p.page_id for p in wanted}, ask.text
        assert results.total == len(wanted) == len(results.hits), ask.text
        assert not results.notes, (ask.text, results.notes)
        some += bool(wanted)
        empty += not wanted
    assert some > empty  # the queries are about something


def test_rights_filters_and_facets_agree_with_the_truth(library, written, full):
    rng = random.Random(3)
    asker = Asker(rng, written)
    branches = sorted({paper.page.branch_id for paper in written})
    for number in range(1_500 if full else 200):
        ask = asker.any() if number % 10 else truth.Ask("", lambda _: True)
        scope = Scope(
            branch_ids=some_of(rng, branches, none=0.3),
            categories=some_of(rng, CATEGORIES, none=0.5),
        )
        filters = some_filters(rng, written)
        wanted = expected(written, ask, scope, filters)
        results = library.search(
            Query(text=ask.text, scope=scope, filters=filters, limit=rng.choice((0, 5, 1_000)))
        )
        assert results.total == len(wanted), ask.text
        counted = {(facet.kind, facet.value): facet.count for facet in results.facets}
        assert counted == truth.facets(wanted), ask.text
        seen = {page.page_id for page in wanted}
        for hit in results.hits:
            assert hit.page_id in seen, ask.text


def some_of(rng, values, none):
    if rng.random() < none:
        return None
    return frozenset(rng.sample(list(values), rng.randrange(len(values))))


def some_filters(rng, written):
    page = rng.choice(written).page
    choices = (
        ("branch_ids", frozenset({page.branch_id})),
        ("years", frozenset({2019, 2020, 2024})),
        ("categories", frozenset({page.category, "QZ"})),
        ("item_codes", frozenset({page.item_code})),
        ("media", frozenset({"纸质"})),
        ("loan_nos", frozenset({page.loan_no})),
        ("document_ids", frozenset({page.document_id, 1, 2, 3})),
        ("date_from", page.doc_date),
        ("date_to", page.doc_date),
    )
    return Filters(**{name: value for name, value in choices if rng.random() < 0.12})


def test_marks_stand_on_the_words_and_only_there(library, written, full):
    asker = Asker(random.Random(11), written)
    text_of = {paper.page.page_id: paper.page.text for paper in written}
    for number in range(600 if full else 150):
        ask = getattr(asker, ("word", "quoted", "number", "amount")[number % 4])()
        (word,) = ask.words
        for hit in library.search(Query(text=ask.text, scope=EVERYONE, limit=30)).hits:
            text = text_of[hit.page_id]
            assert hit.page_marks, ask.text
            for start, end in hit.page_marks:
                assert without_commas(text[start:end]) == word, (ask.text, text[start:end])
            assert len(hit.page_marks) == plain(text).count(word), ask.text
            assert hit.marks
            for start, end in hit.marks:
                assert without_commas(hit.snippet[start:end]) == word
            assert "\n" not in hit.snippet
            for piece in hit.snippet.split(" … "):
                assert piece in text.translate(dict.fromkeys(map(ord, "\r\n\t"), " "))


def without_commas(part):
    """Return the folded part; one cut out of an amount keeps its separators in the folding."""
    return fold(part).strip().replace(",", "")


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_of_hits_join_into_one_order(library, written, sort):
    query = Query(text="合同 或 检查", scope=EVERYONE, sort=sort, limit=100_000)
    whole = [hit.page_id for hit in library.search(query).hits]
    parts = []
    for offset in range(0, len(whole) + 37, 37):
        part = library.search(replace(query, offset=offset, limit=37))
        assert part.total == len(whole)
        parts += [hit.page_id for hit in part.hits]
    assert parts == whole
    assert len(set(whole)) == len(whole) > 100
    if sort is not Sort.RELEVANCE:
        day = {p.page.page_id: p.page.doc_date for p in written}
        dated = [page_id for page_id in whole if day[page_id]]
        assert whole[: len(dated)] == dated  # those without a date come last
        sign = -1 if sort is Sort.NEWEST else 1
        assert dated == sorted(dated, key=lambda i: (sign * day[i].toordinal(), i))


def test_a_word_in_the_title_comes_first(shelf, written):
    first, second = (replace(written[n].page, page_id=n + 1, doc_date=None) for n in (0, 1))
    shelf.add(
        [
            replace(first, title="其他", text="恒泰机械 恒泰机械", fields={}),
            replace(second, title="恒泰机械催收函", text="致恒泰机械", fields={}),
        ]
    )
    assert shelf.found("恒泰机械") == [second.page_id, first.page_id]


def test_suggestions_hold_what_was_typed_and_leak_nothing(library, written):
    rng = random.Random(5)
    for _ in range(60):
        page = rng.choice(written).page
        source = rng.choice(
            (page.title, page.loan_no, page.fields["contract_no"], page.fields["id_no"])
        )
        at = rng.randrange(len(source) - 1)
        typed = "".join(c for c in plain(source)[at : at + 3] if c.isalnum())
        scope = Scope(
            branch_ids=frozenset({rng.randrange(1, 7)}), categories=frozenset(CATEGORIES[:3])
        )
        if not typed or typed in {"与", "或", "非", "且"}:
            continue
        allowed = set()
        for paper in written:
            if truth.sees(scope, paper.page):
                values = [paper.page.title, paper.page.loan_no]
                values += [v for k, v in paper.page.fields.items() if k != "media"]
                allowed |= {value for value in values if typed in plain(value)}
        offered = library.suggest(Query(text=typed, scope=scope, limit=1_000))
        assert set(offered) == allowed, typed
