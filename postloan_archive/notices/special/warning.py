"""N12 before negative credit information is reported; N15 about a finding of an inspection."""

from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.given import lines_given
from postloan_archive.notices.special.writing import Writing, checked

NO_CONSENT: Final = _l(
    "案卷中没有征信查询授权书（YJ12）：报送信贷信息须事先取得本人书面同意"
    "（征信业管理条例第二十九条第二款）。"
)
CONSEQUENCE: Final = _l("逾期未完成整改的，我行将依照合同约定采取相应措施。")


def draft_credit_report_notice(writing: Writing, *, consent: bool) -> Draft:
    """Return N12 (R-L05): natural persons only.

    Args:
        writing: the loan and the facts of the run.
        consent: the written consent to report credit data is on file.
    """
    loan = writing.loan
    owed = writing.owed()
    since = date_in_body(owed.overdue_since) if owed.overdue_since else ""
    values = (
        writing.blanks()
        | writing.contract_blanks()
        | {
            "overdue_item": f"应于{since}归还的款项未足额归还，"
            f"截至{date_in_body(writing.as_of)}"
            f"逾期{owed.overdue_days}天，到期未还本金{owed.principal_due:,}元、"
            f"利息罚息复利合计{owed.total_due - owed.principal_due:,}元"
            if since
            else "",
            "report_date": writing.day_in_body("report_date"),
        }
    )
    problems = []
    if loan.customer.kind != "person":
        problems.append(_l("借款人不是自然人：事先告知只适用于个人不良信息。"))
    if not owed.overdue_days:
        problems.append(_l("截至该日没有逾期款项。"))
    report_on = writing.day("report_date")
    if report_on and report_on <= writing.as_of:
        problems.append(_l("拟报送日 {day} 应晚于数据截至日。").format(day=report_on))
    return checked(
        "N12",
        Draft(
            addressee=loan.customer,
            position=owed,
            values=values,
            guarantee=None,
            derivation=(f"最早未还的一期 {owed.overdue_since}，逾期 {owed.overdue_days} 天",),
            problems=tuple(problems),
            warnings=() if consent else (str(NO_CONSENT),),
        ),
    )


def draft_risk_warning(writing: Writing) -> Draft:
    """Return N15: the finding, the clause, what must be done by when."""
    loan, given = writing.loan, writing.given
    owed = writing.owed()
    deadline = writing.day("deadline")
    values = (
        writing.blanks()
        | writing.contract_blanks()
        | {
            "as_of_date": date_in_body(writing.as_of),
            "balance": f"{owed.balance:,}",
            "finding": lines_given(given, "finding"),
            "required_action": lines_given(given, "required_action"),
            "deadline": writing.day_in_body("deadline"),
            "consequence": "".join(lines_given(given, "consequence")) or str(CONSEQUENCE),
        }
    )
    problems: tuple[str, ...] = ()
    if deadline and deadline < writing.as_of:
        problems = (_l("整改期限 {day} 早于数据截至日。").format(day=deadline),)
    return checked(
        "N15",
        Draft(
            addressee=loan.customer,
            position=owed,
            values=values,
            guarantee=None,
            derivation=(f"截至 {writing.as_of} 本金余额 {owed.balance:,} 元",),
            problems=problems,
        ),
    )
