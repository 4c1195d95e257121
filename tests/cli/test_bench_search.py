"""`postloan bench search` measures what it says, on few pages."""

from postloan_archive.cli.bench import search
from postloan_archive.cli.bench.loan_pages import PageMaker


def test_every_measurement_is_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = []
    search.run(lines.append, quick=True, pages=64)

    named = {line["name"]: line for line in lines}
    assert {"rebuild_fts5", "ordinary_user", "all_branches"} <= set(named)
    assert named["rebuild_fts5"]["per_s"] > 0
    assert named["ordinary_user"]["ratio_substring_scan"] > 0
    for adapter in ("database", "whoosh"):
        line = named[f"beside_whoosh_two_grams_{adapter}"]
        assert line["ratio_whoosh_two_grams"] > 0
        assert line["pages"] == 64
    assert all(line["bench"] == "search" for line in lines)
    assert not list(tmp_path.iterdir())


def test_a_page_is_always_the_same_and_scan_and_index_find_the_same(tmp_path):
    maker = PageMaker(64)
    assert maker.page(7) == PageMaker(64).page(7)
    with search._opened("database", tmp_path / "base") as library:
        library.index.rebuild(library.transaction, maker.source)
        asked = [one for one in search._queries(maker, 3) if one.plain]
        assert asked
        for one in asked:
            assert library.find(one.text, one.scope) == search._scan(library, one) > 0
