"""Says whether the index can be trusted, quickly, or by reading all of it."""

from typing import Final

from sqlalchemy import exc
from sqlalchemy.orm import Session

from postloan_archive.kernel.errors import _l
from postloan_archive.search.fts5 import schema, tokens
from postloan_archive.search.fts5.schema import run
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
    problems: list[str] = []
    pages = 0
    rebuilding = None
    try:
        if not _has_tables(session, state.serving):
            return _missing(expected)
        ((pages,),) = run(session, f"SELECT count(*) FROM {schema.prefix(state.serving)}_page")  # noqa: S608 - our own name
        problems += _problems(session, state.serving, deep=deep)
        if state.building is not None:
            ((rebuilding,),) = run(
                session,
                f"SELECT count(*) FROM {schema.prefix(state.building)}_page",  # noqa: S608 - our own name
            )
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


def _has_tables(session: Session, generation: int) -> bool:
    name = schema.prefix(generation)
    return all(
        schema.exists(session.connection(), f"{name}_{table}")
        for table in ("shelf", "page", "text", "amount")
    )


def _problems(session: Session, generation: int, *, deep: bool) -> list[str]:
    name = schema.prefix(generation)
    problems = []
    ((without_text,),) = run(
        session,
        f"SELECT (SELECT count(*) FROM {name}_page) - (SELECT count(*) FROM {name}_text)",  # noqa: S608 - our own name
    )
    if without_text:
        problems.append(COUNT)
    for shelf, size in run(session, f"SELECT shelf, size FROM {name}_shelf ORDER BY shelf"):  # noqa: S608 - our own name
        tables = [f"{name}_{kind}_{shelf}" for kind in ("gram", "char")]
        if not all(schema.exists(session.connection(), table) for table in tables):
            problems.append(NO_SHELF)
            continue
        first = int(shelf) << schema.SHELF_BITS
        ((last,),) = run(
            session,
            f"SELECT max(row) FROM {name}_page WHERE row >= ? AND row < ?",  # noqa: S608 - our own name
            first,
            first + schema.SHELF,
        )
        if last is not None and int(last) >= first + int(size):
            problems.append(COUNT)
        if deep:
            for table in tables:
                run(session, f"INSERT INTO {table}({table}) VALUES ('integrity-check')")  # noqa: S608 - our own name
        samples = None if deep else _SAMPLES
        if not _are_found(session, name, int(shelf), samples):
            problems.append(NOT_FOUND)
    return problems


def _are_found(session: Session, name: str, shelf: int, samples: int | None) -> bool:
    """Look up the beginning and the end of pages spread over the shelf."""
    first = shelf << schema.SHELF_BITS
    rows = run(
        session,
        f"SELECT row FROM {name}_page WHERE row >= ? AND row < ?",  # noqa: S608 - our own name
        first,
        first + schema.SHELF,
    )
    step = 1 if samples is None else max((len(rows) - 1) // (samples - 1), 1)
    for (row,) in rows[::step]:
        stored = run(session, f"SELECT source FROM {name}_text WHERE row = ?", row)  # noqa: S608 - our own name
        if not stored:
            return False
        text = tokens.text_of(str(stored[0][0]))
        for probe in {text[:_PROBE], text[-_PROBE:]}:
            if probe and not _finds(session, name, shelf, int(row) - first + 1, probe):
                return False
    return True


def _finds(session: Session, name: str, shelf: int, number: int, probe: str) -> bool:
    one = len(probe) == 1
    table = f"{name}_{'char' if one else 'gram'}_{shelf}"
    phrase = tokens.char_phrase("", probe) if one else tokens.gram_phrase("", probe)
    sql = f"SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid = ?"  # noqa: S608 - our own name
    return bool(run(session, sql, phrase, number))
