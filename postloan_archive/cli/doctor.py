"""`postloan doctor`: is this installation sound, and what is to be done?"""

from typing import Final

import click

from postloan_archive.admin.doctor import Answer, Grade, examine, examine_machine, worst
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
    answers = _answers(Settings.from_environment())
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


def _answers(settings: Settings) -> list[Answer]:
    if not settings.database_url and not (settings.data / "postloan.db").exists():
        return examine_machine(settings)  # leaves the folder free for a restore
    system = open_system(settings)
    try:
        return examine(system)
    finally:
        system.close()
