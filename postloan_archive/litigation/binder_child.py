"""The process that binds: it opens hostile files, so it has neither network nor much memory.

Started by `binder`, one bundle a process. What to bind comes as JSON on the standard input, the
result goes back as JSON; files are read from the vault and written into one folder only.
"""

import json
import sys
import tempfile
import warnings
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    PlacedExhibit,
    build_bundle,
    build_volumes,
)
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.litigation.binder_wire import spec_of
from postloan_archive.reading import confine

VOLUME: Final = "bundle-{no}.pdf"
PLACES: Final = "places.json"  # where the exhibits will stand, written before they do


def main() -> None:
    """Bind what the standard input says."""
    request: dict[str, Any] = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    folder = str(request["folder"])
    tempfile.tempdir = folder
    confine.give_up_network()
    confine.limit_memory(int(request["memory_mb"]))
    confine.limit_step(cpu_s=int(request["cpu_s"]), written=int(request["written"]))
    fence = confine.Fence()
    fence.folder = folder
    fence.close()
    answer: dict[str, object]
    try:
        results = _bind(spec_of(request["spec"]), Path(folder), request["volume_bytes"])
        answer = {"results": [asdict(one) for one in results]}
    except PostloanError as error:
        answer = {"refused": type(error).__name__, "facts": error.facts}
    except MemoryError:
        answer = {"lost": "memory"}
    sys.stdout.write(json.dumps(answer))


def _announce(folder: Path, places: tuple[PlacedExhibit, ...]) -> None:
    text = json.dumps([asdict(one) for one in places])
    (folder / PLACES).write_text(text, encoding="utf-8")


def _bind(spec: BundleSpec, folder: Path, limit: int | None) -> list[BundleResult]:
    def placed(places: tuple[PlacedExhibit, ...]) -> None:
        _announce(folder, places)

    with ExitStack() as stack:
        if not limit:
            out = stack.enter_context((folder / VOLUME.format(no=1)).open("wb"))
            return [build_bundle(spec, out, placed=placed)]
        return build_volumes(
            spec,
            lambda no: stack.enter_context((folder / VOLUME.format(no=no)).open("wb")),
            limit=limit,
            placed=placed,
        )


if __name__ == "__main__":
    main()
