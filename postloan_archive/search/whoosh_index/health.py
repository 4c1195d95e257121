"""Says whether the index can be trusted, quickly, or by reading all of it."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive.kernel.errors import _l
from postloan_archive.search import fields
from postloan_archive.search.port import Health, Status
from postloan_archive.search.whoosh_index import files, journal, layout
from postloan_archive.search.whoosh_index.files import DAMAGE, Folder
from postloan_archive.search.whoosh_index.generation import Generation
from postloan_archive.search.whoosh_index.reading import View

_SAMPLES: Final = 3  # pages of each segment that are looked up
_PROBE: Final = 12  # characters of a page that are looked up

MISSING: Final = _l("索引不存在，请重建。")
OLDER: Final = _l("索引由较早的版本建立，请重建。")
FILES: Final = _l("索引文件缺失或已改变，请重建。")
NEWER: Final = _l("索引与数据库不是同一时刻的，请重建。")
NOT_FOUND: Final = _l("索引中查不到已登记的页，请重建。")
UNREADABLE: Final = _l("索引无法读取，请重建。")

Opener = Callable[[int | None], Generation | None]


def status(
    session: Session, folder: Folder, opened: Opener, *, expected: int | None, deep: bool
) -> Status:
    """Return the state of the serving generation."""
    serving = opened(folder.serving())
    state = serving.state if serving else None
    connection = session.connection()
    if serving is None or state is None or not journal.exists(connection):
        lag = expected or 0
        return Status(health=Health.MISSING, pages=0, lag=lag, version="", problems=(MISSING,))
    problems: list[str] = []
    pages = 0
    if files.faults(serving.place, state, deep=deep):
        problems.append(FILES)
    else:
        try:
            view = serving.view()
            pages = view.size
            if not _are_found(view, deep=deep):
                problems.append(NOT_FOUND)
        except DAMAGE:
            problems.append(UNREADABLE)
    if state.applied > journal.last(connection):
        problems.append(NEWER)
    health = Health.DAMAGED if problems else Health.GOOD
    if not problems and state.version != layout.version():
        health = Health.OLDER
        problems.append(OLDER)
    waiting = journal.waiting(connection, after=state.applied)
    return Status(
        health=health,
        pages=pages,
        lag=max((expected or 0) - pages, waiting, 0),
        version=state.version,
        problems=tuple(problems),
        rebuilding=_rebuilding(opened(folder.building())),
    )


def _rebuilding(building: Generation | None) -> int | None:
    if building is None:
        return None
    try:
        return building.view().size
    except DAMAGE:
        return 0


def _are_found(view: View, *, deep: bool) -> bool:
    """Look up the beginning and the end of pages spread over each segment."""
    for key in view.keys():  # noqa: SIM118 - a view is no mapping
        shelf = view.shelf(key)
        alive = list(shelf.alive())
        step = 1 if deep else max((len(alive) - 1) // (_SAMPLES - 1), 1)
        for number in alive[::step]:
            view.pages([(key, number)])
            text = view.folded([(key, number)])[key, number]
            for probe in {text[:_PROBE], text[-_PROBE:]} - {""}:
                if not shelf.finds(fields.TEXT, probe) >> number & 1:
                    return False
    return True
