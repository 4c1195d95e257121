"""A trail with checkpoints, and what a tamperer with full rights on the database does to it."""

import random
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from postloan_archive.audit import append, publish, sign_checkpoint, tree
from postloan_archive.audit.line import GENESIS, canonical_line, chain_hash
from postloan_archive.audit.models import TABLES, trigger_statements
from postloan_archive.db import Model, create_database_engine, new_session
from postloan_archive.kernel.actor import Actor

AT = datetime(2026, 3, 9, 1, tzinfo=UTC)
ZHANG = Actor(name="zhangsan", user_id=3, origin="web", address="10.0.0.8", request_id="r-1")
LI = Actor(name="李四", user_id=None, origin="cli")
COLUMNS = f"{tree.COLUMNS}, prev_hash, hash"


def new_engine(path):
    engine = create_database_engine(f"sqlite:///{path}")
    tables = [Model.metadata.tables[name] for name in TABLES]
    Model.metadata.create_all(engine, tables=tables)
    return engine


def write(engine, count, *, start=0):
    with new_session(engine) as session, session.begin():
        for number in range(start, start + count):
            append(
                session,
                at=AT + timedelta(seconds=number),
                actor=(ZHANG, LI)[number % 2],
                event=("archive.document_added", "loans.payment_booked")[number % 2],
                subject=f"document:{number}",
                facts={"金额": f"{number}.00", "标题": '借款"合同"\n\\', "n": number},
            )


def checkpoint(engine, signer, folder, *, minutes=0):
    with new_session(engine) as session, session.begin():
        made = sign_checkpoint(session, signer, at=AT + timedelta(minutes=minutes))
    with new_session(engine) as session:
        publish(session, folder)
    return made


@contextmanager
def as_engine(connection):
    """An engine on a copy of the database, which closes it."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    connection.commit()  # a backup waits for an open transaction
    connection.backup(copy)
    engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
    try:
        yield engine
    finally:
        engine.dispose()


class Tamperer:
    """Works on a copy of the database without triggers; puts them back afterwards."""

    def __init__(self, source: sqlite3.Connection, seed: int) -> None:
        self.db = sqlite3.connect(":memory:", check_same_thread=False)
        source.backup(self.db)
        self.chance = random.Random(seed)
        self._triggers("DROP")

    def _triggers(self, action):
        if action == "DROP":
            names = self.db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                self.db.execute(f"DROP TRIGGER {name}")
            return
        for table in TABLES:
            for statement in trigger_statements("sqlite", table):
                self.db.execute(statement)

    def hide(self):
        """Leave no trace but the lines themselves."""
        highest = self.db.execute("SELECT coalesce(max(seq), 0) FROM audit_lines").fetchone()
        self.db.execute(
            "UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit_lines'", highest
        )
        self._triggers("CREATE")
        self.db.commit()

    def rows(self):
        query = f"SELECT {COLUMNS} FROM audit_lines ORDER BY seq"  # noqa: S608 - constants
        return [list(row) for row in self.db.execute(query)]

    def any_seq(self):
        (count,) = self.db.execute("SELECT count(*) FROM audit_lines").fetchone()
        return self.chance.randint(1, count)

    def replace_all(self, rows, *, renumber=True, rehash_from=None):
        """Put these rows in the place of all; redo the chain from a row on if asked."""
        previous = GENESIS
        self.db.execute("DELETE FROM audit_lines")
        for index, row in enumerate(rows):
            if renumber:
                row[0] = index + 1
            if rehash_from is not None and index >= rehash_from:
                row[10] = previous.hex()
                row[11] = chain_hash(previous, canonical_line(*row[:10]).encode()).hex()
            previous = bytes.fromhex(row[11])
            marks = ",".join("?" * len(row))
            self.db.execute(f"INSERT INTO audit_lines ({COLUMNS}) VALUES ({marks})", row)  # noqa: S608 - constants


def _changed(tamperer, row):
    """Change one field of a row."""
    column = tamperer.chance.choice((1, 2, 3, 4, 5, 6, 7, 8, 9))
    if column == 1:
        row[1] = "2025-01-01T00:00:00.000000Z"
    elif column == 3:
        row[3] = 999
    elif column == 6:
        row[6] = row[6].replace("00", "01", 1).replace("标题", "标提", 1)
    else:
        row[column] += "x"


def edit_a_field(tamperer):
    rows = tamperer.rows()
    _changed(tamperer, rows[tamperer.any_seq() - 1])
    tamperer.replace_all(rows)


def edit_and_redo_own_hash(tamperer):
    rows, index = tamperer.rows(), tamperer.any_seq() - 1
    row = rows[index]
    _changed(tamperer, row)
    row[11] = chain_hash(bytes.fromhex(row[10]), canonical_line(*row[:10]).encode()).hex()
    tamperer.replace_all(rows)


def redo_the_whole_chain(tamperer):
    rows, index = tamperer.rows(), tamperer.any_seq() - 1
    _changed(tamperer, rows[index])
    tamperer.replace_all(rows, rehash_from=index)


def delete_the_first(tamperer):
    rows = tamperer.rows()[tamperer.chance.randint(1, 5) :]
    tamperer.replace_all(rows, renumber=tamperer.chance.random() < 0.5, rehash_from=0)


def delete_in_the_middle(tamperer):
    rows = tamperer.rows()
    del rows[tamperer.chance.randint(1, len(rows) - 2)]
    redo = tamperer.chance.choice((None, 0))
    tamperer.replace_all(rows, renumber=redo is not None, rehash_from=redo)


def delete_the_last(tamperer):
    tamperer.replace_all(tamperer.rows()[: -tamperer.chance.randint(1, 20)])


def reorder(tamperer):
    rows = tamperer.rows()
    one, two = tamperer.chance.sample(range(len(rows)), 2)
    rows[one], rows[two] = rows[two], rows[one]
    tamperer.replace_all(rows, rehash_from=tamperer.chance.choice((None, 0)))


def insert(tamperer):
    rows, index = tamperer.rows(), tamperer.any_seq() - 1
    forged = [*rows[index]]
    _changed(tamperer, forged)
    rows.insert(index, forged)
    tamperer.replace_all(rows, rehash_from=tamperer.chance.choice((None, index)))


def double(tamperer):
    rows, index = tamperer.rows(), tamperer.any_seq() - 1
    rows.insert(index, [*rows[index]])
    tamperer.replace_all(rows, rehash_from=tamperer.chance.choice((None, index)))


def change_time_or_user(tamperer):
    rows, index = tamperer.rows(), tamperer.any_seq() - 1
    if tamperer.chance.random() < 0.5:
        rows[index][1] = rows[index][1].replace("2026-03-09", "2026-03-08")
    else:
        rows[index][2], rows[index][3] = "wangwu", 5
    tamperer.replace_all(rows, rehash_from=tamperer.chance.choice((None, index)))


def put_back_yesterdays_copy(tamperer):
    """Lines and checkpoints as they were before the last checkpoint."""
    sizes = tamperer.db.execute(
        "SELECT tree_size FROM audit_checkpoints ORDER BY id"
    ).fetchall()
    before, last = sizes[-2][0], sizes[-1][0]
    keep = tamperer.chance.randint(before, last - 1)
    tamperer.replace_all(tamperer.rows()[:keep])
    tamperer.db.execute("DELETE FROM audit_checkpoints WHERE tree_size > ?", (keep,))


def change_table_and_checkpoints(tamperer):
    """The chain is redone, and the checkpoints in the table are made to fit, unsigned."""
    redo_the_whole_chain(tamperer)
    tamperer.db.execute("DELETE FROM audit_blocks")
    tamperer.db.execute("UPDATE audit_checkpoints SET root = ?", ("ab" * 32,))


def switch_off_and_on(tamperer):
    """Lines of the time between are dropped as if nobody had written them."""
    rows, chance = tamperer.rows(), tamperer.chance
    start = chance.randint(1, len(rows) - 10)
    del rows[start : start + chance.randint(1, 9)]
    tamperer.replace_all(rows, rehash_from=start)


TAMPERINGS = (
    edit_a_field,
    edit_and_redo_own_hash,
    redo_the_whole_chain,
    delete_the_first,
    delete_in_the_middle,
    delete_the_last,
    reorder,
    insert,
    double,
    change_time_or_user,
    put_back_yesterdays_copy,
    change_table_and_checkpoints,
    switch_off_and_on,
)
