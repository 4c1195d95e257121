"""What an operator asks for: doctor, jobs, users, one loan file for another house."""

import json
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import bagit
import pytest

from postloan_archive import jobs
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.errors import RuleError
from postloan_archive.vault.layout import blob_path


def test_the_doctor_answers_every_question_with_a_next_step(call, papers):
    papers(1)
    rows = {row["key"]: row for row in call("doctor", "--json").rows}

    assert {"settings", "database", "vault", "index", "office", "fonts", "ocr", "workers",
            "clock", "calendar", "checkpoint", "backup"} <= set(rows)  # fmt: skip
    assert (
        rows["database"]["grade"] == rows["vault"]["grade"] == rows["keys"]["grade"] == "good"
    )
    assert all(row["next_step"] for row in rows.values() if row["grade"] != "good")


def test_the_doctor_sees_what_is_wrong(call, papers, system):
    (sha256,) = papers(1)
    blob_path(system.vault.root, sha256).unlink()
    call("vault", "verify")
    (system.settings.data / "keys" / "audit.key").chmod(0o644)
    with system.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    answer = call("doctor", "--json")
    bad = {row["key"] for row in answer.rows if row["grade"] == "bad"}

    assert answer.code == 1
    assert {"fixity", "keys", "database"} <= bad
    assert "修复" in call("doctor").out


def test_the_doctor_comes_before_the_installation(call, tmp_path):
    answer = call("doctor", "--json", POSTLOAN_DATA=str(tmp_path / "nothing"))

    assert answer.code == 1
    assert [row["key"] for row in answer.rows] == [
        "database", "settings", "office", "fonts", "ocr",
    ]  # fmt: skip
    assert not (tmp_path / "nothing").exists()


def test_jobs_are_listed_and_tried_again(call, system, new_uow):
    with new_uow() as uow:
        job_id = uow.enqueue("refused").id

    def refuse(_context):
        raise RuleError("现在不行。")

    JobRunner(system.engine, {"refused": refuse}, clock=system.clock).run_one()

    (row,) = call("jobs", "list", "--state", "failed", "--json").rows
    assert (row["id"], row["reason"]) == (job_id, "现在不行。")
    assert call("jobs", "retry").code == 2
    assert call("jobs", "retry", "--all-failed", "--json").rows[0]["state"] == "queued"
    again = call("jobs", "retry", job_id)
    assert (again.code, "不能执行此操作" in again.error) == (1, True)
    assert "共 1 个任务" in call("jobs", "list").out
    assert call("audit", "export", "--event", "jobs").rows[0]["subject"] == f"job:{job_id}"


def add(call, name, role):
    return call("user", "add", name, "--name", name, "--role", role, "--branch", "0201",
                "--branch-name", "示范支行", "--json")  # fmt: skip


def test_a_role_waits_for_a_second_person_once_there_is_one(call):
    assert "/sign-in/password/" in add(call, "fawu1", "legal").rows[0]["link"]
    (row,) = call("user", "roles", "fawu1", "--grant", "auditor:0201", "--json").rows
    assert [one["state"] for one in row["roles"]] == ["active", "active"]

    add(call, "anquan1", "security_admin")
    (row,) = call(
        "user", "roles", "fawu1", "--grant", "archive_clerk:0201", "--reason", "兼任", "--json"
    ).rows
    states = {one["role"]: one["state"] for one in row["roles"]}
    assert states == {"legal": "active", "auditor": "active", "archive_clerk": "proposed"}
    assert call("user", "roles", "fawu1", "--grant", "legal:0201").code == 1
    assert call("user", "roles", "fawu1", "--grant", "nothing").code == 2

    held = next(one["id"] for one in row["roles"] if one["role"] == "auditor")
    assert call("user", "roles", "anquan1", "--end", held, "--reason", "x").code == 1
    assert call("user", "roles", "fawu1", "--end", held).code == 1  # no reason
    assert call("user", "roles", "fawu1", "--end", held, "--reason", "调岗").code == 0
    listed = {row["username"]: row for row in call("user", "list", "--json").rows}
    assert {one["role"] for one in listed["fawu1"]["roles"]} == {"legal", "archive_clerk"}
    assert "未设密码" in call("user", "list").out


def test_a_loan_file_goes_out_as_a_bag_that_others_can_check(call, papers, system, tmp_path):
    digests = papers(3)
    answer = call("export", "JJ2025-0001", tmp_path / "bag", "--json")

    assert answer.code == 0, answer.out
    assert answer.rows[0]["files"] == 3
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    facts = json.loads((tmp_path / "bag/data/facts.json").read_text(encoding="utf-8"))
    assert [row["sha256"] for row in facts["tables"]["documents"]] == digests
    assert facts["tables"]["loans"][0]["principal"] == "100000.00"
    assert facts["tables"]["customers"][0]["name"] == "张三"
    assert "users" not in facts["tables"]
    proof = json.loads((tmp_path / "bag/audit/proof.json").read_text(encoding="utf-8"))
    events = [json.loads(entry["line"])["event"] for entry in proof["entries"]]
    assert events.count("archive.document_added") == 3
    assert events[-1] == "archive.file_exported"

    assert call("export", "JJ2025-0001", tmp_path / "bag").code == 1  # not empty
    assert call("export", "JJ2025-9999", tmp_path / "other").code == 1
    blob_path(system.vault.root, digests[0]).unlink()
    left_out = call("export", "JJ2025-0001", tmp_path / "second", "--json")
    assert left_out.code == 1
    assert "合同0.txt" in left_out.rows[0]["problems"][0]


def test_a_case_is_opened_prepared_and_moved_from_the_command_line(call, papers):
    papers(2)
    opened = call(
        "case", "create", "--loan", "JJ2025-0001", "--court", "示范县人民法院", "--json"
    )
    assert opened.code == 0, opened.out
    number = opened.rows[0]["case_no"]
    assert {one["role"] for one in opened.rows[0]["parties"]} == {"plaintiff", "defendant"}
    facts = call("case", "facts", number, "agent_name=苏明哲", "--json").rows[0]["facts"]
    assert facts == {"agent_name": "苏明哲"}
    assert call("case", "facts", number, "nonsense").code == 2
    moved = call("case", "event", number, "--kind", "note", "--on", "2026-11-24",
                 "--stage", "filed", "--json")  # fmt: skip
    assert moved.code == 0, moved.out + moved.error
    assert moved.rows[0]["stage"] == "filed"
    opened = call("package", "open", number, "--json")
    assert opened.code == 0
    assert "借款借据（放款凭证）" in opened.rows[0]["lacking"]
    put = call("package", "exhibit", number, "--add", "1", "--json")
    assert [row["document_id"] for row in put.rows[0]["exhibits"]] == [1]
    item = put.rows[0]["exhibits"][0]["id"]
    assert call("package", "exhibit", number, "--order", "x").code == 2
    gone = call("package", "exhibit", number, "--remove", item, "--json")
    assert gone.rows[0]["exhibits"] == []


def test_the_version_comes_without_loading_the_product():
    code = (
        "import sys; from postloan_archive.cli import cli;"
        "cli.main(['--version'], standalone_mode=False);"
        "print([m for m in ('flask', 'sqlalchemy', 'pypdf', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alive(new_uow) -> int:
    with new_uow() as uow:
        return len(jobs.list_workers(uow.session))


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_sigterm_ends_the_service_in_good_order(system, new_uow, monkeypatch, command):
    """Two to four seconds: a real process."""
    monkeypatch.setenv("POSTLOAN_DATA", str(system.settings.data))
    port = free_port()
    code = "from postloan_archive.cli import main; import sys; sys.argv[1:] = ARGS; main()"
    arguments = [command, "--port", str(port)] if command == "serve" else [command]
    process = subprocess.Popen(
        [sys.executable, "-c", code.replace("ARGS", repr(arguments))], stderr=subprocess.PIPE
    )
    try:
        for _ in range(1_000):
            if alive(new_uow) and (command == "worker" or answers(port)):
                break
            time.sleep(0.05)
        assert alive(new_uow) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, process.stderr.read().decode()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert alive(new_uow) == 0


def answers(port) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False
