"""Why the store says no."""

from datetime import date

from postloan_archive.custody.rules.lending import LENDING
from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class StoreThingNotFoundError(NotFoundError):
    """No such room, box, original, lending, counting or transfer for this actor."""

    next_step = _l("请核对编号，或重新扫描条码。")

    def __init__(self, *, what: str, code: object) -> None:
        super().__init__(_l("没有找到{what} {code}。"), what=what, code=code)


class CodeTakenError(ConflictError):
    """The code of a room or box is in use."""

    field = "code"

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("编号 {code} 已被使用。"), code=code)


class DeedNeedsVaultError(RuleError):
    """A title deed is kept in a vault."""

    field = "box_no"
    next_step = _l("请选择金库（权证库）内的盒。")

    def __init__(self, *, title: str, box_no: str) -> None:
        super().__init__(
            _l("权证“{title}”只能存入权证库，{box_no} 不在权证库内。"),
            basis=LENDING,
            title=title,
            box_no=box_no,
        )


class NotInStoreError(ConflictError):
    """The original is not in its box."""

    def __init__(self, *, barcode: str, state: str) -> None:
        super().__init__(
            _l("{barcode} 当前状态为“{state}”，不能办理。"), barcode=barcode, state=state
        )


class AlreadyAskedError(ConflictError):
    """Somebody has asked for the original or has it."""

    def __init__(self, *, barcode: str, lending_no: str) -> None:
        super().__init__(
            _l("{barcode} 已有未结的借阅单 {lending_no}。"),
            barcode=barcode,
            lending_no=lending_no,
        )


class LendingStateError(ConflictError):
    """The step does not follow from where the lending stands."""

    def __init__(self, *, lending_no: str, state: str) -> None:
        super().__init__(
            _l("借阅单 {lending_no} 当前为“{state}”，不能办理此步。"),
            lending_no=lending_no,
            state=state,
        )


class OwnLendingError(NotAllowedError):
    """Nobody approves what he borrows himself."""

    next_step = _l("请由另一位有审批权限的人办理。")

    def __init__(self) -> None:
        super().__init__(_l("借阅人不能审批自己的借阅申请。"), basis=LENDING)


class ApproverError(NotAllowedError):
    """Originals of title and key papers need the manager."""

    next_step = _l("请机构负责人审批。")

    def __init__(self) -> None:
        super().__init__(_l("权证类、要件类原件外借须经机构负责人审批。"), basis=LENDING)


class SameSignerError(NotAllowedError):
    """Two signatures mean two persons."""

    next_step = _l("请由另一位库管人员复核签字。")

    def __init__(self) -> None:
        super().__init__(_l("权证出入库须两人签字，复核人不能与经办人相同。"), basis=LENDING)


class DueDateError(RuleError):
    """The due date lies before today."""

    field = "due_on"

    def __init__(self, *, due_on: date, today: date) -> None:
        super().__init__(_l("应还日 {due_on} 早于今天 {today}。"), due_on=due_on, today=today)


class ReasonMissingError(RuleError):
    """A refusal, an extension or a difference in pages needs its reason."""

    field = "note"

    def __init__(self) -> None:
        super().__init__(_l("请写明原因。"))


class PagesDifferError(RuleError):
    """Fewer or more pages came back than went out."""

    field = "pages_back"
    next_step = _l("请清点；确有差异的，写明情况后再登记归还。")

    def __init__(self, *, pages: int, counted: int) -> None:
        super().__init__(
            _l("出库 {pages} 页，归还清点为 {counted} 页。"), pages=pages, counted=counted
        )


class CountingClosedError(ConflictError):
    """The counting is over."""

    def __init__(self) -> None:
        super().__init__(_l("该次盘点已经结束。"))


class TransferStateError(ConflictError):
    """The step does not follow from where the transfer stands."""

    def __init__(self, *, transfer_no: str, state: str) -> None:
        super().__init__(
            _l("移交清册 {transfer_no} 当前为“{state}”，不能办理此步。"),
            transfer_no=transfer_no,
            state=state,
        )


class TransferSignerError(NotAllowedError):
    """Giver and taker are two persons."""

    next_step = _l("请由接收单位的人员签收。")

    def __init__(self) -> None:
        super().__init__(_l("移交人不能代接收人签收。"))
