"""What contracts and products agree about grace days, allocation and prepayment, as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.loans import positions, queries
from postloan_archive.loans.models import Loan, ProductTerms
from postloan_archive.loans.previews import Preview, compared
from postloan_archive.loans.rederiving import Late, Rederived, rederive, write
from postloan_archive.loans.rules.repayment_terms import (
    RepaymentTerms,
    clean,
    term_steps,
    terms_of,
)
from postloan_archive.uow import UnitOfWork


class SameTermsError(RuleError):
    """Nothing would change."""

    def __init__(self) -> None:
        super().__init__(_l("与已登记的约定相同，没有改变。"))


class ProductNotFoundError(NotFoundError):
    """No loan of the actor has this product."""

    field = "product"

    def __init__(self, *, product: str) -> None:
        super().__init__(_l("没有产品为“{product}”的贷款。"), product=product[:60])


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTerms:
    """The terms of one loan, by key; a key that is missing follows the product."""

    loan_no: str
    terms: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product of the ledger with what is agreed for it."""

    product: str
    loans: int
    terms: Mapping[str, str]
    words: tuple[str, ...]
    set_by: str = ""


def preview_terms(uow: UnitOfWork, cmd: SetTerms) -> Preview:
    """Return what other terms would change, payments divided by this system included.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        TermsError, SameTermsError: the entry cannot be.
        LaterFactRefusesError: a payment cannot be divided under them.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    terms, _late, found = _rederived(loan, cmd)
    return Preview(
        days=tuple(
            compared(found.before, found.replayed.facts, loan.disbursed_on, uow.clock.today())
        ),
        steps=term_steps(terms),
        payments=found.splits,
        changes=found.change_words(),
    )


def set_terms(uow: UnitOfWork, cmd: SetTerms) -> None:
    """Keep the terms of a loan; every day is derived with them, back to the first.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        TermsError, SameTermsError: the entry cannot be.
        LaterFactRefusesError: a payment cannot be divided under them.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    terms, late, found = _rederived(loan, cmd)
    before, loan.agreed = dict(loan.agreed), clean(cmd.terms)
    uow.record(
        "loans.terms_set",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        before=before,
        after=loan.agreed,
        words=list(term_steps(terms)),
    )
    write(uow, loan, found, late)


def _rederived(loan: Loan, cmd: SetTerms) -> tuple[RepaymentTerms, Late, Rederived]:
    agreed = clean(cmd.terms)
    if agreed == loan.agreed:
        raise SameTermsError
    product = loan.product_terms
    terms = terms_of(agreed, product.terms if product is not None else None)
    divided = [row.paid_on for row in loan.payments if row.split_by == "derived"]
    late = Late(on=min(divided, default=date.max), terms=terms)
    return terms, late, rederive(loan, late)


def products(uow: UnitOfWork) -> list[ProductRow]:
    """Return the products of the loans that the actor may see, with their terms."""
    counts = uow.session.execute(
        select(Loan.product, func.count())
        .where(Loan.id.in_(queries.visible_ids(uow)), Loan.product != "")
        .group_by(Loan.product)
        .order_by(Loan.product)
    ).all()
    kept = {
        row.product: row
        for row in uow.session.scalars(select(ProductTerms).order_by(ProductTerms.product))
    }
    return [_product(name, count, kept.get(name)) for name, count in counts]


def product(uow: UnitOfWork, name: str) -> ProductRow:
    """Return one product.

    Raises:
        ProductNotFoundError: no loan of the actor has it.
    """
    found = next((row for row in products(uow) if row.product == name), None)
    if found is None:
        raise ProductNotFoundError(product=name)
    return found


def set_product_terms(uow: UnitOfWork, name: str, said: Mapping[str, str]) -> int:
    """Keep what a product agrees; return how many loans are derived with it from now on.

    The split of payments that were booked stays: it is divided again loan by loan.

    Raises:
        ProductNotFoundError: no loan of the actor has the product.
        TermsError, SameTermsError: the entry cannot be.
    """
    known, terms = product(uow, name), clean(said)
    if terms == dict(known.terms):
        raise SameTermsError
    row = uow.session.get(ProductTerms, name)
    if row is None:
        row = ProductTerms(product=name)
        uow.session.add(row)
    row.terms, row.set_by, row.set_at = terms, uow.actor.name, uow.clock.now()
    uow.record(
        "loans.product_terms_set",
        "system:1",
        product=name,
        before=dict(known.terms),
        after=terms,
    )
    ids: Sequence[int] = uow.session.scalars(
        select(Loan.id).where(Loan.product == name).order_by(Loan.id)
    ).all()
    uow.session.flush()  # the positions read the row back
    positions.refresh_imported(uow, ids, later=True)
    return len(ids)


def _product(name: str, count: int, row: ProductTerms | None) -> ProductRow:
    terms = row.terms if row is not None else {}
    return ProductRow(
        product=name,
        loans=count,
        terms=terms,
        words=term_steps(terms_of(terms)),
        set_by=row.set_by if row is not None else "",
    )


def without_own(loan: Loan) -> RepaymentTerms:
    """Return what holds for a loan where it agrees nothing itself."""
    product_terms = loan.product_terms
    return terms_of({}, product_terms.terms if product_terms is not None else None)
