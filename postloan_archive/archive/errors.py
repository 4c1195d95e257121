"""The refusals of the archive."""

from postloan_archive.kernel.errors import (
    ConflictError,
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


class IntakeFileNotFoundError(NotFoundError):
    """No such file in an inbox that the actor may see."""

    field = "file_id"

    def __init__(self, *, file_id: int) -> None:
        super().__init__(_l("收件箱内没有编号为 {file_id} 的文件。"), file_id=file_id)


class AlreadyHandledError(ConflictError):
    """Another person, or the same one a moment ago, has handled the file."""

    next_step = _l("请刷新收件箱；如办理有误，可先撤销。")

    def __init__(self, *, name: str, by: str) -> None:
        super().__init__(_l("“{name}”已由 {by} 办理。"), name=name, by=by)


class NotHandledError(ConflictError):
    """There is nothing to undo."""

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("“{name}”尚未办理，无须撤销。"), name=name)


class NoBytesError(RuleError):
    """The file could not be kept when it came: there is nothing to file."""

    next_step = _l("请向来源方重新索取后上传，再把本条标为已知悉。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("“{name}”未能存放原件，不能归档。"), name=name)


class NotMadeError(ConflictError):
    """A part of a file is to be filed, and the bytes of the part were not made first."""

    next_step = _l("请刷新页面后重新归档。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("“{name}”的页面刚有改动。"), name=name)


class ReasonMissingError(RuleError):
    """A file is never sent back without a word."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请填写退回理由。"))


class InLoanFileError(RuleError):
    """What is in a loan file is not rejected, it stays with its state."""

    next_step = _l("请改归类别，或标为已知悉。")

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(_l("文件已在案卷 {loan_no} 内，不能退回。"), loan_no=loan_no)


class DocumentUsedError(ConflictError):
    """Something else points to the document: taking it out would break a chain of proof."""

    next_step = _l("请先在引用它的事项中移除，再撤销归档。")

    def __init__(self, *, title: str) -> None:
        super().__init__(_l("“{title}”已被其他事项引用，不能移出案卷。"), title=title)


class NotYoursToChangeError(NotAllowedError):
    """The step needs the permission to edit documents, or must be one's own."""

    next_step = _l("请档案员办理。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("您无权改动“{name}”的归档。"), name=name)
