"""The text of a letter by SMS or e-mail, beside the letter itself (R-H02: three channels)."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.collection import queries as collection
from postloan_archive.collection.rules import Purpose, contact_allowed
from postloan_archive.jobs import JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.models import Customer
from postloan_archive.notices import delivery, queries, run_letters
from postloan_archive.notices.delivery import Dispatch
from postloan_archive.notices.errors import NotIssuedError
from postloan_archive.notices.models import LetterMessage, Notice
from postloan_archive.notices.outbox import FileOutbox, Outgoing
from postloan_archive.notices.rules.delivery import Channel
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.run_letters import Group
from postloan_archive.uow import System, UnitOfWork

SEND: Final = "send_message"  # the kind of the job
CHANNELS: Final = (Channel.SMS, Channel.EMAIL)
TEXT: Final = _l(
    "【{issuer}】{addressee}：{title}{serial}已向您发出。{contract}项下借款（借据号{loan_no}）"
    "{amount}，请及时履行。详情以书面函件为准，联系：{contact}。"
)
AMOUNT: Final = _l("截至{as_of}应付{total}元")
COMING: Final = _l("应付{total}元")
_MOBILE: Final = re.compile(r"1\d{10}")
_MAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


class NoRecipientError(RuleError):
    """The number or address cannot be written to."""

    field = "recipient"

    def __init__(self, *, recipient: str) -> None:
        super().__init__(
            _l("“{recipient}”不是手机号码或电子邮箱，不能发送。"), recipient=recipient
        )


class StoppedMessageError(RuleError):
    """Collection from this person stops (R-L08)."""

    def __init__(self, *, reasons: str) -> None:
        super().__init__(_l("停催：{reasons}，不得发送催收信息。"), reasons=reasons)


class WrongHourError(RuleError):
    """Messages go out from 08:00 to 22:00 only (R-L01)."""

    next_step = _l("请在 08:00 至 22:00 之间发送。")

    def __init__(self) -> None:
        super().__init__(_l("22:00 至次日 08:00 不得发送催收信息。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """A message beside one letter.

    Attributes:
        recipient: empty: the number or address on file.
        basis: where the debtor agreed to it, such as a clause; without, it proves little.
    """

    notice_id: int
    channel: Channel
    recipient: str = ""
    basis: str = ""


def text_of(notice: Notice) -> str:
    """Return what the message says: who, which contract, how much, whom to call."""
    kept = notice.snapshot
    total = f"{notice.total or 0:,}"
    as_of = str(kept.get("as_of_date") or "")
    amount = AMOUNT.format(as_of=as_of, total=total) if as_of else COMING.format(total=total)
    return TEXT.format(
        issuer=kept.get("issuer", ""),
        addressee=kept.get("addressee", ""),
        title=f"《{NOTICES[notice.kind].title}》",
        serial=notice.serial_no or "",
        contract=kept.get("contract_no") or kept.get("main_contract_no") or "",
        loan_no=kept.get("loan_no", ""),
        amount=amount,
        contact=kept.get("contact", ""),
    )


def send_message(uow: UnitOfWork, cmd: SendMessage) -> LetterMessage:
    """Queue a message; a worker hands it to the outbox.

    Raises:
        NoticeNotFoundError: no such letter for this actor.
        NotIssuedError: it has no number yet.
        NoRecipientError: no number or address that can be written to.
        StoppedMessageError: collection from this person stops.
        WrongHourError: not between 08:00 and 22:00.
    """
    notice = queries.get_notice(uow, cmd.notice_id)
    if notice.state != "issued":
        raise NotIssuedError(addressee=str(notice.snapshot.get("addressee", "")))
    person = uow.session.get_one(Customer, notice.addressee_id)
    on_file = person.phone if cmd.channel is Channel.SMS else person.email
    recipient = re.sub(r"[\s-]", "", cmd.recipient or on_file)
    pattern = _MOBILE if cmd.channel is Channel.SMS else _MAIL
    if not pattern.fullmatch(recipient):
        raise NoRecipientError(recipient=recipient)
    _check_conduct(uow, person)
    message = LetterMessage(
        notice_id=notice.id,
        channel=cmd.channel.value,
        recipient=recipient,
        subject=f"{NOTICES[notice.kind].title}{notice.serial_no}",
        text=text_of(notice),
        basis=cmd.basis.strip(),
        queued_by=uow.actor.name,
        queued_at=uow.clock.now(),
    )
    uow.session.add(message)
    uow.session.flush()  # the job and the audit line need the id
    uow.enqueue(SEND, message.id)
    uow.record(
        "notices.message_queued",
        f"notice:{notice.id}",
        message=message.id,
        channel=message.channel,
        agreed=bool(message.basis),
    )
    if notice.dispatched_on is None:
        today = uow.clock.today()
        sent = Dispatch(notice_ids=(notice.id,), channel=cmd.channel, on=today)
        delivery.dispatch(uow, sent)
        notice.snapshot = notice.snapshot | {"message_agreed": bool(message.basis)}
    return message


def send_for_run(
    uow: UnitOfWork, run_id: int, channel: Channel, basis: str = ""
) -> tuple[int, list[str]]:
    """Queue a message for every issued letter of a run that has had none by this channel.

    Returns:
        How many were queued, and for the others who and why not.
    """
    run = queries.get_run(uow, run_id)
    had = set(
        uow.session.scalars(
            select(LetterMessage.notice_id)
            .join(Notice, Notice.id == LetterMessage.notice_id)
            .where(Notice.run_id == run_id, LetterMessage.channel == channel.value)
        )
    )
    queued, refused = 0, []
    for row in run_letters.rows(uow, run, Group.ISSUED):
        if row.id in had:
            continue
        try:
            send_message(uow, SendMessage(notice_id=row.id, channel=channel, basis=basis))
        except RuleError as error:
            refused.append(f"{row.addressee}（{error}）")
        else:
            queued += 1
    return queued, refused


def messages_of(uow: UnitOfWork, notice_id: int) -> list[LetterMessage]:
    """Return the messages beside a letter that the caller was allowed to see, newest first."""
    return list(
        uow.session.scalars(
            select(LetterMessage)
            .where(LetterMessage.notice_id == notice_id)
            .order_by(LetterMessage.id.desc())
        )
    )


def hand_over(system: System, context: JobContext) -> None:
    """Hand one message to the outbox; after a crash the same file is written again."""
    (message_id,) = context.args
    assert isinstance(message_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        message = uow.session.get_one(LetterMessage, message_id)
        if message.state != "queued":
            return
        notice = uow.session.get_one(Notice, message.notice_id)
        try:
            _check_conduct(uow, uow.session.get_one(Customer, notice.addressee_id))
        except RuleError as error:
            message.state, message.reason = "refused", str(error)
        else:
            outgoing = Outgoing(
                number=message.id,
                channel=message.channel,
                recipient=message.recipient,
                subject=message.subject,
                text=message.text,
                letter=notice.serial_no or "",
            )
            outbox = FileOutbox(system.settings.data / "outbox")
            message.reference = outbox.put(outgoing)
            message.state, message.sent_at = "sent", uow.clock.now()
        uow.record(
            "notices.message_handed_over",
            f"notice:{notice.id}",
            message=message.id,
            state=message.state,
            reference=message.reference,
        )


def _check_conduct(uow: UnitOfWork, person: Customer) -> None:
    stops = collection.stops_of(uow, person.id)
    if stops:
        raise StoppedMessageError(reasons="、".join(stop.reason for stop in stops))
    check = contact_allowed(
        at=uow.clock.now().astimezone(CHINA).time(),
        calls_already_today=0,
        target="debtor",
        agreed_other_time=person.kind != "person",
        purpose=Purpose.COLLECT,
    ).value
    if not check.allowed:
        raise WrongHourError
