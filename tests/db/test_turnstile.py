"""Whoever waits to write gets in before the one who has just written."""

import threading

from sqlalchemy import text

from postloan_archive.db import create_database_engine

TIMES = 40  # transactions that come back at once


def test_a_page_gets_in_between_two_transactions_of_a_worker(tmp_path):
    engine = create_database_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (who TEXT)"))
    begun, over = threading.Event(), threading.Event()

    def worker() -> None:
        for _ in range(TIMES):
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO t VALUES ('worker')"))
                begun.set()
                over.wait(0.02)  # the time that the transaction takes

    thread = threading.Thread(target=worker)
    thread.start()
    begun.wait(5)
    for _ in range(3):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO t VALUES ('page')"))
    with engine.connect().execution_options(read_only=True) as connection:
        before = connection.execute(
            text("SELECT count(*) FROM t WHERE who = 'worker'")
        ).scalar()
    over.set()
    thread.join()
    engine.dispose()
    assert before < TIMES // 2, (
        before
    )  # without the queue the page waits until the worker is done
