"""A service to be killed, pages and a worker beside them: python -m … DATA PORT."""

import os
import sys
from pathlib import Path

import waitress

import postloan_archive.app  # imported before the fork
from postloan_archive.cli.handlers import all_periodic
from postloan_archive.cli.serve import serve_pages
from postloan_archive.cli.session import opened_system, runner_of
from postloan_archive.config import Settings
from postloan_archive.jobs import create_consumer

assert waitress
assert postloan_archive.app


def main() -> None:
    """Serve, with the jobs inside and a worker process of its own; killed as one group."""
    data, port = sys.argv[1:]
    settings = Settings(data=Path(data), secure_cookies=False, log_level="ERROR")
    os.setsid()
    if not os.fork():
        with opened_system(settings) as system:
            create_consumer(runner_of(system), settings.data, periodic=all_periodic()).run()
        os._exit(0)
    serve_pages(settings, host="127.0.0.1", port=int(port))


if __name__ == "__main__":
    main()
