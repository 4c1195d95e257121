"""Giving loans to collectors by rule: who has the fewest takes the next."""

from dataclasses import dataclass

from sqlalchemy import select

from postloan_archive.collection import lists, queries
from postloan_archive.collection.errors import (
    CollectionThingNotFoundError,
    CollectorUnknownError,
)
from postloan_archive.collection.models import Duty, DutyRule
from postloan_archive.collection.queries import NOBODY, AskedWork
from postloan_archive.collection.rules import Stage, next_in_turn
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule:
    """Who takes what nobody looks after; no collectors: nobody does by rule."""

    branch_id: int
    stage: Stage
    collectors: tuple[str, ...]


def set_rule(uow: UnitOfWork, cmd: SetRule) -> None:
    """Set or end the rule of a branch and a stage.

    Raises:
        CollectionThingNotFoundError: the branch is none of the actor's.
        CollectorUnknownError: one of them may not collect there.
    """
    if not uow.actor.sees_branch(cmd.branch_id):
        raise CollectionThingNotFoundError(what="机构", number=cmd.branch_id)
    able = {name for name, _words in lists.collectors_in(uow, cmd.branch_id)}
    for name in cmd.collectors:
        if name not in able:
            raise CollectorUnknownError(collector=name)
    known = uow.session.scalar(
        select(DutyRule).where(
            DutyRule.branch_id == cmd.branch_id, DutyRule.stage == str(cmd.stage)
        )
    )
    if known is not None:
        uow.session.delete(known)
        uow.session.flush()  # the branch and stage are free again
    if cmd.collectors:
        uow.session.add(
            DutyRule(
                branch_id=cmd.branch_id,
                stage=str(cmd.stage),
                collectors=list(cmd.collectors),
                set_by=uow.actor.name,
                set_on=uow.clock.today(),
            )
        )
    uow.record(
        "collection.duty_rule_set",
        f"branch:{cmd.branch_id}",
        stage=str(cmd.stage),
        collectors=list(cmd.collectors),
    )


def give_by_rule(uow: UnitOfWork, *, most: int | None = None) -> int:
    """Give every late loan that nobody looks after to somebody; return how many.

    The work of every night and of a button; running it again changes nothing. With `most`
    it ends after so many, so that a transaction is short; 0: there is nothing left.
    """
    held, count = lists.held_by_person(uow), 0
    for rule in lists.rules_of(uow):
        asked = AskedWork(branch_id=rule.branch_id, collector=NOBODY)
        rest = None if most is None else most - count
        if rest == 0:
            break
        rows, _total = queries.worklist(uow, Stage(rule.stage), asked, limit=rest)
        names = [str(name) for name in rule.collectors]
        for row in rows:
            taker = next_in_turn(names, held)
            held[taker] = held.get(taker, 0) + 1
            uow.session.add(
                Duty(
                    loan_id=row.standing.loan_id,
                    collector=taker,
                    since=uow.clock.today(),
                    given_by=uow.actor.name,
                )
            )
            uow.record(
                "collection.duty_given",
                f"loan:{row.standing.loan_no}",
                collector=taker,
                rule=rule.id,
            )
            count += 1
    return count
