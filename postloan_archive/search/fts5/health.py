"""Says whether the index can be trusted, quickly, or by reading all of it."""

from typing import Final

from sqlalchemy import exc
from sqlalchemy.orm import Session

from postloan_archive.kernel.errors import _l
from postloan_archive.search import tokens
from postloan_archive.search.fts5 import schema
from postloan_archive.search.fts5.schema import Tables
from postloan_archive.search.port import Health, Status

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
        tables = Tables(session, state.serving)
        if not tables.exist("shelf", "page", "text", "amount"):
            return _missing(expected)
        pages = tables.count_pages()
        problems += _problems(tables, deep=deep)
        if state.building is not None:
            rebuilding = Tables(session, state.building).count_pages()
    except exc.DatabaseError:  # what SQLite says of a damaged file or table
        problems.append(UNREADABLE)
    health = Health.DAMAGED if problems else Health.GOOD
    if not problems and state.version != schema.version():
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
    ((without_text,),) = tables.run(
        "SELECT (SELECT count(*) FROM @_page) - (SELECT count(*) FROM @_text)"
    )
    if without_text:
        problems.append(COUNT)
    for shelf, size in tables.run("SELECT shelf, size FROM @_shelf ORDER BY shelf"):
        if not tables.exist(*(f"{kind}_{shelf}" for kind in schema.KINDS)):
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
            for kind in schema.KINDS:
                check = "INSERT INTO @@(@@) VALUES ('integrity-check')"
                tables.run_on(kind, int(shelf), check)
        samples = None if deep else _SAMPLES
        if not _are_found(tables, int(shelf), samples):
            problems.append(NOT_FOUND)
    return problems


def _are_found(tables: Tables, shelf: int, samples: int | None) -> bool:
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
            if probe and not _finds(tables, shelf, int(row) - first + 1, probe):
                return False
    return True


def _finds(tables: Tables, shelf: int, number: int, probe: str) -> bool:
    one = len(probe) == 1
    phrase = tokens.char_phrase("", probe) if one else tokens.gram_phrase("", probe)
    sql = "SELECT 1 FROM @@ WHERE @@ MATCH ? AND rowid = ?"
    return bool(tables.run_on("char" if one else "gram", shelf, sql, phrase, number))
