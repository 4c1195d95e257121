"""Says whether the index can be trusted, quickly, or by reading all of it."""

from typing import Final

from sqlalchemy import exc
from sqlalchemy.orm import Session

from postloan_archive.kernel.errors import _l
from postloan_archive.search import tokens
from postloan_archive.search.port import Health, Status
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.schema import Tables
from postloan_archive.search.tables.terms import Terms, terms_of

_SAMPLES: Final = 3  # pages of each shelf that are looked up
_PROBE: Final = 12  # characters of a page that are looked up

MISSING: Final = _l("索引不存在，请重建。")
OLDER: Final = _l("索引由较早的版本建立，请重建。")
NO_SHELF: Final = _l("索引缺少分区表，请重建。")
COUNT: Final = _l("索引的页数与登记不符，请重建。")
NOT_FOUND: Final = _l("索引中查不到已登记的页，请重建。")
UNREADABLE: Final = _l("索引无法读取，请重建。")


def status(session: Session, *, expected: int | None, deep: bool) -> Status:
    """Return the state of the serving generation."""
    state = schema.read_state(session)
    if state is None or state.serving is None:
        return _missing(expected)
    problems: list[str] = [UNREADABLE] if state.damaged else []
    pages = 0
    rebuilding = None
    try:
        with session.connection().begin_nested():  # an error must not end the transaction
            tables = Tables(session, state.serving)
            if not tables.exist("shelf", "page", "text", "amount"):
                return _missing(expected)
            pages = tables.count_pages()
            problems += _problems(tables, deep=deep)
            if state.building is not None:
                rebuilding = Tables(session, state.building).count_pages()
    except exc.DatabaseError:  # what a database says of a damaged file or table
        problems.append(UNREADABLE)
    health = Health.DAMAGED if problems else Health.GOOD
    if not problems and state.version != schema.version(session):
        health = Health.OLDER
        problems.append(OLDER)
    return Status(
        health=health,
        pages=int(pages),
        lag=max((expected or 0) - int(pages), 0),
        version=state.version,
        problems=tuple(dict.fromkeys(problems)),
        rebuilding=rebuilding,
    )


def _missing(expected: int | None) -> Status:
    return Status(
        health=Health.MISSING, pages=0, lag=expected or 0, version="", problems=(MISSING,)
    )


def _problems(tables: Tables, *, deep: bool) -> list[str]:
    problems = []
    terms = terms_of(tables)
    ((without_text,),) = tables.run(
        "SELECT (SELECT count(*) FROM @_page) - (SELECT count(*) FROM @_text)"
    )
    if without_text:
        problems.append(COUNT)
    for shelf, size in tables.run("SELECT shelf, size FROM @_shelf ORDER BY shelf"):
        if not terms.exist(int(shelf)):
            problems.append(NO_SHELF)
            continue
        first = int(shelf) << schema.SHELF_BITS
        ((last,),) = tables.run(
            "SELECT max(row) FROM @_page WHERE row >= ? AND row < ?",
            first,
            first + schema.SHELF,
        )
        if last is not None and int(last) >= first + int(size):
            problems.append(COUNT)
        if deep:
            terms.check(int(shelf))
        samples = None if deep else _SAMPLES
        if not _are_found(tables, terms, int(shelf), samples):
            problems.append(NOT_FOUND)
    return problems


def _are_found(tables: Tables, terms: Terms, shelf: int, samples: int | None) -> bool:
    """Look up the beginning and the end of pages spread over the shelf."""
    first = shelf << schema.SHELF_BITS
    rows = tables.run(
        "SELECT row FROM @_page WHERE row >= ? AND row < ?", first, first + schema.SHELF
    )
    step = 1 if samples is None else max((len(rows) - 1) // (samples - 1), 1)
    for (row,) in rows[::step]:
        stored = tables.run("SELECT source FROM @_text WHERE row = ?", row)
        if not stored:
            return False
        text = tokens.text_of(str(stored[0][0]))
        for probe in {text[:_PROBE], text[-_PROBE:]}:
            if probe and not terms.holds(int(row), probe):
                return False
    return True
