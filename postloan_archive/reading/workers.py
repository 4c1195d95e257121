"""The processes that parse: started, asked, watched and, where need be, killed from here."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from postloan_archive.reading import wire
from postloan_archive.reading.limits import Limits

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_BOOT: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from postloan_archive.reading.child import main; main(sys.argv[2], int(sys.argv[3]))"
)
_START_S: Final = 180.0  # models of the recogniser load within this, on a busy machine too
_GRACE_S: Final = 2.0
_ENVIRONMENT: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class WorkerLostError(Exception):
    """The worker gave no whole answer and is gone.

    Attributes:
        reason: `late`, `long` (its answer) or `died`.
        signal_name: what killed it, such as SIGSEGV; empty where it was none.
        starting: it never got as far as the first step.
    """

    def __init__(self, reason: str, signal_name: str = "", *, starting: bool = False) -> None:
        super().__init__(f"{reason} {signal_name}".strip())
        self.reason = reason
        self.signal_name = signal_name
        self.starting = starting


class Worker:
    """One child process; serves one step at a time."""

    def __init__(self, role: str, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.served = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, constant arguments
            [
                *(sys.executable, "-I", "-X", "utf8", "-c", _BOOT),
                *(_ROOT, role, str(memory_mb)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._out = self._process.stdin.fileno()
        self._frames = wire.Frames(self._process.stdout.fileno())
        try:
            self.hello, _ = self._frames.next(
                deadline=time.monotonic() + _START_S, limit=1 << 16
            )
        except wire.FrameError as error:
            raise self._lost(error) from error

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Return whether the process still runs."""
        return self._process.poll() is None

    def ask(
        self, step: str, request: Mapping[str, object], limits: Limits
    ) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Yield the answers to one request; the last one has the key `end`.

        Raises:
            WorkerLostError: no whole answer; the worker has been killed.
        """
        self.served += 1
        deadline = time.monotonic() + limits.wall_s
        done = False
        try:
            wire.send(self._out, wire.pack({**request, "step": step, "limits": limits.wire()}))
            while not done:
                message, blob = self._frames.next(deadline=deadline, limit=limits.answer_bytes)
                done = "end" in message
                yield message, blob
        except (wire.FrameError, OSError) as error:
            raise self._lost(error) from error
        finally:
            if not done:
                self.kill()

    def _lost(self, error: Exception) -> WorkerLostError:
        if isinstance(error, wire.FrameLateError):
            reason = "late"
        elif isinstance(error, wire.FrameTooLongError):
            reason = "long"
        else:
            reason = "died"
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_S)
        code = self._process.poll()
        self.kill()
        name = signal.Signals(-code).name if code is not None and code < 0 else ""
        return WorkerLostError(
            "late" if name == "SIGXCPU" else reason, name, starting=self.served == 0
        )

    def kill(self) -> None:
        """End the worker and whatever it may have started."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            with contextlib.suppress(OSError):
                pipe.close()


class WorkerPool:
    """Keeps warm workers of one role; safe to use from many threads and after a fork.

    Args:
        role: see `child.main`.
        idle: workers kept warm.
        recycle: steps after which a worker is replaced, so that nothing piles up in it.
        at_once: workers that may run at the same time; None does not bound them.
    """

    def __init__(
        self, role: str, *, idle: int, recycle: int, at_once: int | None = None
    ) -> None:
        self._role = role
        self._idle = idle
        self._recycle = recycle
        self._slots = threading.BoundedSemaphore(at_once) if at_once else None
        self._lock = threading.Lock()
        self._warm: list[Worker] = []
        self._owner = os.getpid()
        atexit.register(self.close)

    def ask(
        self, step: str, request: Mapping[str, object], limits: Limits
    ) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Yield the answers of some worker; see `Worker.ask`."""
        with self._slots or contextlib.nullcontext():
            worker = self._take(limits.memory_mb)
            try:
                yield from worker.ask(step, request, limits)
            finally:
                self._give_back(worker)

    def _take(self, memory_mb: int) -> Worker:
        with self._lock:
            if self._owner != os.getpid():  # the workers belong to the process we came from
                self._owner, self._warm = os.getpid(), []
            for worker in reversed(self._warm):
                if worker.memory_mb == memory_mb:
                    self._warm.remove(worker)
                    if worker.alive:
                        return worker
                    worker.kill()
        return Worker(self._role, memory_mb)

    def _give_back(self, worker: Worker) -> None:
        if not worker.alive:
            return
        with self._lock:
            if worker.served < self._recycle and len(self._warm) < self._idle:
                self._warm.append(worker)
                return
        worker.kill()

    def close(self) -> None:
        """End the warm workers; the pool may still be used and starts new ones."""
        with self._lock:
            warm, self._warm = self._warm, []
        if self._owner == os.getpid():
            for worker in warm:
                worker.kill()


READERS: Final = WorkerPool("read", idle=max(2, os.cpu_count() or 1), recycle=500)
