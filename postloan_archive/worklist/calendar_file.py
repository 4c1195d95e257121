"""Deadlines as a calendar file (iCalendar): one event each, with its reminders."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from postloan_archive.kernel.clock import CHINA
from postloan_archive.worklist.queries import DeadlineRow
from postloan_archive.worklist.rules.computed import State

MEDIA_TYPE: Final = "text/calendar"
DOMAIN: Final = "postloan-archive"
HEARING: Final = timedelta(hours=2)  # how long a hearing is shown
REMIND_AT: Final = time(9, 0, tzinfo=CHINA)
USUAL_DAYS: Final = (7, 3, 1)  # reminders before the safe day where the rule sets none


def calendar_file(
    rows: Iterable[DeadlineRow], *, name: str, now: datetime, base: str = ""
) -> bytes:
    """Return the deadlines as an iCalendar file.

    A calendar that takes the file again replaces the same events: the key of the deadline is
    their identity. Struck ones are cancelled, done ones carry no reminder.

    Args:
        rows: what to show; the day of the event is the safe day.
        name: what the calendar is called.
        now: the moment of the export.
        base: address of the installation, for the links; empty: no links.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//postloan archive//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    for row in rows:
        calendar.add_component(_event(row, now, base))
    return bytes(calendar.to_ical())


def _event(row: DeadlineRow, now: datetime, base: str) -> Event:
    event = Event()
    event.add("uid", f"{row.key}@{DOMAIN}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", row.version)
    event.add("last-modified", (row.updated_at or row.created_at).astimezone(UTC))
    event.add("summary", f"【{row.kind_label}】{row.title} · {row.debtor}")
    if row.at is not None:
        start = row.at.astimezone(UTC)
        event.add("dtstart", start)
        event.add("dtend", start + HEARING)
    else:
        event.add("dtstart", row.safe)
        event.add("dtend", row.safe + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("categories", [row.kind_label])
    event.add("description", _description(row))
    event.add("status", "CANCELLED" if row.state == State.STRUCK else "CONFIRMED")
    if base:
        event.add("url", f"{base}/deadlines/{row.id}")
    if row.state == State.OPEN:
        for day in _reminders(row):
            event.add_component(_alarm(row, day))
    return event


def _description(row: DeadlineRow) -> str:
    lines = [
        f"借据 {row.loan_no}　{row.debtor}　{row.branch}",
        f"安全日 {row.safe.isoformat()}；名义届满 {row.nominal.isoformat()}；"
        f"法定届满 {row.legal.isoformat()}" + ("（暂定）" if row.provisional else ""),
        f"起算 {row.trigger_on.isoformat() if row.trigger_on else '—'} {row.trigger}",
        *row.steps,
        "依据：" + "、".join(str(one) for one in row.basis) if row.basis else "",
        f"承办 {row.owner_name}" if row.owner else "",
    ]
    if row.done_on is not None:
        lines.append(f"已于 {row.done_on.isoformat()} 办结。")
    if row.differs and row.computed_legal is not None:
        lines.append(f"法院文书日期与推算日期 {row.computed_legal.isoformat()} 不一致。")
    return "\n".join(line for line in lines if line)


def _reminders(row: DeadlineRow) -> list[date]:
    if row.reminders:
        return [date.fromisoformat(day) for day in row.reminders]
    return [row.safe - timedelta(days=days) for days in USUAL_DAYS]


def _alarm(row: DeadlineRow, day: date) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{row.kind_label}：{row.title}")
    alarm.add("trigger", datetime.combine(day, REMIND_AT).astimezone(UTC))
    return alarm
