"""What the costs of a case are called, and who bears them."""

from typing import Final

from postloan_archive.kernel.errors import _l

COSTS: Final = {
    "acceptance_fee": _l("案件受理费"),
    "preservation_fee": _l("保全申请费"),
    "enforcement_fee": _l("执行申请费"),
    "appeal_fee": _l("上诉费"),
    "public_notice_fee": _l("公告费"),
    "appraisal_fee": _l("鉴定、评估费"),
    "guarantee_premium": _l("保全担保（保函）费"),
    "lawyer_fee": _l("律师代理费"),
    "notary_fee": _l("公证费"),
    "other": _l("其他"),
}
BEARERS: Final = {
    "open": _l("尚未确定"),
    "debtor": _l("裁判由对方负担"),
    "lender": _l("我方负担"),
}
