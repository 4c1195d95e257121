"""`postloan bench` measures each part in its own process and says it in one shape."""

import json
from io import StringIO
from types import SimpleNamespace

from click.testing import CliRunner
from rich.console import Console

from postloan_archive.cli import bench as bench_module
from postloan_archive.cli.bench import available, bench, table_of

LINES = [
    {
        "bench": "letters",
        "name": "fill",
        "per_s": 1600.0,
        "median_ms": 0.6,
        "ratio_docxtpl": 21.5,
    },
    {"bench": "letters", "name": "other", "skipped": "no docxtpl"},
]


def call(monkeypatch, lines, *arguments):
    asked = []

    def measured(name, *, quick):
        asked.append((name, quick))
        return iter(lines)

    monkeypatch.setattr(bench_module, "measured", measured)
    return asked, CliRunner().invoke(bench, list(arguments))


def test_json_is_one_line_for_each_measurement(monkeypatch):
    asked, answer = call(monkeypatch, LINES, "store", "--json", "--size", "full")

    assert answer.exit_code == 0, answer.output
    assert [json.loads(line) for line in answer.stdout.splitlines()] == LINES
    assert asked == [("store", False)]


def test_all_means_every_part_once(monkeypatch):
    asked, _ = call(monkeypatch, [], "all", "store")

    assert asked == [(name, True) for name in available()]
    assert {"bundle", "clocks", "ingest", "ocr", "store"} <= set(available())


def test_a_name_that_is_none_is_wrong_usage(monkeypatch):
    asked, answer = call(monkeypatch, [], "nothing")

    assert answer.exit_code == 2
    assert "nothing" in answer.output
    assert not asked


def test_a_broken_measurement_is_a_finding(monkeypatch):
    broken = [{"bench": "store", "name": "store", "error": "exit code 1"}]

    assert call(monkeypatch, broken, "store")[1].exit_code == 1


def test_the_table_names_each_figure():
    table = table_of("letters", LINES)
    console = Console(width=80, record=True, file=StringIO())
    console.print(table)
    text = console.export_text()

    for word in ("per_s", "1,600.0", "ratio_docxtpl 21.5", "skipped no docxtpl"):
        assert word in text


def test_a_real_part_reports_from_its_own_process():
    lines = list(bench_module.measured("clocks", quick=True))

    assert {line["bench"] for line in lines} == {"clocks"}
    assert all(line["per_s"] > 0 and line["rss_mb"] > 0 for line in lines)
    assert lines[-1]["ratio_500_loans"] > 0.3


def test_a_part_that_breaks_off_says_so(monkeypatch):
    class Broken:
        exitcode = 3

        def __init__(self, args, **_):
            self.pipe = args[-1]

        def start(self):
            pass

        def join(self):
            pass

    monkeypatch.setattr(
        bench_module.multiprocessing, "get_context", lambda _: SimpleNamespace(Process=Broken)
    )

    assert list(bench_module.measured("store", quick=True)) == [
        {"bench": "store", "name": "store", "error": "exit code 3"}
    ]
