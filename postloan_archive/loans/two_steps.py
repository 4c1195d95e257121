"""Entries that are shown before they are saved: one button previews, the other saves."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import request

from postloan_archive.kernel.errors import PostloanError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.request_uow import unit_of_work

SAVE: Final = "save"  # the button behind the preview
Command = TypeVar("Command")
Shown = TypeVar("Shown")


def in_two_steps(
    form: BaseForm,
    command: Callable[[], Command],
    *,
    show: Callable[[UnitOfWork, Command], Shown],
    save: Callable[[UnitOfWork, Command], object],
) -> tuple[Shown | None, bool]:
    """Return the preview where one was asked for, and whether the entry was saved.

    What speaks against it stands in the form.

    Args:
        form: as it came in.
        command: reads the form.
        show: what the entry would change.
        save: carries it out.
    """
    if not form.submitted():
        return None, False
    try:
        cmd = command()
        with unit_of_work() as uow:
            if request.form.get("act") != SAVE:
                return show(uow, cmd), False
            save(uow, cmd)
    except PostloanError as error:
        form.show(error)
        return None, False
    return None, True
