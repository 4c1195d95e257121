"""The numbers of the worklist in the top bar and the rail."""

from postloan_archive.access.permissions import Permission
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries
from postloan_archive.worklist.filtering import MINE, MUST, DeadlineFilter
from postloan_archive.worklist.rules.kinds import Kind


def numbers(uow: UnitOfWork) -> dict[str, int]:
    """Return what is over or near: of the person's deadlines, and of renewals."""
    found = {}
    if uow.actor.may(Permission.DEADLINE_VIEW):
        found["deadlines"] = queries.count(uow, DeadlineFilter(scope=MINE, span=MUST))
    if uow.actor.may(Permission.PRESERVATION_VIEW):
        renewals = DeadlineFilter(kind=Kind.RENEWAL, span=MUST)
        found["preservation"] = queries.count(uow, renewals)
    return found
