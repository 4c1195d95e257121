"""A process that has everything imported and forks the programs that are to be killed.

Importing takes longer than what the programs do; in a fork a thousand kills cost what
a hundred cost otherwise. As a program: `python -m tests.acceptance.cradle MODULE`.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


@dataclass(frozen=True)
class Ended:
    """How a program ended: minus the signal, or the code; what it said."""

    returncode: int
    out: str
    errors: str


class Cradle:
    """Forks `MODULE.main()` with arguments; one at a time."""

    def __init__(self, module: str, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.cradle", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def run(self, *arguments: object, meanwhile: Callable[[int], None] | None = None) -> Ended:
        """Run the program to its end; `meanwhile` is told its process number."""
        out, errors = self._folder / "out", self._folder / "errors"
        told = {"arguments": [str(one) for one in arguments]}
        told |= {"out": str(out), "errors": str(errors)}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        if meanwhile is not None:
            meanwhile(pid)
        code = int(self._process.stdout.readline())
        return Ended(code, out.read_text("utf-8"), errors.read_text("utf-8"))

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(PATIENCE_S)


def main() -> None:
    """Import, say so, fork for each line of stdin."""
    module = importlib.import_module(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if not child:
            _be(module, told)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(_ended(child)), flush=True)


def _be(module: object, told: dict[str, object]) -> None:
    """Be the program; never come back."""
    for number, name in ((1, "out"), (2, "errors")):
        file = os.open(str(told[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
    code = 1
    try:
        sys.argv = [module.__name__, *told["arguments"]]
        module.main()
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the caller reads it
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(child: int) -> int:
    """Wait for the child; kill it when it takes far too long."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGABRT)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main()
