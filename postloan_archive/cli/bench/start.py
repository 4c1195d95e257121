"""How long it takes until `postloan --version` answers, and until the first page does."""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import Final

Report = Callable[[dict[str, object]], None]

PROGRAM: Final = "import sys; sys.argv = ['postloan', *{words}]; "
MAIN: Final = "from postloan_archive.cli import main; main()"
PATIENCE_S: Final = 60


def run(report: Report, *, quick: bool) -> None:
    """Measure in new processes, as a shell and a service manager start them.

    Args:
        report: takes one line for each measurement.
        quick: fewer rounds.
    """
    rounds = 3 if quick else 10
    bare = [_seconds(["-c", "pass"]) for _ in range(rounds)]
    version = [_seconds(["-c", _program("--version")]) for _ in range(rounds)]
    report(
        {
            "bench": "start",
            "name": "version",
            "median_ms": round(statistics.median(version) * 1000, 1),
            "p95_ms": round(max(version) * 1000, 1),
            "ratio_bare_python": round(statistics.median(version) / statistics.median(bare), 2),
        }
    )
    with tempfile.TemporaryDirectory(prefix="postloan-bench-") as data:
        first, *ready = [_until_ready(data) for _ in range(rounds + 1)]
    report(
        {
            "bench": "start",
            "name": "web_ready",
            "median_ms": round(statistics.median(ready) * 1000, 1),
            "p95_ms": round(max(ready) * 1000, 1),
            "first_ms": round(first * 1000, 1),  # creates the installation
        }
    )


def _program(*words: str) -> str:
    return PROGRAM.format(words=list(words)) + MAIN


def _seconds(arguments: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - this program
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def _until_ready(data: str) -> float:
    """Start the service in a folder of its own, wait for the sign of life, end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this program
        ["env", f"POSTLOAN_DATA={data}", sys.executable, "-c",  # noqa: S607 - of every system
         _program("serve", "--port", str(port))],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not _answers(port):
            assert process.poll() is None, process.returncode
            assert time.perf_counter() - started < PATIENCE_S
            time.sleep(0.01)
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
