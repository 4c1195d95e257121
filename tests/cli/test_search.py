"""`postloan search`: a query, or a command that looks after the index."""

import json

import pytest
from click.testing import CliRunner

from postloan_archive.cli import cli
from tests.search.filed import file_pages

TEXTS = ("恒泰机械 status 一", "rebuild 与 status 二", "催收函 三")


@pytest.fixture
def call(new_uow, settings, monkeypatch):
    """Run `postloan search …` on an installation with three pages."""
    file_pages(new_uow, TEXTS)
    monkeypatch.setenv("POSTLOAN_DATA", str(settings.data))

    def run(*arguments):
        return CliRunner().invoke(cli, ["search", *arguments], catch_exceptions=False)

    return run


def test_everything_that_is_no_command_is_a_query(call):
    for arguments, total in (
        (["恒泰"], 1),
        (["--limit", "2", "催收函"], 1),
        (["恒泰", "--json"], 1),
        (["status 二"], 1),
        (['"status"'], 2),
        (["--", "status"], 2),
        (["--", "rebuild"], 1),
        (["words"], 0),
        (["恒泰 OR 催收"], 2),
    ):
        as_json = arguments if "--json" in arguments else ["--json", *arguments]
        answer = call(*as_json)
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.stdout)["total"] == total, arguments


def test_without_a_query_it_is_wrong_usage(call):
    assert call().exit_code == 2
    assert call("恒泰", "多余").exit_code == 2
    assert call("--help").exit_code == 0


def test_status_says_whether_the_index_is_whole(call, system):
    answer = call("status", "--json")
    assert answer.exit_code == 0
    said = json.loads(answer.stdout)
    assert (said["health"], said["pages"], said["expected"], said["lag"]) == ("good", 3, 3, 0)
    assert "索引正常：3 页，档案共 3 页" in call("status", "--deep").stdout

    with system.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE search_1_gram_0")
        connection.exec_driver_sql("DROP TABLE search_state")
    answer = call("status")
    assert answer.exit_code == 1
    assert "postloan search rebuild" in answer.stdout


def test_rebuild_makes_it_whole_again(call, system):
    with system.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE search_state")
    answer = call("rebuild", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["pages"] == 3
    assert json.loads(call("恒泰", "--json").stdout)["total"] == 1


def test_the_files_of_whoosh_are_kept_and_rebuilt_too(call, settings, monkeypatch):
    monkeypatch.setenv("POSTLOAN_SEARCH_ADAPTER", "whoosh")
    assert call("status").exit_code == 1
    assert call("rebuild").exit_code == 0
    assert (settings.data / "index" / "whoosh" / "serving.json").is_file()
    assert json.loads(call("恒泰", "--json").stdout)["total"] == 1
    assert call("status", "--deep").exit_code == 0
