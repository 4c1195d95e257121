"""A6: an index deleted, cut off, of an older version or locked is found out and built anew."""

import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from whoosh.util.filelock import FileLock

from postloan_archive.search import Query, SearchUnavailableError
from postloan_archive.search.tables import schema
from postloan_archive.search.whoosh_index import index
from tests.search.conftest import EVERYONE, Library
from tests.search.papers import papers
from tests.search.truth import Asker


@pytest.fixture(scope="module")
def stock():
    return papers(seed=33, count=120)


@pytest.fixture
def loaded(shelf, stock):
    shelf.papers = stock
    shelf.add([paper.page for paper in stock])
    return shelf


def tables(loaded, pattern):
    with sqlite3.connect(loaded.folder / "base.db") as base:
        rows = base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?", (pattern,)
        )
        return [name for (name,) in rows.fetchall()]


def on_database(statement, pattern):
    def damage(loaded):
        with sqlite3.connect(loaded.folder / "base.db") as base:
            for name in tables(loaded, pattern):
                base.execute(statement.format(name))
        base.close()

    return damage


def on_server(statement):
    def damage(loaded):
        engine = create_engine(loaded.url)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    return damage


def on_files(change, pattern):
    def damage(loaded):
        found = sorted((loaded.folder / "index").rglob(pattern))
        assert found
        for path in found:
            change(path)

    return damage


def remove(path):
    path.unlink()


def age(path):
    path.write_text(path.read_text().replace("whoosh-", "whoosh-0-"))


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def spoil(path):
    content = bytearray(path.read_bytes())
    for at in range(0, len(content), 7):
        content[at] ^= 0x5A
    path.write_bytes(bytes(content))


def everything(loaded):
    for name in tables(loaded, "search_*"):
        with sqlite3.connect(loaded.folder / "base.db") as base:
            base.execute(f"DROP TABLE IF EXISTS {name}")
        base.close()
    shutil.rmtree(loaded.folder / "index", ignore_errors=True)


CUT = "UPDATE {} SET block = substr(block, 1, 20)"
OLD = "UPDATE {} SET value = 'fts5-0' WHERE key = 'version'"
DAMAGES = {
    "fts5": {
        "deleted": everything,
        "state lost": on_database("DROP TABLE {}", "search_state"),
        "pages lost": on_database("DELETE FROM {}", "search_*_page"),
        "half the pages lost": on_database("DELETE FROM {} WHERE rowid % 2", "search_*_page"),
        "texts lost": on_database("DELETE FROM {}", "search_*_text"),
        "shelves lost": on_database("DROP TABLE {}", "search_*_gram_[0-9]"),
        "terms cut off": on_database(CUT, "search_*_data"),
        "terms lost": on_database("DELETE FROM {} WHERE id > 10", "search_*_data"),
        "older": on_database(OLD, "search_state"),
    },
    "whoosh": {
        "deleted": everything,
        "folder lost": lambda loaded: shutil.rmtree(loaded.folder / "index"),
        "pointer lost": on_files(remove, "serving.json"),
        "pointer spoilt": on_files(spoil, "serving.json"),
        "state cut off": on_files(cut, "state.json"),
        "segments lost": on_files(remove, "*.seg"),
        "segments cut off": on_files(cut, "*.seg"),
        "segments spoilt": on_files(spoil, "*.seg"),
        "contents lost": on_files(remove, "*.toc"),
        "contents cut off": on_files(cut, "*.toc"),
        "older": on_files(age, "state.json"),
    },
}
DAMAGES["postgresql"] = {
    "deleted": on_server("DROP TABLE search_state, search_1_page, search_1_term"),
    "state lost": on_server("DROP TABLE search_state"),
    "pages lost": on_server("DELETE FROM search_1_page"),
    "texts lost": on_server("DELETE FROM search_1_text"),
    "terms lost": on_server("DELETE FROM search_1_term"),
    "terms dropped": on_server("DROP TABLE search_1_term"),
    "index dropped": on_server("DROP INDEX search_1_term_grams"),
    "older": on_server("UPDATE search_state SET value = '0' WHERE key = 'version'"),
}
CASES = [
    pytest.param(adapter, name, marks=[pytest.mark.postgres] if adapter == "postgresql" else [])
    for adapter, damages in DAMAGES.items()
    for name in damages
]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Whoosh leaves broken files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("adapter", "damage"), CASES)
def test_damage_is_found_at_start_and_a_rebuild_repairs_it(
    stock, tmp_path, new_database, adapter, damage
):
    loaded = Library(adapter, tmp_path / "search", stock, url := new_database(adapter))
    loaded.create()
    loaded.add([paper.page for paper in stock])
    assert loaded.status(expected=len(stock)).health == "good"
    loaded.close()
    DAMAGES[adapter][damage](loaded)

    loaded = Library(adapter, tmp_path / "search", stock, url)  # the next start
    loaded.create()
    status = loaded.status(expected=len(stock))
    assert status.health != "good" or status.lag > 0, status
    with suppress(SearchUnavailableError):  # nothing but the error made for it
        loaded.search(Query(text="合同", scope=EVERYONE))
    # Filing goes on meanwhile.
    loaded.add([stock[0].page])
    with loaded.transaction() as session:
        loaded.index.remove_document(session, stock[5].page.document_id)

    assert loaded.rebuild() == len(stock)
    status = loaded.status(expected=len(stock), deep=True)
    assert (status.health, status.lag, status.pages) == ("good", 0, len(stock))
    asker = Asker(random.Random(4), stock)
    for _ in range(40):
        ask = asker.any()
        wanted = {paper.page.page_id for paper in stock if ask.accepts(paper)}
        assert set(loaded.found(ask.text)) == wanted, ask.text
    loaded.close()


def test_a_spoilt_byte_is_found_by_reading_all(loaded):
    if loaded.adapter == "postgresql":
        with loaded.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE search_1_term SET grams = '{}'")
    elif loaded.adapter == "fts5":
        on_database(
            "UPDATE {} SET block = zeroblob(length(block)) WHERE id > 10", "search_*_data"
        )(loaded)
    else:
        on_files(lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?"), "*.seg")(loaded)
    loaded.reopen()
    assert loaded.status(deep=True).health == "damaged"


class TestLocked:
    """Another process holds the lock of the writers."""

    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch):
        monkeypatch.setattr(index, "_PATIENCE_S", 0.05)
        monkeypatch.setattr(index, "_REBUILD_PATIENCE_S", 0.05)

    def test_searching_goes_on(self, loaded):
        before = loaded.found("合同")
        with held_by_another(loaded):
            with Session(loaded.engine.execution_options(read_only=True)) as session:
                hits = loaded.index.search(
                    session, Query(text="合同", scope=EVERYONE, limit=1_000)
                ).hits
            assert [hit.page_id for hit in hits] == before

    def test_what_was_filed_meanwhile_is_found_afterwards(self, adapter, loaded, stock):
        if adapter != "whoosh":
            pytest.skip("the lock is that of the database: filing itself waits")
        page = replace(stock[0].page, page_id=5_000, text="锁住时归档的一页")
        with held_by_another(loaded):
            loaded.add([page])
            results = loaded.search(Query(text="锁住时归档", scope=EVERYONE))
            assert (results.total, len(results.notes)) == (0, 1)  # and the person is told
            assert loaded.status(expected=len(stock) + 1).lag == 1
        loaded.add([])
        loaded.add([replace(page, page_id=5_001)])  # the next commit takes both
        assert loaded.found("锁住时归档") == [5_000, 5_001]
        assert loaded.status(expected=len(stock) + 2).lag == 0


def held_by_another(loaded):
    if loaded.adapter == "whoosh":
        return Held(FileLock(str(loaded.folder / "index" / "whoosh" / "lock")))
    if loaded.adapter == "postgresql":
        return HeldByTransaction(loaded)
    return HeldBase(loaded.folder / "base.db")


class Held:
    def __init__(self, lock):
        self.lock = lock

    def __enter__(self):
        assert self.lock.acquire()

    def __exit__(self, *_):
        self.lock.release()


class HeldByTransaction:
    def __init__(self, loaded):
        self.session = Session(loaded.engine)

    def __enter__(self):
        schema.lock(self.session)

    def __exit__(self, *_):
        self.session.close()


class HeldBase:
    def __init__(self, path):
        self.base = sqlite3.connect(path, isolation_level=None)

    def __enter__(self):
        self.base.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_):
        self.base.rollback()
        self.base.close()


CRASH = """
import os, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.search.conftest import Library
from tests.search.papers import papers
from postloan_archive.search.whoosh_index import files, generation, index, journal

def die(*_, **__):
    os._exit(9)

stock = papers(seed=33, count=120)
shelf = Library("whoosh", Path({folder!r}), stock)
shelf.create()
shelf.add([paper.page for paper in stock[:60]])
{fault}
shelf.add([paper.page for paper in stock[60:90]])
with shelf.transaction() as session:
    shelf.index.remove_document(session, stock[0].page.document_id)
"""
FAULTS = {
    "before anything": "index.WhooshIndex.catch_up = die",
    "before the segment": "generation.Generation._commit = die",
    "while the segment is written": "generation.layout.document_of = die",
    "before the contents": "generation.SegmentWriter._commit_toc = die",
    "before the state": "files.write_state = die",
    "before the sync": "files._synced = die",
    "before the queue is emptied": "index.journal.forget = die",
    "nowhere": "",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_crash_between_database_and_index_is_made_good_at_the_next_start(
    stock, tmp_path, fault
):
    root = str(Path(__file__).parents[2])
    script = textwrap.dedent(CRASH).format(root=root, folder=str(tmp_path), fault=FAULTS[fault])
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, check=False, capture_output=True
    )
    assert done.returncode == (0 if fault == "nowhere" else 9), done.stderr.decode()

    shelf = Library("whoosh", tmp_path, stock)
    shelf.create()

    wanted = {paper.page.page_id for paper in stock[:90]}
    if fault == "nowhere":
        gone = stock[0].page.document_id
        wanted -= {p.page.page_id for p in stock if p.page.document_id == gone}
    assert set(shelf.found("")) == wanted
    status = shelf.status(expected=len(wanted), deep=True)
    assert (status.health, status.lag) == ("good", 0)
    shelf.close()


def test_a_restored_older_database_does_not_trust_a_newer_index(stock, tmp_path):
    shelf = Library("whoosh", tmp_path, stock)
    shelf.create()
    shelf.add([paper.page for paper in stock[:10]])
    shelf.close()
    kept = sqlite3.connect(tmp_path / "base.db")
    backup = sqlite3.connect(tmp_path / "backup.db")
    kept.backup(backup)
    kept.close()
    shelf = Library("whoosh", tmp_path, stock)
    shelf.add([paper.page for paper in stock[10:20]])
    shelf.close()
    restored = sqlite3.connect(tmp_path / "base.db")
    backup.backup(restored)
    restored.close()
    backup.close()

    shelf = Library("whoosh", tmp_path, stock)
    shelf.create()
    assert shelf.status(expected=10).health == "damaged"
    shelf.close()
