"""The words of the left rail: where each leads and who sees it."""

from dataclasses import dataclass, field
from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word of the rail.

    Attributes:
        label: Chinese, translated where it is shown.
        endpoint: where it leads; left out while no such route exists.
        permission: who sees it; empty for everybody who is signed in.
        key: the letter after `g`, or empty.
        count: the name of the number beside it, or empty.
        below: second-level words; the parent leads to the first that may be seen.
    """

    label: str
    icon: str
    endpoint: str = ""
    permission: str = ""
    key: str = ""
    count: str = ""
    foot: bool = False
    below: tuple["Entry", ...] = field(default=())


RAIL: Final = (
    Entry(
        label=_l("工作台"),
        icon="home",
        endpoint="worklist.index",
        permission=Permission.DEADLINE_VIEW,
        key="h",
    ),
    Entry(
        label=_l("案卷"),
        icon="file",
        endpoint="loans.index",
        permission=Permission.LOAN_VIEW,
        key="f",
    ),
    Entry(
        label=_l("收件箱"),
        icon="inbox",
        endpoint="archive.inbox",
        permission=Permission.DOCUMENT_ADD,
        key="i",
        count="inbox",
    ),
    Entry(
        label=_l("完整性"),
        icon="check",
        endpoint="archive.completeness",
        permission=Permission.REPORT_VIEW,
    ),
    Entry(
        label=_l("检索"),
        icon="search",
        endpoint="archive.search",
        permission=Permission.SEARCH,
        key="s",
    ),
    Entry(
        label=_l("法务"),
        icon="law",
        below=(
            Entry(
                label=_l("期限"),
                icon="clock",
                endpoint="worklist.deadlines",
                permission=Permission.DEADLINE_VIEW,
                key="d",
                count="deadlines",
            ),
            Entry(
                label=_l("时效"),
                icon="clock",
                endpoint="worklist.limitation",
                permission=Permission.DEADLINE_VIEW,
                key="l",
            ),
            Entry(
                label=_l("今日建议"),
                icon="mail",
                endpoint="notices.today",
                permission=Permission.NOTICE_VIEW,
                key="t",
            ),
            Entry(
                label=_l("催收函"),
                icon="mail",
                endpoint="notices.index",
                permission=Permission.NOTICE_VIEW,
                key="n",
            ),
            Entry(
                label=_l("保全"),
                icon="lock",
                endpoint="preservation.index",
                permission=Permission.PRESERVATION_VIEW,
                key="p",
                count="preservation",
            ),
            Entry(
                label=_l("案件"),
                icon="law",
                endpoint="cases.index",
                permission=Permission.CASE_VIEW,
                key="c",
            ),
            Entry(
                label=_l("法院文书"),
                icon="doc",
                endpoint="court_papers.index",
                permission=Permission.CASE_VIEW,
            ),
            Entry(
                label=_l("材料包"),
                icon="box",
                endpoint="litigation.index",
                permission=Permission.PACKAGE_VIEW,
                key="k",
            ),
            Entry(
                label=_l("计算器"),
                icon="hash",
                endpoint="calculators.index",
                permission=Permission.CALCULATE,
            ),
        ),
    ),
    Entry(
        label=_l("贷后"),
        icon="eye",
        below=(
            Entry(
                label=_l("检查"),
                icon="eye",
                endpoint="inspection.index",
                permission=Permission.INSPECTION_VIEW,
            ),
            Entry(
                label=_l("贷后报告"),
                icon="doc",
                endpoint="customer_reports.index",
                permission=Permission.INSPECTION_VIEW,
            ),
            Entry(
                label=_l("分类认定"),
                icon="chart",
                endpoint="inspection.classification",
                permission=Permission.INSPECTION_VIEW,
            ),
            Entry(
                label=_l("催收"),
                icon="phone",
                endpoint="collecting.index",
                permission=Permission.COLLECTION_VIEW,
            ),
            Entry(
                label=_l("投诉"),
                icon="alert",
                endpoint="collecting.complaint_list",
                permission=Permission.COLLECTION_VIEW,
            ),
            Entry(
                label=_l("处置"),
                icon="box",
                endpoint="disposal.index",
                permission=Permission.DISPOSAL_VIEW,
            ),
            Entry(
                label=_l("回款"),
                icon="chart",
                endpoint="recovery.index",
                permission=Permission.DISPOSAL_VIEW,
            ),
        ),
    ),
    Entry(
        label=_l("库房"),
        icon="box",
        below=(
            Entry(
                label=_l("借阅"),
                icon="file",
                endpoint="lendings.index",
                permission=Permission.CUSTODY_VIEW,
                key="b",
            ),
            Entry(
                label=_l("盒位"),
                icon="box",
                endpoint="custody.index",
                permission=Permission.CUSTODY_VIEW,
            ),
            Entry(
                label=_l("权证"),
                icon="lock",
                endpoint="custody.deeds",
                permission=Permission.CUSTODY_VIEW,
            ),
            Entry(
                label=_l("移交"),
                icon="doc",
                endpoint="store_lists.transfer_list",
                permission=Permission.CUSTODY_VIEW,
            ),
            Entry(
                label=_l("盘点"),
                icon="check",
                endpoint="store_lists.counting_list",
                permission=Permission.CUSTODY_VIEW,
            ),
            Entry(
                label=_l("鉴定销毁"),
                icon="x",
                endpoint="retention.index",
                permission=Permission.RETENTION_VIEW,
            ),
            Entry(
                label=_l("保留事项"),
                icon="lock",
                endpoint="retention.hold_register",
                permission=Permission.RETENTION_VIEW,
            ),
            Entry(
                label=_l("保管期限"),
                icon="clock",
                endpoint="retention.table",
                permission=Permission.RETENTION_VIEW,
            ),
        ),
    ),
    Entry(
        label=_l("报表"),
        icon="chart",
        endpoint="reports.index",
        permission=Permission.REPORT_VIEW,
        key="r",
    ),
    Entry(
        label=_l("审计"),
        icon="shield",
        endpoint="audit.index",
        permission=Permission.AUDIT_VIEW,
        key="a",
    ),
    Entry(
        label=_l("管理"),
        icon="gear",
        foot=True,
        below=(
            Entry(
                label=_l("用户"),
                icon="user",
                endpoint="users.index",
                permission=Permission.USER_ADMIN,
                key="u",
            ),
            Entry(
                label=_l("授权"),
                icon="lock",
                endpoint="grants.index",
                permission=Permission.ROLE_ADMIN,
                count="grants",
            ),
            Entry(
                label=_l("机构"),
                icon="home",
                endpoint="branches.index",
                permission=Permission.SYSTEM_ADMIN,
            ),
            Entry(
                label=_l("角色权限"),
                icon="shield",
                endpoint="grants.roles",
            ),
            Entry(
                label=_l("模板"),
                icon="doc",
                endpoint="templates.index",
                permission=Permission.TEMPLATE_EDIT,
            ),
            Entry(
                label=_l("工作日历"),
                icon="clock",
                endpoint="workdays.index",
                permission=Permission.CALENDAR_EDIT,
            ),
            Entry(
                label=_l("规则设置"),
                icon="law",
                endpoint="policy.index",
                permission=Permission.CALCULATE,
            ),
            Entry(
                label=_l("后台任务"),
                icon="clock",
                endpoint="jobs.index",
                permission=Permission.SYSTEM_ADMIN,
            ),
            Entry(
                label=_l("系统体检"),
                icon="check",
                endpoint="system.health",
                permission=Permission.SYSTEM_ADMIN,
            ),
        ),
    ),
)
