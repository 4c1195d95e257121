"""`postloan demo`: thirteen fictional loans, the main job over them, then the pages."""

from dataclasses import replace

import click

from postloan_archive.archive.intake import Taken
from postloan_archive.cli.serve import serve_pages
from postloan_archive.cli.session import CLI, opened_system, progress_bar, runner_of
from postloan_archive.cli.setup import create_installation
from postloan_archive.cli.users import site
from postloan_archive.config import Settings
from postloan_archive.demo.loan_facts import DEMO_DAY
from postloan_archive.demo.papers import papers
from postloan_archive.demo.run import Steps, is_loaded, run, sign_in_token


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop before serving.")
def demo(*, no_serve: bool) -> None:
    """Load the demonstration into the folder `demo` of the data folder and serve it."""
    given = Settings.from_environment()
    settings = replace(given, data=given.data / "demo", demo_day=DEMO_DAY.isoformat())
    create_installation(settings).close()
    with opened_system(settings) as system:
        if is_loaded(system):
            click.echo(f"演示数据已在 {settings.data}，直接使用。")
        else:
            total = sum(1 for _ in papers())
            with progress_bar("读取和识别", total) as bar:

                def advance(_taken: Taken) -> None:
                    bar.advance(bar.task_ids[0])

                target = run(
                    system, CLI, runner_of(system), Steps(say=bar.console.print, paper=advance)
                )
            click.echo(f"材料包：{target}")
        token = sign_in_token(system, CLI)
    if no_serve:
        return
    click.echo(f"一次性登录链接：{site(settings)}/sign-in/link/{token}")
    serve_pages(settings, host=settings.host, port=settings.port)
