"""Temporary files lie beside the vault and go with the process, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from postloan_archive.vault import sweep_working_copies, working_copies

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, signal, sys, tempfile
from pathlib import Path
from postloan_archive.vault import working_copies
with working_copies(Path(sys.argv[1])):
    folder = tempfile.mkdtemp()
    (Path(folder) / "secret").write_text("secret")
    print("ready", flush=True)
    sys.stdin.read()
"""


def folders(data):
    return sorted((data / "working").iterdir())


def test_a_process_has_a_folder_of_its_own_and_leaves_nothing(tmp_path):
    before = tempfile.gettempdir()
    with working_copies(tmp_path):
        inside = Path(tempfile.mkdtemp())
        assert inside.parent in folders(tmp_path)
        assert inside.parent.stat().st_mode & 0o077 == 0
        assert sweep_working_copies(tmp_path) == 0  # it lives
    assert folders(tmp_path) == []
    assert tempfile.gettempdir() == before


def test_the_place_is_told_whole_although_the_data_folder_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with working_copies(Path("storage")):
        assert Path(tempfile.gettempdir()).is_absolute()
        assert Path(tempfile.gettempdir()).parent == tmp_path.resolve() / "storage" / "working"


def test_what_a_killed_process_left_goes_at_the_next_start_and_nothing_else(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    killed, living = (
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    )
    for one in (killed, living):
        assert one.stdout.readline() == "ready\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert len(list(tmp_path.rglob("secret"))) == 2
    with working_copies(tmp_path):
        (left,) = tmp_path.rglob("secret")
        assert left.parts[-3].startswith(f"{living.pid}-")
    living.communicate()
    assert folders(tmp_path) == []


def test_a_volume_that_refuses_the_folder_stops_nothing(tmp_path):
    (tmp_path / "working").write_text("in the way")
    before = tempfile.gettempdir()
    with working_copies(tmp_path):
        assert tempfile.gettempdir() == before
