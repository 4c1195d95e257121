"""Adding, replacing, moving, removing, rebuilding, in transactions that commit or do not."""

import random
from dataclasses import replace

import pytest

from postloan_archive.search import Query, Scope
from postloan_archive.search.tables import rebuilding
from postloan_archive.search.whoosh_index import index
from tests.search.conftest import EVERYONE, Library
from tests.search.papers import papers
from tests.search.truth import Asker, plain


@pytest.fixture(scope="module")
def stock(full):
    return papers(seed=21, count=1_500 if full else 160)


def pages_of(held, text):
    return {number for number, paper in held.items() if text in plain(paper.page.text)}


def agrees(shelf, held, asker, queries=6):
    """Compare the index with what should be in it."""
    assert set(shelf.found("")) == set(held)
    for _ in range(queries):
        ask = asker.any()
        assert set(shelf.found(ask.text)) == {
            number for number, paper in held.items() if ask.accepts(paper)
        }, ask.text


def test_random_changes_leave_exactly_what_they_should(shelf, stock, full):
    random_changes(shelf, stock, steps=150 if full else 28)


@pytest.mark.postgres
def test_whoosh_beside_postgresql_loses_nothing_either(new_database, stock, tmp_path):
    shelf = Library("whoosh", tmp_path, url=new_database("postgresql"))
    shelf.create()
    random_changes(shelf, stock, steps=12)
    shelf.close()


def random_changes(shelf, stock, steps):
    rng = random.Random(2)
    asker = Asker(rng, stock)
    held = {}
    fresh = list(stock)
    for step in range(steps):
        before = dict(held)
        try:
            with shelf.transaction() as session:
                for _ in range(rng.randrange(1, 4)):
                    change_something(rng, shelf, session, held, fresh)
                broken_off(rng)
        except InterruptedError:
            held = before
        if rng.random() < 0.15:
            shelf.reopen()
        if step % 13 == 5:
            shelf.rebuild([paper.page for paper in held.values()])
        agrees(shelf, held, asker, queries=2)
    agrees(shelf, held, asker, queries=40)
    status = shelf.status(expected=len(held), deep=True)
    assert (status.health, status.pages, status.lag) == ("good", len(held), 0)


def broken_off(rng):
    if rng.random() < 0.2:
        raise InterruptedError


def change_something(rng, shelf, session, held, fresh):
    kind = rng.random()
    if kind < 0.5 and fresh:
        added = [fresh.pop() for _ in range(min(len(fresh), rng.randrange(1, 12)))]
        shelf.index.add(session, [paper.page for paper in added])
        held.update({paper.page.page_id: paper for paper in added})
    elif not held:
        return
    elif kind < 0.65:  # the same page with another text, as recognition does
        number, other = rng.choice(sorted(held)), rng.choice(list(held.values()))
        page = replace(held[number].page, text=other.page.text)
        held[number] = replace(other, page=page)
        shelf.index.add(session, [page])
    elif kind < 0.85:
        document_id = rng.choice([paper.page.document_id for paper in held.values()])
        shelf.index.remove_document(session, document_id)
        for number in [n for n, p in held.items() if p.page.document_id == document_id]:
            del held[number]
    else:
        loan_no = rng.choice([paper.page.loan_no for paper in held.values()])
        branch = rng.randrange(1, 9)
        shelf.index.retag(session, loan_no, branch)
        for number, paper in held.items():
            if paper.page.loan_no == loan_no:
                held[number] = replace(paper, page=replace(paper.page, branch_id=branch))


def test_a_moved_loan_changes_sides_with_the_next_search(shelf, stock):
    shelf.add([paper.page for paper in stock])
    page = stock[0].page
    of = {n: Scope(branch_ids=frozenset({n}), categories=None) for n in (page.branch_id, 77)}
    with shelf.transaction() as session:
        shelf.index.retag(session, page.loan_no, 77)

    moved = [p.page.page_id for p in stock if p.page.loan_no == page.loan_no]
    assert sorted(shelf.found("", scope=of[77])) == moved
    assert not set(shelf.found("", scope=of[page.branch_id])) & set(moved)


def test_nothing_of_a_removed_document_stays_in_the_files(shelf, stock):
    """D10: the canary is in no file of the index or the database, whatever was joined."""
    canary = "雪豹秘语金丝雀"
    pages = [paper.page for paper in stock]
    doomed = replace(pages[0], page_id=9_001, document_id=9_001, title=canary)
    doomed = replace(doomed, text=f"前文{canary}后文")
    shelf.add(pages[:40])
    shelf.add([doomed])
    shelf.add([replace(doomed, text=f"新文{canary}")])  # read again: another text
    shelf.add(pages[40:80])
    assert shelf.found(canary) == [9_001]
    with shelf.transaction() as session:
        shelf.index.remove_document(session, 9_001)

    assert shelf.found(canary) == []
    if shelf.adapter == "postgresql":
        return  # its vacuum takes away what is dead, in its own time
    with shelf.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    for path in shelf.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for piece in (canary, canary[:3], canary[-3:], canary[2:4]):
                assert piece.encode() not in content, path
                assert piece.encode("utf-16-le") not in content, path


def test_a_rebuild_goes_on_where_it_stopped_and_the_old_index_serves_meanwhile(shelf, stock):
    pages = [paper.page for paper in stock]
    shelf.add(pages)
    seen = []

    def stop(done, total):
        seen.append((done, total, len(shelf.found("", limit=1_000))))
        raise KeyboardInterrupt

    with small_steps(40):
        with pytest.raises(KeyboardInterrupt):
            shelf.rebuild(pages, progress=stop, total=len(pages))
        assert seen == [(40, len(pages), len(pages))]
        assert shelf.status().rebuilding == 40
        # What changes meanwhile is in both: before the point reached, and after it.
        late = [replace(pages[0], text="补充的新文字"), replace(pages[-1], text="补充的另一页")]
        shelf.add(late)
        with shelf.transaction() as session:
            shelf.index.remove_document(session, pages[5].document_id)
        gone = {page.page_id for page in pages if page.document_id == pages[5].document_id}
        now = {page.page_id: page for page in [*pages, *late] if page.page_id not in gone}
        shelf.reopen()
        steps = []
        count = shelf.rebuild(list(now.values()), progress=lambda done, _: steps.append(done))

    assert steps[0] > 40  # the first step was not done again
    assert count == len(now)
    wanted = {pages[0].page_id, pages[-1].page_id} - gone
    assert set(shelf.found("补充的")) == wanted
    assert set(shelf.found("")) == set(now)
    status = shelf.status(expected=len(now), deep=True)
    assert (status.health, status.rebuilding) == ("good", None)


class small_steps:  # noqa: N801 - reads as a statement
    """Let a rebuild commit every few pages."""

    def __init__(self, pages: int) -> None:
        self.patch = pytest.MonkeyPatch()
        self.places = (rebuilding, index)
        self.pages = pages

    def __enter__(self) -> None:
        for place in self.places:
            self.patch.setattr(place, "STEP", self.pages)

    def __exit__(self, *_: object) -> None:
        self.patch.undo()


def test_two_rebuilds_at_once_end_in_one_good_index(shelf, stock):
    pages = [paper.page for paper in stock]
    shelf.add(pages)
    other = Library.__new__(Library)
    other.__dict__.update(shelf.__dict__)
    other.reopen()
    inner = []

    def meanwhile(_done, _total):
        if not inner:
            inner.append(1)
            inner.append(other.rebuild(pages))

    with small_steps(30):
        assert shelf.rebuild(pages, progress=meanwhile) == len(pages)

    assert inner[1] == len(pages)
    assert set(shelf.found("")) == {page.page_id for page in pages}
    assert shelf.status(expected=len(pages), deep=True).health == "good"


def test_an_adapter_that_comes_back_after_another_asks_to_be_rebuilt(shelf, stock):
    pages = [paper.page for paper in stock[:20]]
    shelf.add(pages[:10])
    mine = shelf.adapter
    shelf.adapter = "whoosh" if mine != "whoosh" else "fts5"
    shelf.reopen()
    shelf.create()
    shelf.rebuild(pages)
    shelf.adapter = mine
    shelf.reopen()
    shelf.create()

    assert shelf.status(expected=20).health != "good"
    shelf.rebuild(pages)
    assert shelf.status(expected=20).health == "good"
    assert len(shelf.found("")) == 20


def test_no_page_is_lost_between_two_processes(shelf, stock):
    other = Library.__new__(Library)
    other.__dict__.update(shelf.__dict__)
    other.reopen()
    for number in range(0, 40, 2):
        shelf.add([stock[number].page])
        other.add([stock[number + 1].page])
        assert len(shelf.found("")) == len(other.found("")) == number + 2
    found = shelf.search(Query(text="", scope=EVERYONE, limit=0))
    assert found.total == 40
