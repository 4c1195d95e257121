"""Which papers lie in which loan file, and in which format."""

from collections.abc import Iterator
from datetime import date, timedelta

from postloan_archive.demo.loan_facts import DemoLoan
from postloan_archive.demo.loans import LOANS
from postloan_archive.demo.people import PARTIES
from tools.demo_papers import contents as c
from tools.demo_papers.blocks import Block, Paper

SEAL = "示范农商银行"


def papers() -> Iterator[Paper]:
    """Yield every paper of the demonstration."""
    for number, loan in enumerate(LOANS):
        yield from _origin(loan, number)
        yield from _security(loan, number)
        yield from _after(loan, number)
    yield from _court()


def _paper(
    loan: DemoLoan,
    item: str,
    title: str,
    form: str,
    on: date,
    blocks: tuple[Block, ...],
    stamp: str = "",
) -> Paper:
    return Paper(loan.loan_no, item, title, form, on, blocks, stamp)


def _origin(loan: DemoLoan, number: int) -> Iterator[Paper]:
    company = PARTIES[loan.borrower].kind == "company"
    yield _paper(
        loan,
        "YJ01",
        loan.contract_name,
        "pdf" if number % 3 else "docx",
        loan.signed_on,
        c.contract(loan),
    )
    yield _paper(loan, "YJ02", "借款借据", "scan", loan.disbursed_on, c.iou(loan), SEAL)
    yield _paper(
        loan,
        "YJ06",
        "营业执照" if company else "借款人身份证",
        "photo",
        loan.signed_on,
        c.identity_paper(loan, loan.borrower),
    )
    if number != 9:  # one file lacks the consent: completeness has something to find
        yield _paper(
            loan, "YJ12", "征信查询授权书", "pdf", loan.signed_on, c.credit_consent(loan)
        )
    if number not in (2, 4):
        yield _paper(
            loan, "YJ13", "送达地址确认书", "pdf", loan.signed_on, c.service_address(loan)
        )
    yield _paper(
        loan,
        "GL01",
        "贷款申请书",
        "docx" if number != 6 else "doc",
        loan.signed_on - timedelta(days=15),
        c.application(loan),
    )
    yield _paper(
        loan,
        "GL02",
        "贷款调查报告",
        "docx",
        loan.signed_on - timedelta(days=8),
        c.investigation(loan),
    )
    yield _paper(
        loan, "GL03", "审查审批表", "pdf", loan.signed_on - timedelta(days=4), c.approval(loan)
    )
    yield _paper(
        loan,
        "GL05",
        "财务报表" if company else "收入流水",
        "xlsx",
        loan.signed_on - timedelta(days=20),
        c.income(loan),
    )
    if number != 3:
        yield _paper(
            loan,
            "GL14",
            "用途证明",
            "photo" if number % 4 == 0 else "pdf",
            loan.disbursed_on,
            c.use_proof(loan),
        )
    if company and number != 10:
        yield _paper(
            loan,
            "YJ08",
            "股东会决议",
            "pdf",
            loan.signed_on,
            c.board_resolution(loan, loan.borrower),
        )
    if number == 4:
        yield _paper(
            loan, "GL04", "个人信用报告", "encrypted", loan.signed_on, c.credit_consent(loan)
        )
    if number == 5:
        yield _paper(
            loan, "GL04", "个人信用报告", "damaged", loan.signed_on, c.investigation(loan)
        )


def _security(loan: DemoLoan, number: int) -> Iterator[Paper]:
    for item in loan.guarantees:
        name = PARTIES[item.party].name
        yield _paper(
            loan,
            "YJ03",
            f"保证合同（{name}）",
            "scan" if number in (7, 9) else "pdf",
            loan.signed_on,
            c.guarantee(loan, item),
            SEAL,
        )
        yield _paper(
            loan,
            "YJ07",
            f"担保人主体资料（{name}）",
            "photo" if number == 8 else "pdf",
            loan.signed_on,
            c.identity_paper(loan, item.party),
        )
    for thing in loan.collateral:
        yield _paper(
            loan,
            "YJ04",
            "抵押合同",
            "docx" if number == 0 else "pdf",
            loan.signed_on,
            c.mortgage(loan, thing),
        )
        code = "QZ02" if thing.kind == "mortgage_real_estate" else "QZ03"
        yield _paper(
            loan,
            code,
            "不动产登记证明" if code == "QZ02" else "抵押登记证明",
            "scan",
            thing.registered_on,
            c.registration(loan, thing),
            "示范县登记专用章",
        )
        yield _paper(loan, "GL06", "押品评估报告", "docx", thing.valued_on, c.valuation(thing))


def _after(loan: DemoLoan, number: int) -> Iterator[Paper]:
    first = loan.disbursed_on + timedelta(days=25)
    yield _paper(
        loan, "GL08", "首次检查报告", "docx", first, c.inspection(loan, first, first=True)
    )
    if number in (2, 3, 5, 7, 8):
        later = date(2026, 11, 12) if number != 8 else date(2025, 10, 20)
        yield _paper(
            loan, "GL09", "贷后检查报告", "docx", later, c.inspection(loan, later, first=False)
        )
    yield _paper(loan, "GL11", "还款对账单", "xlsx", date(2026, 11, 1), c.statement(loan))
    for order, (on, level) in enumerate(loan.demands, start=1):
        yield _paper(
            loan,
            "BQ01",
            f"催收通知书回执（第{order}次）",
            "scan",
            on,
            c.demand_receipt(loan, on),
            "签收",
        )
        if level == "B" or number == 7:
            yield _paper(
                loan, "BQ18", f"邮政特快专递回执（第{order}次）", "photo", on, c.ems(loan, on)
            )
    if number == 3:
        for item in loan.guarantees[:1]:
            yield _paper(
                loan,
                "BQ02",
                "担保人通知书回执",
                "scan",
                date(2026, 10, 19),
                c.guarantor_receipt(loan, item, date(2026, 10, 19)),
                "签收",
            )
    if number in (1, 2, 4, 6):
        yield _paper(
            loan,
            "BQ01",
            "还款提醒邮件",
            "eml",
            date(2026, 11, 10),
            c.letter_mail(loan, date(2026, 11, 10)),
        )
    if number in (2, 5, 8):
        yield _paper(
            loan,
            "BQ01",
            "电话催收记录",
            "txt",
            date(2026, 11, 16),
            c.note(loan, date(2026, 11, 16)),
        )
    if number in (0, 7):
        yield _paper(loan, "GL06", "评估费电子票据", "ofd", loan.signed_on, c.invoice(loan))
    if loan.settled_on:
        yield _paper(
            loan, "GL10", "贷款结清证明", "tiff", loan.settled_on, c.settlement(loan), SEAL
        )


def _court() -> Iterator[Paper]:
    frozen, sued, enforced = LOANS[8], LOANS[9], LOANS[10]
    yield _paper(
        frozen,
        "BQ07",
        "财产保全民事裁定书",
        "scan",
        date(2025, 12, 10),
        c.ruling(frozen, date(2025, 12, 10), "（2025）示9999财保101号", date(2026, 12, 9)),
        "示范县人民法院",
    )
    yield _paper(
        sued,
        "BQ08",
        "受理案件通知书",
        "scan",
        date(2026, 10, 20),
        c.acceptance(sued, date(2026, 10, 20), "（2026）示9999民初2035号"),
        "示范县人民法院",
    )
    yield _paper(
        sued,
        "BQ09",
        "开庭传票",
        "pdf",
        date(2026, 11, 9),
        c.summons(sued, date(2026, 11, 9), "（2026）示9999民初2035号", date(2026, 12, 10)),
    )
    yield _paper(
        enforced,
        "BQ08",
        "受理案件通知书",
        "pdf",
        date(2024, 4, 10),
        c.acceptance(enforced, date(2024, 4, 10), "（2024）示9999民初871号"),
    )
    yield _paper(
        enforced,
        "BQ10",
        "民事判决书",
        "pdf",
        date(2024, 8, 16),
        c.judgment(enforced, date(2024, 8, 16), "（2024）示9999民初871号"),
    )
    yield _paper(
        enforced,
        "BQ12",
        "执行案件受理通知书",
        "scan",
        date(2025, 3, 18),
        c.enforcement_acceptance(enforced, date(2025, 3, 18), "（2025）示9999执402号"),
        "示范县人民法院",
    )
