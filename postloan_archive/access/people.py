"""What people are called on a page: by name, never by the name they sign in with."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from postloan_archive.access.models import User
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork

PROGRAMS: Final = {
    "cli": _l("命令行"),
    "folder": _l("监视文件夹"),
    "mail": _l("收件邮箱"),
    "job": _l("后台任务"),
    "system": _l("系统"),
}


def names_of(uow: UnitOfWork, usernames: Iterable[str]) -> dict[str, str]:
    """Return the name by user name; a program by what it is, a stranger by the name it has."""
    wanted = sorted({name for name in usernames if name})
    rows = uow.session.execute(
        select(User.username, User.display_name)
        .where(User.username.in_(wanted))
        .order_by(User.username)
    )
    known = {row.username: row.display_name or row.username for row in rows}
    return {name: known.get(name) or PROGRAMS.get(name, name) for name in wanted}


def name_of(uow: UnitOfWork, username: str) -> str:
    """Return what one person or program is called."""
    return names_of(uow, (username,)).get(username, username)
