"""`postloan init | serve | worker`: create an installation, answer browsers, do the jobs."""

import signal
import sys
from types import FrameType

import click
from werkzeug.utils import import_string

from postloan_archive.cli.handlers import all_periodic
from postloan_archive.cli.session import emit, opened_system, runner_of
from postloan_archive.cli.setup import create_installation
from postloan_archive.config import Settings
from postloan_archive.db.schema import current_revision
from postloan_archive.jobs import create_consumer, start_consumer


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def init(*, as_json: bool) -> None:
    """Create data folder, database, index and keys, or bring them up to date."""
    settings = Settings.from_environment()
    system = create_installation(settings)
    revision = current_revision(system.engine)
    system.close()
    if as_json:
        emit({"data": str(settings.data), "revision": revision})
    else:
        click.echo(f"已就绪：{settings.data}")


@click.command()
@click.option("--host", help="Address to listen on; POSTLOAN_HOST by default.")
@click.option("--port", type=int, help="Port; POSTLOAN_PORT by default.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages with waitress; the embedded worker does the jobs unless it is off."""
    settings = Settings.from_environment()
    create_installation(settings).close()
    serve_pages(settings, host=host or settings.host, port=port or settings.port)


def serve_pages(settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl+C, with the workers inside unless `embedded_worker` is off.

    Requests and jobs at hand are finished before it returns, for ten seconds at most.
    """
    waitress_serve = import_string("waitress:serve")
    create_app = import_string("postloan_archive.app:create_app")  # app knows every part
    with opened_system(settings) as system:
        application = create_app(settings, system=system)
        signal.signal(signal.SIGTERM, _leave)  # waitress ends its loop for it as for Ctrl+C
        consumer = (
            start_consumer(runner_of(system), settings.data, periodic=all_periodic())
            if settings.embedded_worker
            else None
        )
        click.echo(f"贷后档案  http://{host}:{port}  （Ctrl+C 停止）", err=True)
        try:
            waitress_serve(
                application,
                host=host,
                port=port,
                threads=8,
                ident=None,
                max_request_body_size=settings.upload_max_mb * 1_048_576,
            )
        finally:
            if consumer is not None:
                consumer.stop()


@click.command()
@click.option("--once", is_flag=True, help="Stop when no job is waiting.")
def worker(*, once: bool) -> None:
    """Do the waiting jobs: reading, recognition, letters, packages; end on SIGTERM."""
    with opened_system() as system:
        runner = runner_of(system)
        if once:
            runner.run_until_empty()
            return
        create_consumer(runner, system.settings.data, periodic=all_periodic()).run()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into an orderly end of the main thread."""
    sys.exit(0)
