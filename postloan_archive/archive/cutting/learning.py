"""Corrections become rules that a person can read, switch off and on again (归档规则)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from postloan_archive.archive.errors import EmptyNameError
from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.pieces.models import FilingRule
from postloan_archive.archive.pieces.suggesting import item_of, leaves_of, texts_of
from postloan_archive.archive.queries import ChangedMeanwhileError
from postloan_archive.archive.rules.filing import UNSORTED, check_item, item_title
from postloan_archive.archive.rules.headings import heading_of
from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

LONGEST: Final = 60  # characters of the words of a rule


class RuleNotFoundError(NotFoundError):
    """There is no such rule."""

    def __init__(self, *, rule_id: int) -> None:
        super().__init__(_l("没有第 {rule_id} 号归档规则。"), rule_id=rule_id)


class WordsTooShortError(RuleError):
    """One character stands in every title."""

    field = "words"

    def __init__(self) -> None:
        super().__init__(_l("标题用语须有 2 至 {longest} 个字。"), longest=LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule as the page shows it."""

    id: int
    words: str
    item_code: str
    item: str
    active: bool
    used: int
    missed: int
    learned_by: str
    learned_at: datetime
    learned_from: int | None
    version: int


def note_choice(uow: UnitOfWork, row: IntakeFile, loan: Loan, code: str) -> FilingRule | None:
    """Count whether a rule was right; learn one where the suggestion was not."""
    offer = item_of(uow, row)
    if offer.rule_id is not None:
        rule = uow.session.get_one(FilingRule, offer.rule_id)
        if offer.code == code:
            rule.used += 1
        else:
            rule.missed += 1
    if code in {offer.code, UNSORTED}:
        return None
    pages = texts_of(uow, leaves_of(row)[:1])
    words = heading_of(pages[0][1] if pages else row.excerpt, loan.customer.name)
    return _put(uow, words, code, learned_from=row.id) if words else None


def forget(uow: UnitOfWork, row: IntakeFile) -> None:
    """Switch off what was learned from a filing that is taken back, unless it was of use."""
    rules = uow.session.scalars(
        select(FilingRule)
        .where(FilingRule.learned_from == row.id, FilingRule.used == 0)
        .order_by(FilingRule.id)
    )
    for rule in rules:
        rule.active = False


def add_rule(uow: UnitOfWork, words: str, item_code: str) -> FilingRule:
    """Write a rule by hand.

    Raises:
        EmptyNameError, WordsTooShortError: there are no usable words.
        UnknownItemError: no such item.
    """
    text = " ".join(words.split())
    if not text:
        raise EmptyNameError
    if not 1 < len(text) <= LONGEST:
        raise WordsTooShortError
    return _put(uow, text, check_item(item_code), learned_from=None)


def switch(uow: UnitOfWork, rule_id: int, version: int, *, active: bool) -> FilingRule:
    """Switch a rule off, or on again.

    Raises:
        RuleNotFoundError: there is none.
        ChangedMeanwhileError: another person was first.
    """
    rule = uow.session.get(FilingRule, rule_id)
    if rule is None:
        raise RuleNotFoundError(rule_id=rule_id)
    if rule.version != version:
        raise ChangedMeanwhileError(seen=version, current=rule.version)
    rule.active = active
    rule.changed_by, rule.changed_at = uow.actor.name, uow.clock.now()
    uow.record(
        "archive.filing_rule_switched",
        f"filing_rule:{rule.id}",
        words=rule.words,
        item_code=rule.item_code,
        active=active,
    )
    return rule


def rules_of(uow: UnitOfWork, *, limit: int = 50, offset: int = 0) -> list[RuleRow]:
    """Return the rules, the newest first."""
    rows = uow.session.scalars(
        select(FilingRule).order_by(FilingRule.id.desc()).limit(limit).offset(offset)
    )
    return [
        RuleRow(
            id=row.id,
            words=row.words,
            item_code=row.item_code,
            item=item_title(row.item_code),
            active=row.active,
            used=row.used,
            missed=row.missed,
            learned_by=row.learned_by,
            learned_at=row.learned_at,
            learned_from=row.learned_from,
            version=row.version,
        )
        for row in rows
    ]


def count_rules(uow: UnitOfWork) -> int:
    """Return how many rules there are."""
    return uow.session.scalar(select(func.count()).select_from(FilingRule)) or 0


def _put(uow: UnitOfWork, words: str, code: str, *, learned_from: int | None) -> FilingRule:
    rule = uow.session.scalar(select(FilingRule).where(FilingRule.words == words))
    before = rule.item_code if rule is not None else ""
    if rule is None:
        rule = FilingRule(
            words=words,
            item_code=code,
            active=True,
            learned_by=uow.actor.name,
            learned_at=uow.clock.now(),
            learned_from=learned_from,
        )
        uow.session.add(rule)
    else:  # the newest correction is right
        rule.item_code, rule.active = code, True
        rule.changed_by, rule.changed_at = uow.actor.name, uow.clock.now()
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "archive.filing_rule_learned",
        f"filing_rule:{rule.id}",
        words=words,
        item_code=code,
        before=before,
        learned_from=learned_from,
    )
    return rule
