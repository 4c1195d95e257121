"""访问异常: looking at night, very many views, many exports, refused attempts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from sqlalchemy import or_, select

from postloan_archive.audit import AuditRow
from postloan_archive.kernel.clock import CHINA, day_span
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork

LONGEST: Final = 366  # days of one look
NIGHT: Final = (22, 6)  # from ten in the evening to six in the morning, in China
KINDS: Final[Mapping[str, str]] = {
    "night": _l("夜间访问"),
    "mass": _l("大量查看"),
    "exports": _l("大量导出"),
    "refused": _l("多次被拒"),
}
AT_NIGHT: Final = 5  # views or exports of one night
VIEWS: Final = 100  # of one day, and more than five times the person's own median
TIMES: Final = 5
EXPORTS: Final = 10  # of one day
REFUSALS: Final = 5  # of one day


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One person on one day."""

    kind: str
    actor: str
    day: date
    count: int
    usual: int  # the person's own median of that kind on the other days of the period


def oddities(uow: UnitOfWork, since: date, until: date) -> list[Oddity]:
    """Return what is odd from `since` to `until`, both included, the newest first.

    A night belongs to the day on which it began. Only persons at pages and programs with keys
    count, not the work of the system itself.
    """
    start, end = day_span(since)[0], day_span(until + timedelta(days=1))[0]
    days: dict[str, Counter[tuple[str, date]]] = {kind: Counter() for kind in KINDS}
    seen = or_(
        AuditRow.event.like("%\\_viewed", escape="\\"),
        AuditRow.event.like("%\\_exported", escape="\\"),
        AuditRow.event.like("%\\_printed", escape="\\"),
        AuditRow.event == "access.refused",
    )
    for actor, event, at in uow.session.execute(
        select(AuditRow.actor, AuditRow.event, AuditRow.at)
        .where(
            AuditRow.at >= start, AuditRow.at < end, AuditRow.origin.in_(("web", "api")), seen
        )
        .order_by(AuditRow.seq)
    ):
        local = at.astimezone(CHINA)
        day = local.date()
        if event == "access.refused":
            days["refused"][actor, day] += 1
            continue
        days["exports" if event.endswith("_exported") else "mass"][actor, day] += 1
        if local.hour >= NIGHT[0]:
            days["night"][actor, day] += 1
        elif local.hour < NIGHT[1]:
            days["night"][actor, day - timedelta(days=1)] += 1
    found = [
        Oddity(kind=kind, actor=actor, day=day, count=count, usual=usual)
        for kind, counted in days.items()
        for (actor, day), count in counted.items()
        if _odd(kind, count, usual := _usual(counted, actor, day))
    ]
    return sorted(found, key=lambda one: (-one.day.toordinal(), -one.count, one.actor))


def _odd(kind: str, count: int, usual: int) -> bool:
    match kind:
        case "night":
            return count >= AT_NIGHT
        case "mass":
            return count >= VIEWS and count > TIMES * usual
        case "exports":
            return count >= EXPORTS
        case _:
            return count >= REFUSALS


def _usual(counted: Counter[tuple[str, date]], actor: str, but: date) -> int:
    """Return the person's median of the other days; 0 where there is none."""
    others = [count for (name, day), count in counted.items() if name == actor and day != but]
    return int(median(others)) if others else 0
