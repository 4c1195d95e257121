"""A program to be killed while it brings an old installation up to date.

    python -m tests.acceptance.killed_migration DATA POINT NUMBER

POINT is `sql` (before a statement), `commit` (before COMMIT) or `none`. It says how often each
was passed.
"""

import json
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from postloan_archive.cli.setup import create_installation
from postloan_archive.config import Settings
from tests.acceptance.killed_intake import Killer


def main() -> None:
    """Do what `postloan init` does."""
    data, point, number = sys.argv[1:]
    killer = Killer(point, int(number))
    event.listen(Engine, "before_cursor_execute", lambda *_facts: killer.passed("sql"))
    event.listen(Engine, "commit", lambda _connection: killer.passed("commit"))
    create_installation(Settings(data=Path(data), secure_cookies=False)).close()
    sys.stdout.write(json.dumps(killer.passes) + "\n")


if __name__ == "__main__":
    main()
