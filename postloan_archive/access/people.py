"""Names of persons for user names: what pages show; programs have a name, too."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from postloan_archive.access.models import User
from postloan_archive.kernel.errors import _l

PROGRAMS: Final[Mapping[str, str]] = {
    "cli": _l("命令行"),
    "folder": _l("监视文件夹"),
    "mail": _l("收件邮箱"),
    "job": _l("后台任务"),
    "system": _l("本系统"),
    "demo": _l("演示数据"),
}


def names_of(session: Session, usernames: Iterable[str]) -> dict[str, str]:
    """Return the name of each person; a program its Chinese word; else the word itself."""
    wanted = set(usernames) - {""}
    rows = session.execute(
        select(User.username, User.display_name).where(User.username.in_(sorted(wanted)))
    )
    known = {row.username: row.display_name for row in rows}
    return {name: known.get(name) or PROGRAMS.get(name, name) for name in wanted}
