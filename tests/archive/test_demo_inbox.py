"""The mails of the demonstration wait in the inbox, each with as good a clue as it gives."""

from postloan_archive.archive import inbox_list, reading_jobs
from postloan_archive.demo.load import load_ledger
from postloan_archive.demo.post import MAILS, ONE, OTHER, fill_the_inbox
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor


def test_a_sure_clue_a_name_and_none(system, new_uow):
    cli = Actor.program("cli")
    load_ledger(system, cli)
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)
    assert fill_the_inbox(system, cli, runner) == len(MAILS)
    with new_uow() as uow:
        rows = inbox_list.open_files(uow)
        offers = [inbox_list.offers(uow, row.id) for row in rows]
    assert [row.item_code for row in rows] == ["GL05", "ZH00", "ZH00"]
    assert [one[0].loan.loan_no if one else "" for one in offers] == [
        ONE.loan_no,
        OTHER.loan_no,
        "",
    ]
    assert [one[0].score for one in offers if one] == ["把握大", "仅姓名"]
