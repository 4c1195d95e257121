"""Search as an ordinary user, against a substring scan and a plain Whoosh of two-grams."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query

from postloan_archive.cli.bench.loan_pages import BRANCHES, PageMaker
from postloan_archive.db import create_database_engine, new_session
from postloan_archive.search import Index, IndexedPage, Query, Scope, fold, open_index

Report = Callable[[dict[str, object]], None]

QUICK: Final = 20_000
FULL: Final = 1_000_000
BESIDE_WHOOSH: Final = {True: 1_000, False: 20_000}  # pages, quick and full
KINDS: Final = ("customer", "contract", "two", "common", "phrase", "both", "amount", "across")
TOP: Final = 20
_OWN_BRANCHES: Final = 2  # that an ordinary user sees
_AROUND: Final = 40  # characters of a snippet on each side


def run(report: Report, *, quick: bool, pages: int = 0) -> None:
    """Measure building and searching, first on SQLite FTS5, then beside Whoosh.

    Args:
        report: takes one line for each measurement.
        quick: 20,000 pages, a million otherwise.
        pages: another number of pages.
    """
    count = pages or (QUICK if quick else FULL)
    with tempfile.TemporaryDirectory(prefix="postloan-bench-", dir=Path.cwd()) as name:
        with _opened("database", Path(name) / "main") as library:
            maker = PageMaker(count)
            _build(report, "rebuild_fts5", library, maker)
            _search(report, library, maker, each=25 if quick else 12, scans=3 if quick else 1)
        _beside_whoosh(report, Path(name), min(BESIDE_WHOOSH[quick], count))


@dataclass(frozen=True, slots=True)
class Library:
    """An index on a database."""

    engine: Engine
    index: Index

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit at the end, and tell the index."""
        with new_session(self.engine) as session:
            with session.begin():
                yield session
            self.index.committed(session)

    def find(self, text: str, scope: Scope) -> int:
        """Search as a page does: total, facets and the first hits with snippets."""
        engine = self.engine.execution_options(read_only=True)
        with new_session(engine) as session:
            return self.index.search(session, Query(text=text, scope=scope, limit=TOP)).total


@dataclass(frozen=True, slots=True)
class Asked:
    """A query; `plain` is what a substring scan looks for, empty if it cannot."""

    kind: str
    text: str
    branches: tuple[int, ...]
    plain: str

    @property
    def scope(self) -> Scope:
        """Return what the person sees."""
        return Scope(branch_ids=frozenset(self.branches), categories=None)


@contextmanager
def _opened(adapter: str, folder: Path) -> Iterator[Library]:
    folder.mkdir(parents=True)
    engine = create_database_engine(f"sqlite:///{folder / 'bench.db'}")
    library = Library(engine, open_index(adapter, folder / "index"))
    with library.transaction() as session:
        library.index.create(session)
    try:
        yield library
    finally:
        engine.dispose()


def _build(report: Report, name: str, library: Library, maker: PageMaker) -> None:
    """Build the index; the time in which the pages themselves are made is not counted."""
    making = 0.0

    def source(session: Session, after: int, limit: int) -> Sequence[IndexedPage]:
        nonlocal making
        started = time.perf_counter()
        pages = maker.source(session, after, limit)
        making += time.perf_counter() - started
        return pages

    started = time.perf_counter()
    library.index.rebuild(library.transaction, source)
    seconds = time.perf_counter() - started - making
    report(
        {
            "bench": "search",
            "name": name,
            "pages": maker.count,
            "per_s": round(maker.count / seconds, 1),
            "seconds": round(seconds, 1),
        }
    )


def _search(
    report: Report, library: Library, maker: PageMaker, *, each: int, scans: int
) -> None:
    asked = _queries(maker, each)
    started = time.perf_counter()
    library.find("首次检索", asked[0].scope)
    first = time.perf_counter() - started
    everywhere = Scope(branch_ids=None, categories=None)
    library.find("首次检索", everywhere)
    spans = [_span(library.find, one.text, one.scope) for one in asked]
    chosen = [one for one in asked if one.plain][:: max(len(asked) // (scans * 7), 1)]
    ours = sum(spans[asked.index(one)] for one in chosen)
    theirs = sum(_span(_scan, library, one) for one in chosen)
    _say(
        report,
        "ordinary_user",
        spans,
        pages=maker.count,
        first_ms=round(first * 1000, 1),
        ratio_substring_scan=round(theirs / ours, 3),
    )
    for kind in KINDS:
        some = [span for span, one in zip(spans, asked, strict=True) if one.kind == kind]
        _say(report, f"ordinary_user_{kind}", some, pages=maker.count)
    # Other words: what was looked up for the first user is kept.
    others = _queries(maker, max(each // 2, 2), seed=2)
    spans = [_span(library.find, one.text, everywhere) for one in others]
    everyone = tuple(range(1, BRANCHES + 1))
    chosen = [one for one in others if one.plain][: scans * 2]
    ours = sum(spans[others.index(one)] for one in chosen)
    theirs = sum(
        _span(_scan, library, Asked(one.kind, one.text, everyone, one.plain)) for one in chosen
    )
    _say(
        report,
        "all_branches",
        spans,
        pages=maker.count,
        ratio_substring_scan=round(theirs / ours, 3),
    )


def _queries(maker: PageMaker, each: int, *, seed: int = 1) -> list[Asked]:
    """Return queries about pages that the person who asks can see."""
    rng = random.Random(seed)  # noqa: S311 - the same queries at every run
    asked: list[Asked] = []
    for number in range(each * len(KINDS)):
        page = maker.page(rng.randrange(1, maker.count + 1))
        others = rng.sample(range(1, BRANCHES + 1), _OWN_BRANCHES - 1)
        kind = KINDS[number % len(KINDS)]
        text, plain = _words(rng, maker, kind, page)
        asked.append(Asked(kind, text, (page.branch_id, *others), plain))
    return asked


def _words(
    rng: random.Random, maker: PageMaker, kind: str, page: IndexedPage
) -> tuple[str, str]:
    text = fold(page.text)
    at = rng.randrange(len(text) - 12)
    known = [word for word in maker.words[:2_000] if word in text]
    match kind:
        case "customer" | "contract":
            found = page.fields["customer" if kind == "customer" else "contract_no"]
            return found, fold(found)
        case "amount":
            whole = page.text[page.text.index("金额") + 2 :].partition("元")[0]
            return whole, fold(whole)
        case "common":
            word = rng.choice([word for word in known[:60] if len(word) > 1])
            return word, word
        case "both":
            return " ".join(rng.sample([word for word in known if len(word) > 1], 2)), ""
        case _:
            length = {"two": 2, "phrase": 8}.get(kind, 4)
            return f'"{text[at : at + length]}"', text[at : at + length]


def _scan(library: Library, asked: Asked) -> int:
    """Find the same by looking at every page that the person may see, newest first."""
    with library.engine.connect().execution_options(read_only=True) as connection:
        serving = connection.exec_driver_sql(
            "SELECT value FROM search_state WHERE key = 'serving'"
        ).scalar_one()
        sql = (
            "SELECT p.row, p.doc_date FROM @_page p JOIN @_text t ON t.row = p.row "
            "WHERE p.branch_id IN (?*) AND instr(t.source, ?)"
        )
        holes = ",".join("?" * len(asked.branches))
        sql = sql.replace("@", f"search_{int(serving)}").replace("?*", holes)
        rows = connection.exec_driver_sql(sql, (*asked.branches, asked.plain)).all()
        newest = sorted(rows, key=lambda row: (-row.doc_date, row.row))[:TOP]
        table = f"search_{int(serving)}_text"
        for row in newest:
            one = "SELECT source FROM @ WHERE row = ?".replace("@", table)
            (source,) = connection.exec_driver_sql(one, (row.row,)).one()
            _snippet(source, asked.plain)
    return len(rows)


def _snippet(text: str, word: str) -> str:
    at = max(text.find(word) - _AROUND, 0)
    return text[at : at + 2 * _AROUND]


def _beside_whoosh(report: Report, folder: Path, count: int) -> None:
    """Compare with Whoosh as its manual has it, and with our own adapter on Whoosh."""
    maker = PageMaker(count)
    asked = [one for one in _queries(maker, 6) if len(one.plain) > 1]
    started = time.perf_counter()
    peer = _plain_whoosh(folder / "peer", maker)
    peer_s = time.perf_counter() - started
    with peer.searcher() as searcher:
        theirs = [_span(_peer_search, searcher, one) for one in asked]
    for adapter in ("database", "whoosh"):
        with _opened(adapter, folder / f"small-{adapter}") as library:
            started = time.perf_counter()
            library.index.rebuild(library.transaction, maker.source)
            seconds = time.perf_counter() - started
            library.find("首次检索", asked[0].scope)
            ours = [_span(library.find, one.text, one.scope) for one in asked]
        _say(
            report,
            f"beside_whoosh_two_grams_{adapter}",
            ours,
            pages=count,
            ratio_whoosh_two_grams=round(sum(theirs) / sum(ours), 1),
            ratio_whoosh_rebuild=round(peer_s / seconds, 1),
            peer_median_ms=round(statistics.median(theirs) * 1000, 3),
            rebuild_per_s=round(count / seconds, 1),
        )


def _plain_whoosh(folder: Path, maker: PageMaker) -> whoosh_index.FileIndex:
    folder.mkdir()
    schema = whoosh_fields.Schema(
        text=whoosh_fields.NGRAM(minsize=2, maxsize=2, phrase=True, stored=True),
        branch=whoosh_fields.ID,
    )
    made = whoosh_index.create_in(str(folder), schema)
    writer = made.writer(limitmb=512)
    for number in range(1, maker.count + 1):
        page = maker.page(number)
        writer.add_document(text=fold(page.text), branch=str(page.branch_id))
    writer.commit()
    return made


def _peer_search(searcher: object, asked: Asked) -> int:
    word = asked.plain
    grams = [word[at : at + 2] for at in range(len(word) - 1)]
    wanted = whoosh_query.Phrase("text", grams) if len(grams) > 1 else None
    wanted = wanted or whoosh_query.Term("text", grams[0])
    seen = whoosh_query.Or([whoosh_query.Term("branch", str(b)) for b in asked.branches])
    found = searcher.search(wanted, filter=seen, limit=TOP)  # type: ignore[attr-defined]  # Whoosh has no types
    for hit in found:
        _snippet(hit["text"], word)
    return len(found)


def _span(step: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    step(*arguments)
    return time.perf_counter() - started


def _say(report: Report, name: str, spans: list[float], **more: float) -> None:
    report(
        {
            "bench": "search",
            "name": name,
            "per_s": round(len(spans) / sum(spans), 1),
            "median_ms": round(statistics.median(spans) * 1000, 3),
            "p95_ms": round(statistics.quantiles(spans, n=20)[-1] * 1000, 3),
            **more,
        }
    )
