"""The refusals of the archive."""

from postloan_archive.kernel.errors import (
    FixityError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class DocumentNotFoundError(NotFoundError):
    """No such document in a loan file that the actor may see."""

    field = "document_id"

    def __init__(self, *, document_id: int) -> None:
        super().__init__(_l("没有找到编号为 {document_id} 的文件。"), document_id=document_id)


class CategoryNotYoursError(NotAllowedError):
    """The actor would no longer see the document."""

    field = "item_code"
    next_step = _l("请选择您可以查看的类别，或请档案员办理。")

    def __init__(self, *, item: str) -> None:
        super().__init__(_l("您无权把文件归入 {item}。"), item=item)


class EmptyNameError(RuleError):
    """A document needs a title."""

    field = "title"

    def __init__(self) -> None:
        super().__init__(_l("题名不能为空。"))


class NoSuchPageError(NotFoundError):
    """The document has no page with this number."""

    field = "page"

    def __init__(self, *, page: int, pages: int) -> None:
        super().__init__(_l("没有第 {page} 页；该文件共 {pages} 页。"), page=page, pages=pages)


class BatchNotFoundError(NotFoundError):
    """No such delivery with a file that the actor may see."""

    field = "batch_id"

    def __init__(self, *, batch_id: int) -> None:
        super().__init__(_l("没有找到编号为 {batch_id} 的收件批次。"), batch_id=batch_id)


class NoSuchVersionError(NotFoundError):
    """The document has no version with this number."""

    field = "version"

    def __init__(self, *, no: int) -> None:
        super().__init__(_l("没有第 {no} 版。"), no=no)


class ChangedOriginalError(FixityError):
    """The bytes in the vault cannot be handed out as the original."""

    next_step = _l("请系统管理员核对档案库，并从备份恢复该文件。")

    def __init__(self, *, sha256: str, reason: str) -> None:
        super().__init__(_l("原件 {sha256} 未通过校验：{reason}"), sha256=sha256, reason=reason)
