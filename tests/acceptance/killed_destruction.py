"""A program to be killed while it destroys: python -m … DATA POINT NUMBER LIST_ID."""

import sys
from pathlib import Path

from postloan_archive.kernel.actor import Actor
from postloan_archive.retention.service.destroying import carry_out
from tests.acceptance.killed_intake import Killer, opened


def main() -> None:
    """Carry a running list out and say that it is done."""
    data, point, number, list_id = sys.argv[1:5]
    killer = Killer(point, int(number))
    system = opened(Path(data), killer)
    carry_out(system, Actor.program("job"), int(list_id))
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
