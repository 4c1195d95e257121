"""Reminders in time, escalation of what is missed, the daily mail, acknowledgement."""

import smtplib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from postloan_archive.access import branches, users
from postloan_archive.access.users import BadAddressError
from postloan_archive.worklist import jobs, reminding
from postloan_archive.worklist.models import Deadline, Reminder
from postloan_archive.worklist.reminding import ReminderNotFoundError
from tests.builders import a_loan
from tests.worklist.mail_server import MailServer

TODAY = date(2026, 11, 24)


@pytest.fixture
def deadline(new_uow, people):
    """A deadline of 0201 in ten days, reminding 15 and 7 days before; nobody looks after it."""
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        safe = TODAY + timedelta(days=10)
        row = Deadline(
            key="test:1",
            kind="other",
            loan_id=loan.id,
            branch_id=branches.id_of(uow, "0201"),
            subject=f"loan:{loan.loan_no}",
            title="补正材料",
            nominal=safe,
            legal=safe + timedelta(days=2),
            safe=safe,
            reminders=[(safe - timedelta(days=days)).isoformat() for days in (15, 7)],
            created_at=uow.clock.now(),
        )
        uow.session.add(row)
        uow.session.flush()
        return row.id


def told(new_uow) -> set[tuple[str, str]]:
    with new_uow() as uow:
        return {
            (row.kind, row.username)
            for row in uow.session.scalars(select(Reminder).order_by(Reminder.id))
        }


def remind(new_uow, day=TODAY) -> int:
    with new_uow() as uow:
        return reminding.remind(uow, day)


def test_a_missed_night_is_made_up_for_once(new_uow, deadline):
    del deadline
    assert remind(new_uow) == 1  # the reminder of five days ago
    assert remind(new_uow) == 0
    assert remind(new_uow, TODAY + timedelta(days=2)) == 0
    assert remind(new_uow, TODAY + timedelta(days=3)) == 1  # seven days before
    assert told(new_uow) == {("reminder", "legal")}


def test_who_looks_after_it_is_told_and_nobody_else(new_uow, deadline):
    with new_uow() as uow:
        uow.session.get(Deadline, deadline).owner = "account_manager"
    remind(new_uow)
    assert told(new_uow) == {("reminder", "account_manager")}


def test_what_is_missed_goes_to_the_manager(new_uow, deadline):
    del deadline
    remind(new_uow, TODAY + timedelta(days=10))
    assert told(new_uow) == {("last_day", "legal")}
    remind(new_uow, TODAY + timedelta(days=11))
    assert ("escalation", "branch_manager") in told(new_uow)


def test_a_day_of_escalation_comes_before_the_safe_day(new_uow, deadline):
    with new_uow() as uow:
        uow.session.get(Deadline, deadline).escalate_on = TODAY
    remind(new_uow)
    assert told(new_uow) == {("reminder", "legal"), ("escalation", "branch_manager")}


def test_what_is_done_reminds_nobody(new_uow, deadline):
    with new_uow() as uow:
        uow.session.get(Deadline, deadline).state = "done"
    assert remind(new_uow) == 0


def test_a_reminder_is_acknowledged_by_its_person(new_uow, deadline, browser):
    del deadline
    remind(new_uow)
    legal = browser("legal")
    page = legal.get("/reminders").get_data(as_text=True)
    assert "补正材料" in page
    number = page.split('name="reminder" value="')[1].split('"')[0]
    other = browser("branch_manager").post("/reminders/seen", {"reminder": number})
    assert other.status_code == 404
    legal.post("/reminders/seen", {"reminder": number})
    assert "已确认" in legal.get("/reminders").get_data(as_text=True)
    with new_uow() as uow, pytest.raises(ReminderNotFoundError):
        reminding.see(uow, [999_999])


def test_one_mail_a_person_and_none_twice(new_uow, deadline, people, system):
    del deadline
    with new_uow() as uow:
        users.set_email(uow, people["legal"], "legal@bank.example.com")
    remind(new_uow)
    with MailServer() as server:
        mailing = replace(
            system.settings,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_from="archive@bank.example.com",
        )
        assert reminding.mail_digests(system, mailing) == 1
        assert reminding.mail_digests(system, mailing) == 0
        (mail,) = server.mails
    assert mail["To"] == "legal@bank.example.com"
    assert mail["Subject"] == "贷后期限提醒：1 项"
    text = mail.get_content()
    assert "2026-12-04（剩 10 天）" in text
    assert "张三" not in text  # no name leaves


def test_a_refusing_server_leaves_the_mail_for_the_next_run(new_uow, deadline, people, system):
    del deadline
    with new_uow() as uow:
        users.set_email(uow, people["legal"], "legal@bank.example.com")
    remind(new_uow)
    with MailServer(refuses=True) as server:
        mailing = replace(
            system.settings,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_from="a@b.example.com",
        )
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            reminding.mail_digests(system, mailing)
    with new_uow() as uow:
        unsent = select(func.count()).select_from(Reminder).where(Reminder.mailed_at.is_(None))
        assert uow.session.scalar(unsent) == 1


def test_without_a_server_nothing_is_sent(system, new_uow, deadline):
    del deadline
    remind(new_uow)
    assert reminding.mail_digests(system, system.settings) == 0


def test_an_address_must_be_one(new_uow, people, browser):
    with new_uow() as uow, pytest.raises(BadAddressError):
        users.set_email(uow, people["legal"], "nobody")
    legal = browser("legal")
    legal.post("/account/email", {"email": "legal@bank.example.com"})
    assert "legal@bank.example.com" in legal.get("/account").get_data(as_text=True)
    legal.post("/account/email", {"email": ""})
    with new_uow() as uow:
        assert users.by_name(uow, "legal").email == ""


def test_the_nightly_jobs_are_known(system, new_uow, deadline):
    found = jobs.handlers(system)
    found[jobs.REMIND](None)
    found[jobs.MAIL](None)
    with new_uow() as uow:
        uow.session.execute(
            update(Deadline).where(Deadline.id == deadline).values(state="done")
        )
    assert told(new_uow) == {("reminder", "legal")}
