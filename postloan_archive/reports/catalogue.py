"""Which reports there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.reports import (
    agencies,
    ledger,
    legal,
    management,
    money_in,
    papers,
    pursuit,
)
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Table
from postloan_archive.uow import UnitOfWork


class ReportNotFoundError(NotFoundError):
    """No report has this name."""

    def __init__(self, *, key: str) -> None:
        super().__init__(_l("没有“{key}”这种报表。"), key=key)


class Group(StrEnum):
    """Under which heading the reports stand."""

    BALANCE = _l("余额与分类")
    MONEY = _l("回收")
    CARE = _l("催收与检查")
    TROUBLE = _l("处置与法务")
    PAPERS = _l("档案")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report: what it is called and how its figures are made."""

    label: str
    lead: str
    make: Callable[[UnitOfWork, Wanted], Table]
    group: Group
    permission: Permission = Permission.REPORT_VIEW


REPORTS: Final[Mapping[str, Report]] = {
    "ageing": Report(
        group=Group.BALANCE,
        label=_l("逾期账龄表"),
        lead=_l("各账龄的笔数和余额，与上月末对比。"),
        make=ledger.ageing,
    ),
    "migration": Report(
        group=Group.BALANCE,
        label=_l("五级分类迁徙矩阵"),
        lead=_l("与昨日、上月末、上年末对比。"),
        make=ledger.migration,
    ),
    "npl": Report(
        group=Group.BALANCE,
        label=_l("新增与将进不良"),
        lead=_l("期内新增不良、应划入不良和即将进入不良的贷款。"),
        make=ledger.bad_loans,
    ),
    "recovery": Report(
        group=Group.MONEY,
        label=_l("回收率"),
        lead=_l("期初逾期贷款在期内的回收，按机构和放款年度。"),
        make=ledger.recovery,
    ),
    "recovery_stage": Report(
        group=Group.MONEY,
        label=_l("回收率（按阶段）"),
        lead=_l("期初逾期贷款在期内的回收，按机构和所处阶段。"),
        make=ledger.recovery_by_stage,
    ),
    "recovery_channel": Report(
        group=Group.MONEY,
        label=_l("回收率（按渠道）"),
        lead=_l("期初逾期贷款在期内的回收，按机构和回款渠道。"),
        make=pursuit.by_channel,
    ),
    "channels": Report(
        group=Group.MONEY,
        label=_l("回款渠道"),
        lead=_l("期内回款按渠道的笔数、金额和占比。"),
        make=money_in.channels,
    ),
    "collection": Report(
        group=Group.CARE,
        label=_l("催收绩效"),
        lead=_l("期内各经办人的联系、承诺和兑现。"),
        make=management.collection,
    ),
    "agencies": Report(
        group=Group.CARE,
        label=_l("委外机构绩效"),
        lead=_l("各外部机构的委托、回款、监督检查和信息删除。"),
        make=agencies.agencies,
    ),
    "complaints": Report(
        group=Group.CARE,
        label=_l("投诉及时率"),
        lead=_l("期内收到的投诉、答复期限和用时。"),
        make=management.complaints,
    ),
    "inspections": Report(
        group=Group.CARE,
        label=_l("贷后检查计划与完成率"),
        lead=_l("各机构应完成、已完成和未完成的检查。"),
        make=management.inspections,
    ),
    "signals": Report(
        group=Group.CARE,
        label=_l("风险信号"),
        lead=_l("期内发现的风险信号和关闭情况。"),
        make=management.signals,
    ),
    "disposals": Report(
        group=Group.TROUBLE,
        label=_l("资产处置"),
        lead=_l("期内提出的处置按方式的进度和金额。"),
        make=money_in.disposals,
    ),
    "written_off": Report(
        group=Group.TROUBLE,
        label=_l("账销案存台账"),
        lead=_l("已核销贷款的继续追偿：核销后追回、最近联系和时效。"),
        make=pursuit.written_off,
    ),
    "bankruptcies": Report(
        group=Group.TROUBLE,
        label=_l("破产债权台账"),
        lead=_l("受理、公告、申报、确认和受偿。"),
        make=pursuit.bankruptcies,
    ),
    "litigation": Report(
        group=Group.TROUBLE,
        label=_l("诉讼台账"),
        lead=_l("全部案件、案号、标的和下一期限。"),
        make=legal.litigation,
    ),
    "preservation": Report(
        group=Group.TROUBLE,
        label=_l("保全台账"),
        lead=_l("在册保全措施和到期日。"),
        make=legal.measures,
    ),
    "limitation": Report(
        group=Group.TROUBLE,
        label=_l("时效台账"),
        lead=_l("180 天内须行使权利的贷款和保证。"),
        make=legal.limitation,
    ),
    "completeness": Report(
        group=Group.PAPERS,
        label=_l("档案完整率"),
        lead=_l("各机构案卷的应有件、已有件和完整率。"),
        make=papers.completeness,
    ),
    "uploads": Report(
        group=Group.PAPERS,
        label=_l("归档进度"),
        lead=_l("期内各经办人归入的文件和页数。"),
        make=papers.uploads,
    ),
    "lending": Report(
        group=Group.PAPERS,
        label=_l("借阅统计"),
        lead=_l("期内借阅申请、未还和逾期。"),
        make=papers.lending,
    ),
    "uses": Report(
        group=Group.PAPERS,
        label=_l("查看、打印、导出统计"),
        lead=_l("期内各人的使用情况，取自审计记录。"),
        make=papers.uses,
        permission=Permission.AUDIT_VIEW,
    ),
}


def report_of(key: str) -> Report:
    """Return the report.

    Raises:
        ReportNotFoundError: no such name.
    """
    found = REPORTS.get(key)
    if found is None:
        raise ReportNotFoundError(key=key)
    return found
