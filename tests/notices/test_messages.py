"""The text of a letter by SMS or e-mail: to whom, when, once, and how much it proves."""

import json
from datetime import UTC, datetime

import pytest

from postloan_archive.collection.models import Stop
from postloan_archive.collection.rules import StopReason
from postloan_archive.collection.service.pauses import set_stop
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans.models import Customer
from postloan_archive.notices import delivery, messages, queries
from postloan_archive.notices.delivery import Dispatch, RecordOutcome
from postloan_archive.notices.messages import SendMessage
from postloan_archive.notices.models import LetterMessage
from postloan_archive.notices.outbox import FileOutbox, Outgoing
from postloan_archive.notices.rules.delivery import Channel, Outcome
from tests.notices.conftest import LOAN, TODAY

PHONE = "12000000031"


def send(uow, notice_id, **more):
    values = {"channel": Channel.SMS, "recipient": "120-0000 0031"}
    return messages.send_message(uow, SendMessage(notice_id=notice_id, **(values | more)))


def test_a_message_leaves_through_the_folder_once(new_uow, issued, runner, system):
    (notice_id,) = issued()
    with new_uow() as uow:
        send(uow, notice_id, basis="合同第九条")
    runner.run_until_empty()

    (file,) = (system.settings.data / "outbox").iterdir()
    said = json.loads(file.read_text(encoding="utf-8"))
    assert (said["recipient"], said["letter"]) == (PHONE, "〔2026〕催字第0001号")
    assert "截至2026年11月24日应付" in said["text"]
    assert "借款人1" in said["text"]
    with new_uow() as uow:
        message = uow.session.get(LetterMessage, 1)
        assert (message.state, message.reference) == ("sent", file.name)
        uow.enqueue(messages.SEND, 1)
    runner.run_until_empty()
    assert len(list((system.settings.data / "outbox").iterdir())) == 1


def test_the_same_message_twice_is_one_file(tmp_path):
    outbox = FileOutbox(tmp_path)
    one = Outgoing(number=7, channel="sms", recipient="1", subject="", text="字", letter="")
    assert outbox.put(one) == outbox.put(one)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("basis", "outcome", "level"),
    [
        ("合同第九条", Outcome.ARRIVED, "B"),
        ("", Outcome.ARRIVED, "C"),
        ("合同第九条", Outcome.RETURNED, "C"),
        ("", Outcome.RETURNED, "D"),
    ],
)
def test_a_message_proves_by_agreement_and_report(new_uow, issued, basis, outcome, level):
    (notice_id,) = issued()
    with new_uow() as uow:
        send(uow, notice_id, basis=basis)
    with new_uow() as uow:
        assert queries.get_notice(uow, notice_id).dispatch_channel == "sms"
        cmd = RecordOutcome(notice_id=notice_id, outcome=outcome, on=TODAY)
        assert delivery.record_outcome(uow, cmd).level == level


def test_a_letter_sent_by_post_keeps_its_way(new_uow, issued):
    (notice_id,) = issued()
    with new_uow() as uow:
        cmd = Dispatch(notice_ids=(notice_id,), channel=Channel.EMS, on=TODAY)
        delivery.dispatch(uow, cmd)
        send(uow, notice_id)
        assert queries.get_notice(uow, notice_id).dispatch_channel == "ems"


@pytest.mark.parametrize("recipient", ["0755-12345", "张三", "1", "a@b", "x@y.cn"])
def test_what_is_no_number_is_refused(new_uow, issued, recipient):
    (notice_id,) = issued()
    with pytest.raises(messages.NoRecipientError), new_uow() as uow:
        send(uow, notice_id, recipient=recipient)


def test_a_stopped_debtor_gets_no_message_even_from_the_queue(new_uow, issued, runner, system):
    (notice_id,) = issued()
    with new_uow() as uow:
        send(uow, notice_id)
    with new_uow() as uow:
        set_stop(uow, LOAN, StopReason.COMPLAINT, "")
        with pytest.raises(messages.StoppedMessageError):
            send(uow, notice_id)
    runner.run_until_empty()
    assert not (system.settings.data / "outbox").exists()
    with new_uow() as uow:
        message = uow.session.get(LetterMessage, 1)
        assert message.state == "refused"
        assert uow.session.query(Stop).count() == 1


def test_no_message_goes_out_at_night(new_uow, issued, monkeypatch):
    (notice_id,) = issued()
    night = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 23:00 in China
    monkeypatch.setattr(FrozenClock, "now", lambda _clock: night)
    with pytest.raises(messages.WrongHourError), new_uow() as uow:
        send(uow, notice_id)


@pytest.mark.usefixtures("people")
def test_a_run_is_sent_and_says_who_has_no_number(browser, new_uow, issued):
    (notice_id,) = issued()
    desk = browser("legal")
    answer = desk.post("/notices/runs/1/messages", {"channel": "sms", "basis": ""})
    page = desk.get(answer.headers["Location"]).get_data(as_text=True)
    assert "未发送 1 条" in page
    with new_uow() as uow:
        notice = queries.get_notice(uow, notice_id)
        uow.session.get(Customer, notice.addressee_id).phone = PHONE
    answer = desk.post("/notices/runs/1/messages", {"channel": "sms", "basis": "合同第九条"})
    assert "已交发件箱 1 条" in desk.get(answer.headers["Location"]).get_data(as_text=True)
    again = desk.post("/notices/runs/1/messages", {"channel": "sms", "basis": ""})
    assert "已交发件箱 0 条" in desk.get(again.headers["Location"]).get_data(as_text=True)
    letter = desk.get(f"/notices/letters/{notice_id}").get_data(as_text=True)
    assert "120****0031" in letter
    bad = desk.post(
        f"/notices/letters/{notice_id}/message", {"channel": "email", "recipient": "不是邮箱"}
    )
    assert bad.status_code == 422
    assert "不能发送" in bad.get_data(as_text=True)
