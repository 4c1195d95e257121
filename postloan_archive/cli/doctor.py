"""`postloan doctor`: is this installation sound, and what is to be done?"""

from typing import Final

import click

from postloan_archive.admin.doctor import Grade, examine, worst
from postloan_archive.cli.session import emit
from postloan_archive.config import Settings
from postloan_archive.uow import open_system

SIGNS: Final = {Grade.GOOD: "正常", Grade.NOTE: "注意", Grade.BAD: "问题"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Examine settings, stores, fonts, workers, clock, calendar, trail and backup.

    Exit code 1 means that something does not work or that data are at risk. It needs no
    running service and works on a sick installation.
    """
    system = open_system(Settings.from_environment())
    try:
        answers = examine(system)
    finally:
        system.close()
    for answer in answers:
        if as_json:
            emit(
                {
                    "key": answer.key,
                    "label": answer.label,
                    "grade": str(answer.grade),
                    "text": str(answer.text),
                    "next_step": answer.next_step,
                }
            )
            continue
        click.echo(f"{SIGNS[answer.grade]}  {answer.label}：{answer.text}")
        if answer.next_step:
            click.echo(f"      → {answer.next_step}")
    context.exit(1 if worst(answers) is Grade.BAD else 0)
