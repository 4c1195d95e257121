"""What permissions and categories of paper are called on the page of roles."""

from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l

CATEGORY_WORDS: Final = {
    "QZ": _l("权证类"),
    "YJ": _l("要件类"),
    "GL": _l("管理类"),
    "BQ": _l("保全类"),
    "ZH": _l("综合类"),
}
PERMISSION_WORDS: Final[dict[Permission, str]] = {
    Permission.LOAN_VIEW: _l("查看案卷"),
    Permission.LOAN_EDIT: _l("编辑案卷"),
    Permission.LEDGER_IMPORT: _l("导入台账"),
    Permission.DOCUMENT_VIEW: _l("查看文件"),
    Permission.DOCUMENT_ADD: _l("归档文件"),
    Permission.DOCUMENT_EDIT: _l("编辑文件著录"),
    Permission.DOCUMENT_EXPORT: _l("导出文件"),
    Permission.SEARCH: _l("全文检索"),
    Permission.NOTICE_VIEW: _l("查看催收函"),
    Permission.NOTICE_RUN: _l("生成催收函"),
    Permission.NOTICE_DELIVER: _l("登记寄送与回执"),
    Permission.CASE_VIEW: _l("查看案件"),
    Permission.CASE_EDIT: _l("办理案件"),
    Permission.PRESERVATION_VIEW: _l("查看保全"),
    Permission.PRESERVATION_EDIT: _l("办理保全"),
    Permission.PACKAGE_VIEW: _l("查看材料包"),
    Permission.PACKAGE_BUILD: _l("制作材料包"),
    Permission.DEADLINE_VIEW: _l("查看期限"),
    Permission.DEADLINE_EDIT: _l("处理期限"),
    Permission.RETENTION_VIEW: _l("查看保管期限"),
    Permission.RETENTION_EDIT: _l("办理鉴定与销毁造册"),
    Permission.RETENTION_APPROVE: _l("审批销毁、监销、解除保留"),
    Permission.HOLD_EDIT: _l("设置保留"),
    Permission.REPORT_VIEW: _l("查看报表"),
    Permission.CALCULATE: _l("使用计算器"),
    Permission.UNMASK: _l("查看完整证件号"),
    Permission.TEMPLATE_EDIT: _l("编辑模板"),
    Permission.TEMPLATE_PUBLISH: _l("发布模板"),
    Permission.CALENDAR_EDIT: _l("维护工作日历"),
    Permission.POLICY_EDIT: _l("更改规则设置"),
    Permission.AUDIT_VIEW: _l("查看审计日志"),
    Permission.AUDIT_VERIFY: _l("校验审计链"),
    Permission.USER_ADMIN: _l("管理用户"),
    Permission.ROLE_ADMIN: _l("管理授权"),
    Permission.SYSTEM_ADMIN: _l("管理系统"),
}
