"""What happened after the loans were paid out: checks, calls, a promise, a complaint."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.collection import queries as collection
from postloan_archive.collection.queries import AskedWork
from postloan_archive.collection.rules import Channel, Result, Stage, Target
from postloan_archive.collection.service import contacts, debtors, pauses
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.demo.loan_facts import DEMO_DAY
from postloan_archive.inspection import jobs as inspection
from postloan_archive.inspection.questions import form_kind, questions
from postloan_archive.inspection.rules import InspectionKind
from postloan_archive.inspection.service import classes
from postloan_archive.inspection.service.inspections import MakeInspection, make
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from postloan_archive.uow import System, UnitOfWork

COLLECTOR: Final = "kehu1"
MORNING: Final = datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, 9, 30, tzinfo=CHINA)
MONTHS_AGO: Final = timedelta(days=80)


def follow_up(system: System, actor: Actor) -> str:
    """Enter contacts, a survey, a complaint, an inspection; return a sentence about it."""
    found = inspection.watch(system)
    worker = replace(actor, name=COLLECTOR, display_name="苏客（客户经理）")
    with system.unit_of_work(worker) as uow:
        late = [
            row.standing.loan_no
            for stage in (Stage.M1, Stage.M2_M3)
            for row in collection.worklist(uow, stage, AskedWork())[0]
        ]
        over = [
            row.standing.loan_no for row in collection.worklist(uow, Stage.OVER, AskedWork())[0]
        ]
        for at, loan_no in enumerate(late):
            _call(uow, loan_no, MORNING - timedelta(days=3, minutes=7 * at), Result.NOT_REACHED)
        if late:
            _call(uow, late[0], MORNING, Result.PROMISED)
        loan = loans.get_loan(uow, late[-1])
        asked = questions(InspectionKind.REGULAR, form_kind(loan.product, loan.customer.kind))
        make(
            uow,
            MakeInspection(
                loan_no=loan.loan_no,
                kind=InspectionKind.REGULAR,
                made_on=DEMO_DAY - MONTHS_AGO,
                answers={one.key: (one.choices or ("见底稿",))[-1] for one in asked},
                conclusion="关注",
                place="借款人经营场所",
                remarks="门店客流减少，已提示按期备款。",
            ),
        )
    with system.unit_of_work(actor) as uow:
        contacts.give_duty(uow, tuple(late), COLLECTOR)
        debtors.note_survey(
            uow,
            NoteSurvey(
                loan_no=over[-1],
                made_on=DEMO_DAY,
                reason_for_default="主要客户回款中断，经营难以为继",
                answers={
                    "whereabouts": "可以联系",
                    "business": "半停产",
                    "family": "",
                    "other_creditors": "有两家供应商已起诉",
                },
                assets=(
                    {"what": "叉车两台", "where": "厂区", "holder": "自用", "state": "无抵押"},
                ),
                urgent=("assets_moving",),
            ),
        )
        pauses.note_complaint(
            uow,
            NoteComplaint(
                loan_no=late[-1],
                person="借款人本人",
                channel="来电",
                received_on=DEMO_DAY,
                content="对罚息计算有异议，要求说明",
                handler="fawu",
            ),
        )
        proposed = classes.propose(uow, classes.month_of(DEMO_DAY))
    return (
        f"风险信号 {found} 个，联系记录 {len(late) + 1} 条，检查报告 1 份，"
        f"投诉 1 件，分类建议 {proposed} 笔"
    )


def _call(uow: UnitOfWork, loan_no: str, at: datetime, result: Result) -> None:
    loan = loans.get_loan(uow, loan_no)
    promised = result is Result.PROMISED
    contacts.log_contact(
        uow,
        LogContact(
            loan_no=loan_no,
            at=at,
            channel=Channel.CALL,
            target=Target.DEBTOR,
            person=loan.customer.legal_rep or loan.customer.name,
            result=result,
            note="答应三日内先还两千元" if promised else "响铃未接",
            promised_for=DEMO_DAY + timedelta(days=3) if promised else None,
            promised_amount=Decimal(2000) if promised else None,
        ),
    )
