"""完整性矩阵: the bank's own lines, marks on single items, the state of every required item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.models import Document, ItemMark, MatrixEdition
from postloan_archive.archive.rules.items import ITEMS, ItemState
from postloan_archive.archive.rules.matrix import MatrixRule, adjusted, check_rules
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans import positions
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

_KEY: Final = "completeness_matrix"
COUNT_ALL: Final = "count_all_papers"
MARKS: Final = {"not_applicable": ItemState.NOT_APPLICABLE, "defective": ItemState.DEFECTIVE}
COPIES: Final = frozenset({"copy", "certified_copy"})


class MatrixReasonError(RuleError):
    """A change of the matrix, and a mark, say why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


class MatrixRaceError(ConflictError):
    """Somebody else changed the matrix meanwhile."""

    next_step = _l("请刷新后重试。")

    def __init__(self, *, found: int) -> None:
        super().__init__(_l("完整性矩阵已有第 {found} 版。"), found=found)


class MarkError(RuleError):
    """The item is not in the catalogue, or the word is no mark."""

    field = "item"

    def __init__(self) -> None:
        super().__init__(_l("请选择件类和标注。"))


class MarkNotFoundError(NotFoundError):
    """No such mark, or taken off, or not for this actor."""

    def __init__(self) -> None:
        super().__init__(_l("没有这项标注。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One required item of a loan file with its state."""

    code: str
    title: str
    why: str  # what asks for it
    state: ItemState
    note: str = ""  # of a mark
    mark_id: int | None = None


def rules_of(uow: UnitOfWork) -> tuple[int, tuple[MatrixRule, ...]]:
    """Return the newest edition (0: none) and its rules; looked up once a unit of work."""
    kept: tuple[int, tuple[MatrixRule, ...]] | None = uow.session.info.get(_KEY)
    if kept is None:
        row = uow.session.scalar(
            select(MatrixEdition).order_by(MatrixEdition.edition.desc()).limit(1)
        )
        kept = (0, ())
        if row is not None:
            kept = (
                row.edition,
                tuple(
                    MatrixRule(product=product, code=code, need=need, reason=reason)
                    for product, code, need, reason in row.rules
                ),
            )
        uow.session.info[_KEY] = kept
    return kept


def editions(uow: UnitOfWork) -> list[MatrixEdition]:
    """Return all editions, the newest first."""
    return list(
        uow.session.scalars(select(MatrixEdition).order_by(MatrixEdition.edition.desc()))
    )


def change_matrix(
    uow: UnitOfWork, rules: Iterable[MatrixRule], *, reason: str, seen: int
) -> MatrixEdition:
    """Store the bank's lines as a new edition; all loan files are counted again by a job.

    Raises:
        MatrixRuleError: a line cannot be used.
        MatrixReasonError: no reason.
        MatrixRaceError: somebody was faster.
    """
    found, before = rules_of(uow)
    if seen != found:
        raise MatrixRaceError(found=found)
    if not reason.strip():
        raise MatrixReasonError
    after = check_rules(rules)
    row = MatrixEdition(
        edition=found + 1,
        rules=[[rule.product, rule.code, rule.need, rule.reason] for rule in after],
        reason=reason.strip(),
        changed_by=uow.actor.name,
        changed_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.info.pop(_KEY, None)
    uow.record(
        "archive.matrix_changed",
        f"matrix_edition:{row.edition}",
        reason=row.reason,
        added=[_words(rule) for rule in after if rule not in before],
        removed=[_words(rule) for rule in before if rule not in after],
    )
    uow.enqueue(COUNT_ALL)
    return row


def mark_item(uow: UnitOfWork, loan_no: str, code: str, mark: str, reason: str) -> ItemMark:
    """Say that an item does not apply to a loan file, or that what was filed is defective.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        MarkError, MatrixReasonError: something is missing.
    """
    loan = loans.get_loan(uow, loan_no)
    if code not in ITEMS or mark not in MARKS or not uow.actor.sees_category(code[:2]):
        raise MarkError
    if not reason.strip():
        raise MatrixReasonError
    for row in standing_marks(uow, [loan.id]).get(loan.id, {}).values():
        if row.item_code == code:
            _take_off(uow, row)
    row = ItemMark(
        loan_id=loan.id,
        item_code=code,
        mark=mark,
        reason=reason.strip(),
        marked_by=uow.actor.name,
        marked_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.record(
        "archive.item_marked",
        f"loan:{loan.id}",
        loan_no=loan_no,
        item=code,
        mark=mark,
        reason=row.reason,
    )
    positions.recount_papers(uow, [loan.id])
    return row


def unmark_item(uow: UnitOfWork, mark_id: int) -> None:
    """Take a mark off again.

    Raises:
        MarkNotFoundError: no such mark for this actor.
    """
    row = uow.session.get(ItemMark, mark_id)
    if row is None or row.removed_at is not None:
        raise MarkNotFoundError
    loan = uow.session.get_one(Loan, row.loan_id)
    if not uow.actor.sees_branch(loan.branch_id):
        raise MarkNotFoundError
    _take_off(uow, row)
    uow.record(
        "archive.item_unmarked", f"loan:{loan.id}", loan_no=loan.loan_no, item=row.item_code
    )
    positions.recount_papers(uow, [loan.id])


def standing_marks(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, dict[str, ItemMark]]:
    """Return the marks that stand, by loan and item."""
    found: dict[int, dict[str, ItemMark]] = {}
    for row in uow.session.scalars(
        select(ItemMark)
        .where(ItemMark.loan_id.in_(loan_ids), ItemMark.removed_at.is_(None))
        .order_by(ItemMark.id)
    ):
        found.setdefault(row.loan_id, {})[row.item_code] = row
    return found


def required_of(uow: UnitOfWork, loan: Loan, needed: Mapping[str, str]) -> dict[str, str]:
    """Return what a loan file must hold after the bank's own lines and the marks."""
    _edition, rules = rules_of(uow)
    marks = standing_marks(uow, [loan.id]).get(loan.id, {})
    return asked_for(needed, loan.product, rules, marks)


def asked_for(
    needed: Mapping[str, str],
    product: str,
    rules: Sequence[MatrixRule],
    marks: Mapping[str, ItemMark],
) -> dict[str, str]:
    """Return what the bank's own lines and the marks leave and add of the standard."""
    found = adjusted(needed, product, rules)
    for code, mark in marks.items():
        if mark.mark == "not_applicable":
            found.pop(code, None)
    return found


def lines_of(uow: UnitOfWork, loan: Loan, needed: Mapping[str, str]) -> list[ItemLine]:
    """Return every item that the standard or the bank asks for, with its state (R-I05).

    Args:
        uow: of somebody who may see the loan.
        loan: the loan.
        needed: the standard matrix for it.
    """
    _edition, rules = rules_of(uow)
    asked = adjusted(needed, loan.product, rules)
    marks = standing_marks(uow, [loan.id]).get(loan.id, {})
    forms = forms_by_item(uow, [loan.id]).get(loan.id, {})
    lines = []
    for code in sorted(asked):
        mark = marks.get(code)
        lines.append(
            ItemLine(
                code=code,
                title=ITEMS[code].title,
                why=asked[code],
                state=_state(forms.get(code, frozenset()), mark),
                note=mark.reason if mark else "",
                mark_id=mark.id if mark else None,
            )
        )
    return lines


def forms_by_item(
    uow: UnitOfWork, loan_ids: Sequence[int]
) -> dict[int, dict[str, frozenset[str]]]:
    """Return in which forms each item was filed, by loan and item."""
    found: dict[int, dict[str, frozenset[str]]] = {}
    for loan_id, code, form in uow.session.execute(
        select(Document.loan_id, Document.item_code, Document.form)
        .where(Document.loan_id.in_(loan_ids), Document.withdrawn_at.is_(None))
        .distinct()
        .order_by(Document.loan_id, Document.item_code)
    ):
        items = found.setdefault(loan_id, {})
        items[code] = items.get(code, frozenset()) | {form}
    return found


def _state(forms: frozenset[str], mark: ItemMark | None) -> ItemState:
    if mark is not None and mark.mark == "not_applicable":
        return ItemState.NOT_APPLICABLE
    if not forms:
        return ItemState.MISSING
    if mark is not None:
        return ItemState.DEFECTIVE
    return ItemState.COPY if forms <= COPIES else ItemState.FILED


def _take_off(uow: UnitOfWork, row: ItemMark) -> None:
    row.removed_by, row.removed_at = uow.actor.name, uow.clock.now()


def _words(rule: MatrixRule) -> str:
    return f"{rule.product or '全部产品'} {'+' if rule.need else '-'}{rule.code} {rule.reason}"
