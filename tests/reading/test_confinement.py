"""A worker has no network, starts no program, writes no file, sees no environment."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from postloan_archive.reading import Limits, State, read_file
from postloan_archive.reading.confine import Fence, ForbiddenError
from postloan_archive.reading.limits import DEFAULT_LIMITS
from postloan_archive.reading.workers import READERS, Worker, WorkerLostError, WorkerPool

ROOT = Path(__file__).resolve().parents[2]


def test_the_environment_of_a_worker_is_empty(read):
    read(b"x", "a.txt")
    (worker, *_) = READERS._warm
    with open(f"/proc/{worker.pid}/environ", "rb") as file:  # noqa: PTH123 - not a file to keep
        names = {line.split(b"=")[0] for line in file.read().split(b"\0") if line}

    assert names <= {b"OMP_NUM_THREADS", b"OPENBLAS_NUM_THREADS"}


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", ()),
        ("socket.__new__", ()),
        ("subprocess.Popen", ()),
        ("os.system", ()),
        ("os.fork", ()),
        ("open", ("/tmp/x", "w", os.O_WRONLY | os.O_CREAT)),  # noqa: S108 - never opened
        ("open", ("/etc/passwd", "r+", os.O_RDWR)),
    ],
)
def test_the_fence_forbids(event, args):
    with pytest.raises(ForbiddenError):
        Fence()._hear(event, args)


def test_the_fence_lets_read_anything_and_write_into_one_folder():
    fence = Fence()
    fence.folder = "/somewhere"
    fence._hear("open", ("/etc/passwd", "r", os.O_RDONLY))
    fence._hear("open", ("/somewhere/000001", "w", os.O_WRONLY))

    with pytest.raises(ForbiddenError):
        fence._hear("open", ("/somewhere/../etc/x", "w", os.O_WRONLY))


def test_a_worker_that_dies_is_replaced(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("还在")
    read_file(path, "a.txt")
    for worker in list(READERS._warm):
        os.kill(worker.pid, signal.SIGKILL)
        worker._process.wait()

    assert read_file(path, "a.txt").state is State.STORED


def test_a_worker_that_stops_answering_is_killed_with_its_group(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x")
    worker = Worker("read", 1_536)
    os.kill(worker.pid, signal.SIGSTOP)
    start = time.monotonic()

    with pytest.raises(WorkerLostError) as lost:
        list(worker.ask("read", {"path": str(path), "name": "a.txt"}, Limits(wall_s=0.3)))

    assert lost.value.reason == "late"
    assert time.monotonic() - start < 5
    assert not worker.alive


def test_a_worker_is_replaced_after_its_share_of_files(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("x")
    pool = WorkerPool("read", idle=1, recycle=2)
    request = {"path": str(path), "name": "a.txt"}
    pids = []
    try:
        for _ in range(4):
            list(pool.ask("read", request, DEFAULT_LIMITS))
            pids.append(pool._warm[0].pid if pool._warm else None)
    finally:
        pool.close()

    assert pids[0] == pids[0]
    assert pids[1] is None
    assert pids[2] not in {None, pids[0]}


def test_many_threads_may_read_at_once(tmp_path):
    for number in range(12):
        (tmp_path / str(number)).write_text(f"第{number}份")
    texts = {}

    def work(number):
        texts[number] = read_file(tmp_path / str(number), "a.txt").pages[0].text

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert texts == {number: f"第{number}份" for number in range(12)}


def test_a_worker_ends_when_its_parent_is_killed():
    program = (
        "import time; from postloan_archive.reading.workers import Worker; "
        "print(Worker('read', 1_536).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = Path(f"/proc/{int(parent.stdout.readline())}")
    assert child.exists()
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 10
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has gone meanwhile
        while "Z" not in child.joinpath("status").read_text("utf-8").split()[:6]:
            assert time.monotonic() < until, "an orphan"
            time.sleep(0.02)
