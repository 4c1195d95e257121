"""`postloan …`: the second door to the same services; each group loads when it is called."""

import importlib
import sys
from typing import Final

import click

from postloan_archive import __version__
from postloan_archive.config import SettingsError
from postloan_archive.kernel.errors import PostloanError

COMMANDS: Final = {  # command -> module:attribute, loaded when it is called
    "audit": "audit:group",
    "batch": "batches:group",
    "bench": "bench:bench",
    "branch": "branches:group",
    "backup": "backups:backup_command",
    "case": "case_account:case_group",
    "check": "exports:check",
    "deadline": "deadlines:group",
    "demo": "demo:demo",
    "disposal": "management:disposal_group",
    "doctor": "doctor:doctor",
    "export": "exports:export",
    "import-file": "exports:import_file",
    "ingest": "ingest:ingest",
    "init": "serve:init",
    "jobs": "jobs:group",
    "law": "law:group",
    "loan": "interruptions:group",
    "notice": "notice_steps:group",
    "package": "packages:group",
    "paper": "papers:group",
    "preservation": "cases:preservation_group",
    "readiness": "cases:readiness_group",
    "report": "management:report_group",
    "restore": "backups:restore_command",
    "retention": "retention:group",
    "scan-folder": "scan_folder:scan_folder",
    "search": "search:search",
    "serve": "serve:serve",
    "template": "templates:group",
    "user": "users:group",
    "vault": "vault:group",
    "worker": "serve:worker",
}


class LazyGroup(click.Group):
    """A group whose commands are imported one at a time: `--version` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, attribute = place.split(":")
        loaded = importlib.import_module(f"postloan_archive.cli.{module}")
        command = getattr(loaded, attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="postloan")
def cli() -> None:
    """贷后档案: file, find, write, sue and prove, from the command line.

    POSTLOAN_DATA names the data folder.

    Exit codes: 0 done, 1 findings or refused, 2 wrong usage.
    """


def main() -> None:
    """Run the command line; a refusal is one Chinese sentence on stderr and exit code 1."""
    try:
        cli.main(standalone_mode=True)
    except PostloanError as error:
        click.echo(refusal(error), err=True)
        sys.exit(1)
    except SettingsError as error:
        click.echo(f"设置有误：\n{error}", err=True)
        sys.exit(2)
    except OSError as error:  # a named file or folder cannot be read or written
        click.echo(f"无法读写 {error.filename or '文件'}：{error.strerror or error}", err=True)
        sys.exit(1)


def refusal(error: PostloanError) -> str:
    """Return the sentence of the error, its provision and the next step."""
    parts = [str(error)]
    if error.basis is not None:
        parts.append(f"依据：{error.basis}")
    if error.next_step:
        parts.append(error.next_step)
    return " ".join(parts)
