"""The numbers of the worklist in the top bar and the rail."""

from postloan_archive.access.permissions import Permission
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries, reminding
from postloan_archive.worklist.filtering import MINE, MUST, DeadlineFilter
from postloan_archive.worklist.rules.kinds import Kind


def numbers(uow: UnitOfWork) -> dict[str, int]:
    """Return what is over or near: of the person's deadlines, and of renewals."""
    wanted = {}
    if uow.actor.may(Permission.DEADLINE_VIEW):
        wanted["deadlines"] = DeadlineFilter(scope=MINE, span=MUST)
    if uow.actor.may(Permission.PRESERVATION_VIEW):
        wanted["preservation"] = DeadlineFilter(kind=Kind.RENEWAL, span=MUST)
    found = queries.counts(uow, wanted) if wanted else {}
    if uow.actor.may(Permission.DEADLINE_VIEW):
        found = {**found, "reminders": reminding.unseen_count(uow)}
    return found
