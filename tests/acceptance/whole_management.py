"""What post-loan management keeps of a loan file: contacts to assets, each with the secret."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from postloan_archive.access import branches, grants, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.collection.lists import handlers_in
from postloan_archive.collection.rules import StopReason
from postloan_archive.collection.service import debtors, pauses, plans
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.collection.service.plans import ProposePlan
from postloan_archive.disposal.models import ForeclosedAsset
from postloan_archive.disposal.rules import Kind
from postloan_archive.disposal.service import proposals
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.inspection.models import ClassDecision
from postloan_archive.inspection.service import classes, facts, signals
from postloan_archive.inspection.service.facts import NoteFact
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import queries as loans
from postloan_archive.loans.importing import batches
from postloan_archive.loans.models import Collateral
from postloan_archive.reports import customer_reports
from postloan_archive.reports.customer_reports import FileReport
from postloan_archive.reports.periods import period_of
from postloan_archive.uow import UnitOfWork
from tests.builders import a_customer, a_loan

TODAY = date(2026, 11, 24)
OTHER = "JJ2025-8001"  # its debtor is stopped: the whole file itself still gets its letters


def the_management(uow: UnitOfWork, loan_no: str, secret: str) -> dict[str, object]:
    """Records of collection, inspection, classification and disposal; ids by URL name."""
    debtor = a_customer(uow, name=f"周某{secret}", id_no="100101198803030051")
    a_loan(uow, loan_no=OTHER, contract_no=f"示借2025第8001号{secret}", customer_id=debtor)
    survey = debtors.note_survey(
        uow,
        NoteSurvey(
            loan_no=loan_no,
            made_on=TODAY,
            reason_for_default=f"经营失败{secret}",
            answers={"whereabouts": secret},
            assets=({"what": f"房产{secret}", "where": "示范县", "holder": "", "state": ""},),
            urgent=("assets_moving",),
        ),
    )
    placement = debtors.place(
        uow,
        Place(
            loan_no=loan_no,
            agency=f"某律所{secret}",
            contract_no="W2026-1",
            data_given=("姓名", "合同号"),
        ),
    )
    stop = pauses.set_stop(uow, OTHER, StopReason.DISPUTE, secret)
    somebody_who_answers(uow, "auditor")
    complaint = pauses.note_complaint(
        uow,
        NoteComplaint(
            loan_no=OTHER,
            person=f"周某{secret}",
            channel="来电",
            received_on=TODAY,
            content=f"多次来电{secret}",
            handler="auditor",
        ),
    )
    signal = signals.raise_signal(uow, loan_no, "经营", f"停产{secret}")
    classes.propose(uow, classes.month_of(TODAY))
    loan = loans.get_loan(uow, loan_no)
    uow.session.flush()  # the proposals have their numbers
    decision = uow.session.query(ClassDecision).filter(ClassDecision.loan_id == loan.id).one()
    proposal = proposals.propose(
        uow,
        Propose(
            kind=Kind.WRITE_OFF,
            loan_nos=(loan_no,),
            reason=f"无可供执行财产{secret}",
            terms={"ground": secret, "pursuit": secret},
        ),
    )
    asset = ForeclosedAsset(
        disposal_id=proposal.id,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        kind="real_estate",
        description=f"某路 1 号{secret}",
        source="（2026）某执 1 号之一",
        acquired_on=TODAY,
        value=Decimal(50_000),
        sell_by=date(2028, 11, 24),
    )
    plan = plans.propose_plan(
        uow,
        ProposePlan(
            loan_no=loan_no,
            hardship=f"住院{secret}",
            rates=((date(2026, 12, 10), Decimal(300)),),
        ),
    )
    fact = facts.note_fact(uow, NoteFact(loan_no=loan_no, name="debt_evasion", note=secret))
    thing = Collateral(
        loan_id=loan.id,
        provider_id=loan.customer_id,
        kind="mortgage_real_estate",
        contract_no=f"抵{secret}",
        signed_on=TODAY,
        description=f"某路 2 号{secret}",
        value=Decimal(100_000),
    )
    uow.session.add_all([asset, thing])
    uow.session.flush()  # their numbers
    filed = customer_reports.file_report(
        uow,
        FileReport(customer_id=loan.customer_id, period=period_of("2026Q4"), opinion=secret),
    )
    return {
        "plan_id": plan.id,
        "fact_id": fact.id,
        "collateral_id": thing.id,
        "customer_id": loan.customer_id,
        "customer_report_id": filed.id,
        "survey_id": survey.id,
        "placement_id": placement.id,
        "stop_id": stop.id,
        "complaint_no": complaint.complaint_no,
        "signal_id": signal.id,
        "decision_id": decision.id,
        "disposal_no": proposal.disposal_no,
        "asset_id": asset.id,
    }


def a_ledger(opened: Callable[[Actor], UnitOfWork], secret: str) -> dict[str, object]:
    """A ledger that the clerk of the branch has uploaded."""
    with opened(Actor.program("cli")) as uow:
        branch = branches.id_of(uow, "0201")
    clerk = replace(Actor.program("cli"), name="archive_clerk", branch_ids=frozenset({branch}))
    with opened(clerk) as uow:
        row = batches.upload(uow, f"台账{secret}.csv", f"借据号,客户\nJJ1,{secret}\n".encode())
        return {"import_id": row.id}


def somebody_who_answers(uow: UnitOfWork, name: str) -> None:
    """See to it that the branch has somebody who may answer complaints."""
    if name not in dict(handlers_in(uow, branches.id_of(uow, "0201"))):
        user = users.create(uow, CreateUser(username=name, display_name="审计"))
        branch_id = branches.id_of(uow, "0201")
        grants.grant(uow, GrantRole(user_id=user.id, role=Role.AUDITOR, branch_id=branch_id))
