"""The refusals of litigation packages."""

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l


class ExhibitNotFoundError(NotFoundError):
    """The package has no such exhibit."""

    def __init__(self, *, item_id: int) -> None:
        super().__init__(_l("材料包中没有编号为 {item_id} 的证据。"), item_id=item_id)


class VersionNotFoundError(NotFoundError):
    """The package was never frozen with this number."""

    def __init__(self, *, no: int) -> None:
        super().__init__(_l("没有第 {no} 版材料包。"), no=no)


class NoExhibitsError(RuleError):
    """There is nothing to bind."""

    next_step = _l("请先把合同、借据等文件入档，或从卷内文件中选择证据。")

    def __init__(self, *, case_no: str) -> None:
        super().__init__(_l("案件 {case_no} 的材料包中没有任何证据。"), case_no=case_no)


class ForeignDocumentError(RuleError):
    """The document belongs to another loan file."""

    field = "document_id"

    def __init__(self, *, document_id: int) -> None:
        super().__init__(_l("文件 {document_id} 不在本案的案卷内。"), document_id=document_id)


class BadRangeError(RuleError):
    """A page range must start at 1 or later and end where it starts or later."""

    field = "first_page"

    def __init__(self, *, first: object, last: object) -> None:
        super().__init__(_l("页码范围 {first}–{last} 无效。"), first=first, last=last)


class RangeBeyondError(RuleError):
    """The file has fewer pages than the range asks for."""

    field = "last_page"
    next_step = _l("请按右侧预览核对页码；留空表示全部页。")

    def __init__(self, *, first: int, last: int, pages: int) -> None:
        super().__init__(
            _l("该文件共 {pages} 页，没有第 {first}–{last} 页。"),
            first=first,
            last=last,
            pages=pages,
        )


class SamePagesError(RuleError):
    """The package holds these pages of this file already."""

    field = "first_page"

    def __init__(self, *, title: str) -> None:
        super().__init__(_l("这些页已作为“{title}”列入。"), title=title)


class PartNotFoundError(NotFoundError):
    """No such paper was found inside the document."""

    def __init__(self, *, no: int) -> None:
        super().__init__(_l("该文件内没有认出第 {no} 份文件。"), no=no)


class StaleOrderError(ConflictError):
    """The order names other exhibits than the package holds."""

    next_step = _l("请刷新页面后重新排序。")

    def __init__(self) -> None:
        super().__init__(_l("材料包内容已变化，排序未保存。"))


class UnknownPaperError(NotFoundError):
    """There is no such paper among those of a case."""

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("没有代码为 {code} 的诉讼文书。"), code=code)


class PaperFaultError(RuleError):
    """Something speaks against the paper; a lawyer may go on with a written reason."""

    field = "reason"
    next_step = _l("请先改正；确需出具的，请写明理由，理由将留在审计记录里。")

    def __init__(self, *, title: str, faults: tuple[str, ...]) -> None:
        super().__init__(
            _l("《{title}》有 {count} 处不符：{faults}"),
            title=title,
            count=len(faults),
            faults="".join(faults),
        )


class LeftoverError(RuleError):
    """A placeholder is left in the paper (R-H07)."""

    next_step = _l("请改正相应内容后重新生成。")

    def __init__(self, *, title: str, texts: tuple[str, ...]) -> None:
        super().__init__(
            _l("《{title}》中留有占位符：{texts}，未生成。"),
            title=title,
            texts="、".join(texts),
        )


class MadePaperNotFoundError(NotFoundError):
    """The case has no such paper."""

    def __init__(self, *, paper_id: int) -> None:
        super().__init__(_l("没有编号为 {paper_id} 的文书。"), paper_id=paper_id)


class AnswerError(RuleError):
    """What was entered for a blank cannot be read."""

    def __init__(self, *, label: str, reason: str) -> None:
        super().__init__(_l("{label}：{reason}"), label=label, reason=reason)


class VolumeSizeError(RuleError):
    """No court names such a size of a file."""

    field = "volume_mb"

    def __init__(self, *, size: int, most: int) -> None:
        super().__init__(_l("分卷大小 {size} MB 应在 1 至 {most} 之间。"), size=size, most=most)
