"""Items of a loan file, their versions, pages and words; the way in for files."""

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import read_body
from postloan_archive.api.once import once
from postloan_archive.api.replies import demand_match, one, page, plain
from postloan_archive.archive import finding, intake, queries, service
from postloan_archive.archive.intake import Source
from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.service import DescribeDocument, OpenBatch
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.reading import render_page
from postloan_archive.search import Sort
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download, pieces
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_documents", __name__, url_prefix="/api/v1")
WIDEST = 2000  # pixels
BLOCK = 1024 * 1024


class NoFileError(RuleError):
    """The upload holds no file."""

    field = "file"
    next_step = _l("请以 multipart/form-data 的 file 字段上传一个或多个文件。")

    def __init__(self) -> None:
        super().__init__(_l("请求中没有文件。"))


class WidthError(RuleError):
    """A page image cannot be that wide."""

    field = "width"

    def __init__(self) -> None:
        super().__init__(_l("页面图像宽度应为 50 至 {widest} 像素。"), widest=WIDEST)


@bp.get("/loan-files/<loan_no>/items")
@requires(Permission.DOCUMENT_VIEW)
def items(loan_no: str) -> ResponseReturnValue:
    """List the items of a loan file that the caller may see, by item code and piece."""
    with unit_of_work() as uow:
        rows = queries.documents_of(uow, loans.get_loan(uow, loan_no).id)
    return page(rows, lambda row: row.id)


@bp.post("/loan-files/<loan_no>/items")
@requires(Permission.DOCUMENT_ADD)
def add_items(loan_no: str) -> ResponseReturnValue:
    """Take in files and zips; each member gets a state, the batch a receipt.

    The bytes are safe when the answer arrives; reading and OCR follow as jobs, so `state` is
    `stored` where the item's own `state` may later say `encrypted` or `damaged`.
    """
    files = [one for one in request.files.getlist("file") if one.filename]
    if not files:
        raise NoFileError
    item_code = request.form.get("item_code") or None
    with ExitStack() as kept:
        folder = Path(kept.enter_context(TemporaryDirectory(prefix="postloan-api-")))
        saved, digest = _saved(files, folder)
        sources = [
            source for path, name in saved for source in intake.expand_file(path, name, kept)
        ]

        def step(uow: UnitOfWork) -> tuple[object, int]:
            rows = intake_files(uow, loan_no, item_code, sources)
            return [_taken(row) for row in rows], 201

        return once(step, digest=f"{digest} {item_code or ''}")


def intake_files(
    uow: UnitOfWork, loan_no: str, item_code: str | None, sources: Iterable[Source]
) -> list[IntakeFile]:
    """Receive the files as one batch in one transaction; reading follows as a job."""
    loan_no = loans.get_loan(uow, loan_no).loan_no
    batch = service.open_batch(uow, OpenBatch(source="api"))
    rows = [
        intake.store_source(
            uow, batch.id, replace(source, loan_no=loan_no, item_code=item_code)
        )
        for source in sources
    ]
    fresh = [row.document_id for row in rows if row.state == "stored" and row.document_id]
    if fresh:
        uow.enqueue("read_documents", fresh)
    service.close_batch(uow, batch.id)
    return rows


@bp.get("/items/<int:document_id>")
@requires(Permission.DOCUMENT_VIEW)
def item(document_id: int) -> ResponseReturnValue:
    """Show one item with its versions."""
    with unit_of_work() as uow:
        return one(_described(uow, document_id))


@bp.patch("/items/<int:document_id>")
@requires(Permission.DOCUMENT_EDIT)
def describe(document_id: int) -> ResponseReturnValue:
    """Change the description; `If-Match` holds the ETag of what the caller saw."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        demand_match(_described(uow, document_id))
        seen = queries.get_document(uow, document_id).version
        service.describe_document(
            uow, read_body(DescribeDocument, document_id=document_id, version=seen)
        )
        uow.session.flush()  # the answer shows the new version number
        return _described(uow, document_id), 200

    return once(step)


@bp.get("/items/<int:document_id>/content")
@requires(Permission.DOCUMENT_EXPORT)
def content(document_id: int) -> ResponseReturnValue:
    """Hand out the original bytes; the digest is checked on the way."""
    with unit_of_work() as uow:
        document = queries.get_document(uow, document_id)
        stream = uow.vault.open_checked(document.sha256)
        uow.record("archive.document_exported", f"document:{document.id}", by="api")
        return download(
            pieces(stream),
            name=document.filename,
            media_type="application/octet-stream",
            size=document.size,
        )


@bp.get("/items/<int:document_id>/pages")
@requires(Permission.DOCUMENT_VIEW)
def pages(document_id: int) -> ResponseReturnValue:
    """List the pages of an item with their text."""
    with unit_of_work() as uow:
        document = queries.get_document(uow, document_id)
        rows = [
            {"no": row.page_no, "text": row.text}
            for row in queries.indexed_pages(uow, document)
        ]
        uow.record("archive.document_viewed", f"document:{document.id}", by="api")
    return page(rows, lambda row: row["no"])


@bp.get("/items/<int:document_id>/pages/<int:no>.jpg")
@requires(Permission.DOCUMENT_VIEW)
def page_image(document_id: int, no: int) -> ResponseReturnValue:
    """Draw one page; `width` in pixels, 900 unless said."""
    width = request.args.get("width", 900, int)
    if not 50 <= width <= WIDEST:  # noqa: PLR2004 - the bound is in the sentence
        raise WidthError
    with unit_of_work() as uow:
        document = queries.get_document(uow, document_id)
        queries.get_page(uow, document, no)
        path, kind = uow.vault.path(document.sha256), document.media_type
        uow.record("archive.page_viewed", f"document:{document.id}", page=no, by="api")
    return Response(render_page(path, kind, no, width=width), mimetype="image/jpeg")


@bp.get("/search")
@requires(Permission.SEARCH)
def search() -> ResponseReturnValue:
    """Find pages: `q`, and `loan`, `sort` (relevance, date, date_asc), `offset`."""
    with unit_of_work() as uow:
        found = finding.find(
            uow,
            finding.Find(
                text=request.args.get("q", ""),
                loan_no=request.args.get("loan") or None,
                limit=min(max(1, request.args.get("limit", 20, int)), 200),
                offset=max(0, request.args.get("offset", 0, int)),
                sort=_sort(),
            ),
        )
    return one(found)


def _sort() -> Sort:
    given = request.args.get("sort", "")
    return Sort(given) if given in set(Sort) else Sort.RELEVANCE


def _saved(files: list[FileStorage], folder: Path) -> tuple[list[tuple[Path, str]], str]:
    """Write the uploads under numbers; return them with their names, and one digest of all."""
    whole = hashlib.sha256()
    saved = []
    for at, file in enumerate(files):
        name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
        whole.update(f"{name}\n".encode(errors="surrogatepass"))
        place = folder / str(at)
        with place.open("wb") as target:
            while block := file.stream.read(BLOCK):
                whole.update(block)
                target.write(block)
        saved.append((place, name))
    return saved, whole.hexdigest()


def _described(uow: UnitOfWork, document_id: int) -> dict[str, object]:
    document = queries.get_document(uow, document_id)
    row = next(
        row for row in queries.documents_of(uow, document.loan_id) if row.id == document.id
    )
    return {
        **plain(row),
        "loan_no": loans.get_loan_by_id(uow, document.loan_id).loan_no,
        "versions": [
            {"no": version.no, "sha256": version.sha256, "size": version.size}
            for version in document.versions
        ],
    }


def _taken(row: IntakeFile) -> dict[str, object]:
    return {
        "path": row.name,
        "state": row.state,
        "loan_no": row.loan_no,
        "document_id": row.document_id,
        "sha256": row.sha256,
        "message": row.message,
    }
