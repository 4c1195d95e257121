"""A6: an index deleted, truncated, from an older version or locked is found and rebuilt."""

import random
import shutil
from contextlib import suppress

import pytest

from postloan_archive.archive import indexing
from postloan_archive.archive import queries as archive
from postloan_archive.archive.finding import Find, find
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.cli.setup import create_installation
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.search import SearchUnavailableError
from tests.search.filed import file_pages
from tests.search.papers import papers
from tests.search.truth import Asker

pytestmark = pytest.mark.acceptance


def statements(*texts):
    def damage(system):
        with system.engine.begin() as connection:
            for text in texts:
                connection.exec_driver_sql(text)

    return damage


def in_files(change):
    def damage(system):
        change(system.settings.data / "index" / "whoosh")

    return damage


def cut(folder):
    for path in folder.rglob("*.seg"):
        path.write_bytes(path.read_bytes()[:1000])


def age(folder):
    for path in folder.rglob("state.json"):
        path.write_text(path.read_text().replace("whoosh-", "whoosh-0-"))


CUT = "DELETE FROM search_1_gram_0_data WHERE id > 10"
OLD = "UPDATE search_state SET value = '0' WHERE key = 'version'"
DAMAGES = [
    ("database", "deleted", statements("DROP TABLE search_state", "DROP TABLE search_1_page")),
    ("database", "truncated", statements("DELETE FROM search_1_page WHERE rowid % 3 = 0")),
    ("database", "truncated terms", statements(CUT)),
    ("database", "older", statements(OLD)),
    ("whoosh", "deleted", in_files(shutil.rmtree)),
    ("whoosh", "truncated", in_files(cut)),
    ("whoosh", "older", in_files(age)),
]


def answers(system, texts):
    with system.unit_of_work(Actor.program("cli")) as uow:
        found = [find(uow, Find(text=text, limit=1_000)) for text in texts]
    return [(one.total, [hit.page_id for hit in one.hits], one.facets) for one in found]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Whoosh leaves broken files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("adapter", "damage"),
    [(adapter, damage) for adapter, _, damage in DAMAGES],
    ids=[f"{adapter} {name}" for adapter, name, _ in DAMAGES],
)
def test_A6_the_start_finds_it_and_the_worker_rebuilds_it(
    system, settings, full, monkeypatch, adapter, damage
):
    monkeypatch.setenv("POSTLOAN_DATA", str(settings.data))
    object.__setattr__(settings, "search_adapter", adapter)
    system = create_installation(settings)
    JobRunner(system.engine, all_handlers(system), clock=system.clock).run_until_empty()
    stock = papers(seed=6, count=3_000 if full else 200)
    count = file_pages(
        lambda: system.unit_of_work(Actor.program("cli")), [paper.page.text for paper in stock]
    )
    asker = Asker(random.Random(8), stock)
    texts = [asker.any().text for _ in range(1_000 if full else 200)]
    before = answers(system, texts)
    assert sum(total > 0 for total, _, _ in before) > len(texts) // 3
    system.close()
    damage(system)

    system = create_installation(settings)  # the next start
    with system.unit_of_work(Actor.program("cli")) as uow:
        assert not indexing.is_whole(indexing.status(uow), count)
        assert archive.get_page(uow, archive.get_document(uow, 1), 1).text  # browsing works
        with suppress(SearchUnavailableError):  # or answers as far as it can
            find(uow, Find(text="合同"))
    JobRunner(system.engine, all_handlers(system), clock=system.clock).run_until_empty()

    with system.unit_of_work(Actor.program("cli")) as uow:
        assert indexing.is_whole(indexing.status(uow, deep=True), count)
        assert not indexing.repair_if_needed(uow)
    assert answers(system, texts) == before
    system.close()
