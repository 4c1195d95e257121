"""The lender's legal identity, branch by branch, inherited from above where it is empty."""

from dataclasses import dataclass, fields, replace

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.identifiers import id_card, uscc
from postloan_archive.loans.models import LenderProfile
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """What papers print about the lender; an empty string is a fact nobody entered."""

    name: str = ""
    uscc: str = ""
    domicile: str = ""
    phone: str = ""
    legal_rep: str = ""
    legal_rep_post: str = ""
    legal_rep_id_no: str = ""
    account: str = ""
    bank: str = ""


class LenderCodeError(RuleError):
    """The social credit code does not check (R-J02)."""

    field = "uscc"

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("统一社会信用代码“{code}”校验不通过，请核对。"), code=code[:40])


class LenderPersonError(RuleError):
    """The identity number of the legal representative does not check (R-J01)."""

    field = "legal_rep_id_no"

    def __init__(self) -> None:
        super().__init__(_l("法定代表人身份证号码校验不通过，请核对。"))


def own_facts(uow: UnitOfWork, branch_id: int) -> Lender:
    """Return what was entered for this branch itself, without what it inherits."""
    profile = uow.session.scalar(
        select(LenderProfile).where(LenderProfile.branch_id == branch_id)
    )
    if profile is None:
        return Lender()
    return Lender(**{spec.name: getattr(profile, spec.name) for spec in fields(Lender)})


def lender_of(uow: UnitOfWork, branch_id: int) -> Lender:
    """Return the lender of a branch: its own facts, then those of the branches above it."""
    found: dict[str, str] = {}
    for place in branches.upwards(uow.session, branch_id):
        profile = uow.session.scalar(
            select(LenderProfile).where(LenderProfile.branch_id == place)
        )
        if profile is None:
            continue
        for spec in fields(Lender):
            value = getattr(profile, spec.name)
            if value and spec.name not in found:
                found[spec.name] = value
    return Lender(**found)


def describe_lender(uow: UnitOfWork, branch_code: str, lender: Lender) -> None:
    """Enter or change the legal identity of a branch; what is empty is inherited.

    Raises:
        BranchNotFoundError: no such branch.
        LenderCodeError, LenderPersonError: a number does not check.
    """
    branch_id = branches.id_of(uow, branch_code)
    lender = _checked(lender)
    profile = uow.session.scalar(
        select(LenderProfile).where(LenderProfile.branch_id == branch_id)
    )
    if profile is None:
        profile = LenderProfile(branch_id=branch_id)
        uow.session.add(profile)
    for spec in fields(Lender):
        setattr(profile, spec.name, getattr(lender, spec.name))
    uow.record("loans.lender_described", f"branch:{branch_id}", name=lender.name)


def _checked(lender: Lender) -> Lender:
    """Return the facts without blanks around them, the numbers in their form."""
    facts = {spec.name: str(getattr(lender, spec.name)).strip() for spec in fields(Lender)}
    lender = replace(lender, **facts)
    if lender.uscc:
        code = uscc(lender.uscc)
        if not code.valid:
            raise LenderCodeError(code=lender.uscc)
        lender = replace(lender, uscc=code.normalised)
    if lender.legal_rep_id_no:
        person = id_card(lender.legal_rep_id_no)
        if not person.valid:
            raise LenderPersonError
        lender = replace(lender, legal_rep_id_no=person.normalised)
    return lender


def state_phone(uow: UnitOfWork, branch_id: int, phone: str) -> None:
    """Enter the telephone that the letters of a branch name; its other facts stay inherited."""
    profile = uow.session.scalar(
        select(LenderProfile).where(LenderProfile.branch_id == branch_id)
    )
    if profile is None:
        profile = LenderProfile(branch_id=branch_id)
        uow.session.add(profile)
    before, profile.phone = profile.phone, phone
    uow.record("loans.lender_phone_stated", f"branch:{branch_id}", before=before, after=phone)
