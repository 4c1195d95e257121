"""`postloan law` as a script calls it."""

import json
import subprocess
import sys

from click.testing import CliRunner

from postloan_archive.cli.law import group

GOOD = '{"fn":"fees","input":{"amount":"10000"}}'


def run(command, text):
    return CliRunner().invoke(group, [command], input=text)


def test_one_answer_a_line_and_exit_0_when_all_is_well():
    result = run("compute", f"{GOOD}\n\n{GOOD}\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["result"]["half"] for answer in answers] == ["25.00", "25.00"]
    assert "诉讼费用交纳办法" in result.stdout


def test_a_refused_line_stops_nothing_and_gives_exit_1():
    result = run("compute", f"x\n{GOOD}\n".encode() + b"\xff\n")
    kinds = [next(iter(json.loads(line))) for line in result.stdout.splitlines()]
    assert (result.exit_code, kinds) == (1, ["error", "result", "error"])


def test_json_is_the_only_form_there_is(tmp_path):
    source = tmp_path / "requests.jsonl"
    source.write_text(GOOD, encoding="utf-8")
    result = CliRunner().invoke(group, ["compute", "--json", str(source)])
    assert json.loads(result.stdout)["result"]["first_instance"] == "50.00"


def test_half_a_character_is_written_as_an_escape():
    line = '{"fn":"doc_for_event","input":{"event":"\\ud800"}}'
    result = run("compute", line)
    assert json.loads(result.stdout)["error"]["code"] == "bad_value"


def test_an_explanation_is_printed_for_each_line():
    result = run("explain", f"{GOOD}\n{GOOD}\n")
    assert result.exit_code == 0
    assert result.stdout.count("推导：") == 2


def test_a_refused_explanation_gives_exit_1():
    assert run("explain", "x\n").exit_code == 1
    assert "拒绝计算" in run("explain", '{"fn":"fees","input":{}}\n').stdout


def test_the_command_starts_without_web_and_database():
    code = (
        "import sys, postloan_archive.cli.law;"
        "print([m for m in ('flask', 'sqlalchemy', 'jinja2', 'pypdf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
