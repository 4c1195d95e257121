"""Reminders: in time to whoever looks after a deadline, to the manager where it is missed."""

import smtplib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import Any, Final

from sqlalchemy import ScalarSelect, func, insert, select
from sqlalchemy.orm import aliased

from postloan_archive.access.models import Branch, RoleAssignment, User
from postloan_archive.access.roles import Role
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.loans.headings import headings_by_id
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.worklist.models import Deadline, Reminder
from postloan_archive.worklist.rules.kinds import LABELS, Kind

MANAGERS: Final = (Role.BRANCH_MANAGER,)
LEGAL: Final = (Role.LEGAL,)
WORDS: Final = {
    "reminder": _l("提醒"),
    "last_day": _l("已到安全日"),
    "escalation": _l("上报"),
}
TIMEOUT_S: Final = 30
AT_ONCE: Final = 500  # reminders of one transaction
JOB: Final = Actor.program("job")


class ReminderNotFoundError(NotFoundError):
    """The person has no such reminder."""

    def __init__(self, *, reminder_id: int) -> None:
        super().__init__(_l("没有编号为 {reminder_id} 的提醒。"), reminder_id=reminder_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRow:
    """One reminder as the person reads it; `left` in days to the safe day."""

    id: int
    kind: str
    day: date
    deadline_id: int
    title: str
    customer: str
    loan_no: str
    safe: date
    legal: date
    left: int
    seen: bool


def remind(uow: UnitOfWork, day: date) -> int:
    """Write the reminders of a day; running it again adds nothing.

    Of the days on which a deadline reminds, the latest that has come counts, so a night that
    was missed is made up for once. On the safe day it reminds once more. From the day of
    escalation on, and past the safe day, the managers of the branch are told.

    Returns:
        How many are new.
    """
    new = 0
    for part in parts_of(due_reminders(uow, day)):
        new += write_reminders(uow, part)
    if new:
        note_reminded(uow, day, new)
    return new


def due_reminders(uow: UnitOfWork, day: date) -> list[dict[str, Any]]:
    """Return the reminders of a day that are not there yet, as rows; changes nothing."""
    known = set(uow.session.scalars(select(Reminder.key).order_by(Reminder.id)))
    open_ones = uow.session.scalars(
        select(Deadline).where(Deadline.state == "open").order_by(Deadline.id)
    ).all()
    staff = _Staff(uow)
    rows: list[dict[str, Any]] = []
    for deadline in open_ones:
        for kind, on in _calls(deadline, day):
            for name in staff.whom(deadline, kind):
                key = f"{deadline.id}:{kind}:{on.isoformat()}:{name}"
                if key in known:
                    continue
                known.add(key)
                rows.append(
                    {
                        "key": key,
                        "deadline_id": deadline.id,
                        "username": name,
                        "kind": kind,
                        "day": on,
                        "made_at": uow.clock.now(),
                    }
                )
    return rows


def parts_of(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Yield rows as one short transaction takes them."""
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE]


def write_reminders(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> int:
    """Write a few reminders, those left out that somebody wrote meanwhile; return how many."""
    keys = [row["key"] for row in rows]
    known = set(uow.session.scalars(select(Reminder.key).where(Reminder.key.in_(keys))))
    new = [row for row in rows if row["key"] not in known]
    if new:
        uow.session.execute(insert(Reminder), new)
    return len(new)


def note_reminded(uow: UnitOfWork, day: date, new: int) -> None:
    """Leave the audit line of a night."""
    uow.record("worklist.reminded", f"day:{day.isoformat()}", reminders=new)


def reminders_of(uow: UnitOfWork) -> list[ReminderRow]:
    """Return the reminders of the person, unseen ones first, the nearest at the head."""
    query = (
        select(Reminder, Deadline)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .where(Reminder.username == uow.actor.name)
        .order_by(Reminder.seen_at.is_not(None), Deadline.safe, Reminder.id)
        .limit(500)
    )
    found = [
        (reminder, deadline)
        for reminder, deadline in uow.session.execute(query)
        if uow.actor.sees_branch(deadline.branch_id)
    ]
    return list(_rows(uow, found))


def unseen_count(uow: UnitOfWork) -> ScalarSelect[int]:
    """Return how many reminders of open deadlines are not seen, as part of a larger query."""
    query = (
        select(func.count())
        .select_from(Reminder)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .where(
            Reminder.username == uow.actor.name,
            Reminder.seen_at.is_(None),
            Deadline.state == "open",
        )
    )
    if uow.actor.branch_ids is not None:
        query = query.where(Deadline.branch_id.in_(sorted(uow.actor.branch_ids)))
    return query.scalar_subquery()


def see(uow: UnitOfWork, reminder_ids: Iterable[int]) -> int:
    """Acknowledge reminders of one's own.

    Raises:
        ReminderNotFoundError: one of them is not the person's.
    """
    count = 0
    for reminder_id in reminder_ids:
        row = uow.session.get(Reminder, reminder_id)
        if row is None or row.username != uow.actor.name:
            raise ReminderNotFoundError(reminder_id=reminder_id)
        if row.seen_at is None:
            row.seen_at = uow.clock.now()
            count += 1
            uow.record("worklist.reminder_seen", f"deadline:{row.deadline_id}", kind=row.kind)
    return count


def mail_digests(system: System, settings: Settings) -> int:
    """Send everybody with an address one mail about what was not mailed yet.

    A reminder counts as mailed once the server has taken the mail; a failure leaves it for
    the next run.

    Returns:
        How many mails were sent.

    Raises:
        OSError: the mail server cannot be reached or refuses.
    """
    if not settings.smtp_host:
        return 0
    with system.look(JOB) as uow:
        waiting = _waiting(uow)
    sent = 0
    for username, address, ids in waiting:
        with system.look(JOB) as uow:
            message = _digest(uow, address, ids, settings)
        _send(message, settings)
        sent += 1
        with system.unit_of_work(JOB) as uow:
            now = uow.clock.now()
            for row in uow.session.scalars(
                select(Reminder).where(Reminder.id.in_(ids)).order_by(Reminder.id)
            ):
                row.mailed_at = now
            uow.record("worklist.digest_mailed", f"user:{username}", reminders=len(ids))
    return sent


class _Staff:
    """Who is told of a deadline; one query a branch."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.known: dict[tuple[int, tuple[Role, ...]], tuple[str, ...]] = {}

    def whom(self, deadline: Deadline, kind: str) -> tuple[str, ...]:
        if kind == "escalation":
            return self._with_role(deadline.branch_id, MANAGERS)
        if deadline.owner:
            return (deadline.owner,)
        return self._with_role(deadline.branch_id, LEGAL)

    def _with_role(self, branch_id: int, roles: tuple[Role, ...]) -> tuple[str, ...]:
        if (branch_id, roles) not in self.known:
            held, target = aliased(Branch), aliased(Branch)
            query = (
                select(User.username)
                .join(RoleAssignment, RoleAssignment.user_id == User.id)
                .join(held, held.id == RoleAssignment.branch_id)
                .join(target, target.path.startswith(held.path))
                .where(
                    target.id == branch_id,
                    RoleAssignment.state == "active",
                    RoleAssignment.role.in_([str(role) for role in roles]),
                    User.disabled_at.is_(None),
                )
                .distinct()
                .order_by(User.username)
            )
            self.known[branch_id, roles] = tuple(self.uow.session.scalars(query))
        return self.known[branch_id, roles]


def _calls(deadline: Deadline, day: date) -> Iterator[tuple[str, date]]:
    """Yield kind and day of what a deadline calls for on the day."""
    if deadline.safe > day:
        come = [date.fromisoformat(str(one)) for one in deadline.reminders]
        come = [one for one in come if one <= day]
        if come:
            yield "reminder", max(come)
    else:
        yield "last_day", deadline.safe
    if deadline.escalate_on is not None and deadline.escalate_on <= day:
        yield "escalation", deadline.escalate_on
    elif deadline.safe < day:
        yield "escalation", deadline.safe


def _rows(uow: UnitOfWork, found: list[tuple[Reminder, Deadline]]) -> Iterator[ReminderRow]:
    heads = headings_by_id(uow, {deadline.loan_id for _, deadline in found})
    today = uow.clock.today()
    for reminder, deadline in found:
        head = heads.get(deadline.loan_id)
        if head is None:
            continue
        yield ReminderRow(
            id=reminder.id,
            kind=reminder.kind,
            day=reminder.day,
            deadline_id=deadline.id,
            title=deadline.title,
            customer=head.customer,
            loan_no=head.loan_no,
            safe=deadline.safe,
            legal=deadline.legal,
            left=(deadline.safe - today).days,
            seen=reminder.seen_at is not None,
        )


def _waiting(uow: UnitOfWork) -> list[tuple[str, str, list[int]]]:
    query = (
        select(User.username, User.email, Reminder.id)
        .join(Reminder, Reminder.username == User.username)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .where(
            Reminder.mailed_at.is_(None),
            Reminder.seen_at.is_(None),
            Deadline.state == "open",
            User.email != "",
            User.disabled_at.is_(None),
        )
        .order_by(User.username, Deadline.safe, Reminder.id)
    )
    grouped: dict[tuple[str, str], list[int]] = {}
    for username, address, reminder_id in uow.session.execute(query):
        grouped.setdefault((username, address), []).append(reminder_id)
    return [(username, address, ids) for (username, address), ids in grouped.items()]


def _digest(uow: UnitOfWork, address: str, ids: list[int], settings: Settings) -> EmailMessage:
    """Write the mail: kind, matter and day; no name and no number of a customer leaves."""
    query = (
        select(Reminder, Deadline)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .where(Reminder.id.in_(ids))
        .order_by(Deadline.safe, Reminder.id)
    )
    lines = []
    for reminder, deadline in uow.session.execute(query):
        left = (deadline.safe - uow.clock.today()).days
        when = f"剩 {left} 天" if left > 0 else "今天" if left == 0 else f"已过 {-left} 天"
        lines.append(f"【{WORDS[reminder.kind]}】{deadline.safe}（{when}）{_matter(deadline)}")
    message = EmailMessage()
    message["From"] = settings.smtp_from
    message["To"] = address
    message["Subject"] = f"贷后期限提醒：{len(lines)} 项"
    message.set_content(
        "您有以下期限：\n\n"
        + "\n".join(lines)
        + "\n\n请登录贷后档案办理。本邮件由系统发送，请勿回复。\n"
    )
    return message


def _matter(deadline: Deadline) -> str:
    """Return the kind of the deadline and its number here, without personal data."""
    return f"{LABELS[Kind(deadline.kind)]}，期限第 {deadline.id} 号"


def _send(message: EmailMessage, settings: Settings) -> None:
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)
