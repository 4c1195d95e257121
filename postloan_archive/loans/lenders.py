"""The lender's legal identity, branch by branch, inherited from above where it is empty."""

from dataclasses import dataclass, fields

from sqlalchemy import select

from postloan_archive.access import branches
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
    """Enter or change the legal identity of a branch.

    Raises:
        BranchNotFoundError: no such branch.
    """
    branch_id = branches.id_of(uow, branch_code)
    profile = uow.session.scalar(
        select(LenderProfile).where(LenderProfile.branch_id == branch_id)
    )
    if profile is None:
        profile = LenderProfile(branch_id=branch_id)
        uow.session.add(profile)
    for spec in fields(Lender):
        setattr(profile, spec.name, getattr(lender, spec.name))
    uow.record("loans.lender_described", f"branch:{branch_id}", name=lender.name)


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
