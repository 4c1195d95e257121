"""What the families of events of the trail are called."""

from typing import Final

from postloan_archive.kernel.errors import _l

FAMILIES: Final = {
    "access": _l("登录与权限"),
    "loans": _l("台账"),
    "archive": _l("档案"),
    "search": _l("检索索引"),
    "notices": _l("催收函件"),
    "worklist": _l("期限"),
    "collection": _l("催收作业"),
    "inspection": _l("检查与分类"),
    "disposal": _l("资产处置"),
    "custody": _l("库房"),
    "retention": _l("保管与销毁"),
    "assurance": _l("审计与检测"),
    "reports": _l("报表"),
    "cases": _l("案件"),
    "court_papers": _l("法院文书"),
    "enforcement": _l("费用与执行"),
    "preservation": _l("保全"),
    "litigation": _l("材料包"),
    "workdays": _l("工作日历"),
    "policy": _l("规则设置"),
    "audit": _l("审计"),
    "vault": _l("档案库"),
    "backup": _l("备份"),
    "jobs": _l("后台任务"),
    "system": _l("系统"),
}
