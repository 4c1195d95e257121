"""The worker: takes one step after another from a pipe; hostile files stay here.

It is started by `workers.py` with an empty environment. Whatever a parser throws is caught here
and named, for this is the one place where input is hostile by assumption.
"""

import gc
import importlib
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

from postloan_archive.reading import confine, wire
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import UnreadableError

Answer = tuple[dict[str, Any], bytes]
Step = Callable[[dict[str, Any], Limits], Iterator[Answer]]

_REQUEST_LIMIT: Final = 1 << 20
_MODULES: Final = {"read": "steps", "ocr": "recognition"}


def main(role: str, memory_mb: int) -> None:
    """Serve the steps of one role until the pipe closes.

    Args:
        role: `read` (text, page images, unpacking) or `ocr`.
        memory_mb: address space, MiB.
    """
    answers = os.dup(1)
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), 1
    )  # what native code prints must not be an answer
    warnings.simplefilter("ignore")
    alone = confine.give_up_network()
    steps = _load(role)
    confine.limit_memory(memory_mb)
    fence = confine.Fence()
    fence.close()
    gc.freeze()
    wire.send(answers, wire.pack({"ready": True, "network_namespace": alone}))
    requests = wire.Frames(0)
    while True:
        try:
            request, _ = requests.next(deadline=None, limit=_REQUEST_LIMIT)
        except wire.FrameError:
            return
        _serve(request, steps, answers, fence)


def _load(role: str) -> dict[str, Step]:
    """Import the parsers of the role before the limits close around them."""
    module = importlib.import_module(f"postloan_archive.reading.{_MODULES[role]}")
    steps: dict[str, Step] = module.STEPS
    return steps


def _serve(
    request: dict[str, Any], steps: dict[str, Step], answers: int, fence: confine.Fence
) -> None:
    limits = Limits(**request["limits"])
    folder = request.get("folder")
    fence.folder = folder
    confine.limit_step(
        cpu_s=int(limits.cpu_s), written=limits.unpacked_bytes if folder is not None else 0
    )
    try:
        for message, blob in steps[request["step"]](request, limits):
            wire.send(answers, wire.pack(message, blob))
    except UnreadableError as error:
        last = {"state": error.state.value, "reason": str(error)}
    except MemoryError:
        gc.collect()
        last = {"fault": "memory"}
    except OSError as error:
        last = {"fault": "os", "detail": f"{type(error).__name__}: {error.strerror}"}
    except BaseException as error:  # noqa: BLE001 - a parser in Rust panics past Exception
        last = {"fault": "parser", "detail": type(error).__name__}
    else:
        last = {}
    fence.folder = None
    wire.send(answers, wire.pack({**last, "end": True}))
