"""The numbers of the worklist in the top bar and the rail."""

from sqlalchemy import select

from postloan_archive.access.permissions import Permission
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries, reminding
from postloan_archive.worklist.filtering import MINE, MUST, DeadlineFilter
from postloan_archive.worklist.rules.kinds import Kind


def numbers(uow: UnitOfWork) -> dict[str, int]:
    """Return what is over or near: of the person's deadlines, and of renewals; one query."""
    wanted = {}
    if uow.actor.may(Permission.DEADLINE_VIEW):
        wanted["deadlines"] = DeadlineFilter(scope=MINE, span=MUST)
    if uow.actor.may(Permission.PRESERVATION_VIEW):
        wanted["preservation"] = DeadlineFilter(kind=Kind.RENEWAL, span=MUST)
    parts = {name: queries.counting(uow, one) for name, one in wanted.items()}
    if uow.actor.may(Permission.DEADLINE_VIEW):
        parts["reminders"] = reminding.unseen_count(uow)
    if not parts:
        return {}
    row = uow.session.execute(select(*(part.label(name) for name, part in parts.items())))
    return dict(row.mappings().one())
