"""What is said of a row that cannot be entered."""

from typing import Final

from postloan_archive.kernel.errors import _l

UNKNOWN_BRANCH: Final = _l("没有代码或名称为“{branch}”的机构，或您不能在该机构登记")
NO_LOAN: Final = _l("借据号“{loan_no}”既不在贷款表中，也未登记")
ALREADY_THERE: Final = _l("借据号“{loan_no}”已经登记；担保和还款计划只能随新贷款导入")
LOAN_EXISTS: Final = _l("借据号“{loan_no}”已经登记。")
OTHER_BORROWER: Final = _l("合同号“{contract_no}”已登记在另一借款人名下")
SPLIT_MISSING: Final = _l("分项合计 {split} 元，与还款金额 {amount} 元不符")
NOTHING_PAID: Final = _l("还款金额必须大于 0")
NOTHING_LENT: Final = _l("贷款金额必须大于 0")
BEFORE_DISBURSEMENT: Final = _l("还款日 {paid_on} 早于放款日 {disbursed_on}。")
IN_THE_FUTURE: Final = _l("{label} {day} 晚于今天 {today}")
BOOKED: Final = _l("凭证号“{receipt_no}”已经入账，未重复登记。")
TWICE_IN_FILE: Final = _l("凭证号“{receipt_no}”在本文件第 {line} 行已经出现")
TOO_MUCH_REPAID: Final = _l("累计归还本金 {repaid} 元，超过贷款金额 {principal} 元")
DAY_TWICE: Final = _l("该借据 {day} 的余额已经导入过")
SAME_CONTRACT: Final = _l("同一合同号在第 {line} 行已经出现")
REVERSED_BEFORE: Final = _l("凭证号“{receipt_no}”已经冲正")
NO_PAYMENT: Final = _l("没有凭证号为“{receipt_no}”的还款可以冲正")
OTHER_AMOUNT: Final = _l("冲正金额 {amount} 元，与原还款 {booked} 元不符")
REVERSED_EARLY: Final = _l("冲正日 {day} 早于原还款日 {paid_on}")
NEGATIVE_PAYMENT: Final = _l("{label}为负数")
