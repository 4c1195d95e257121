"""Errors become pages or problem documents here; the only place with HTTP codes."""

import errno
from http import HTTPStatus
from typing import Final

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from postloan_archive.kernel.errors import (
    ConflictError,
    FixityError,
    NotAllowedError,
    NotFoundError,
    PostloanError,
    RuleError,
    _l,
)
from postloan_archive.web.bounds import UnreadableRequestError
from postloan_archive.web.guard import SignInNeededError
from postloan_archive.web.request_uow import record_refusal
from postloan_archive.web.translations import error_text, next_step_text

log = structlog.get_logger("postloan.web")

STATUS: Final[dict[type[PostloanError], HTTPStatus]] = {  # the first that fits
    SignInNeededError: HTTPStatus.UNAUTHORIZED,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    RuleError: HTTPStatus.UNPROCESSABLE_ENTITY,
    FixityError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
TITLES: Final = {
    HTTPStatus.BAD_REQUEST: _l("请求无法识别"),
    HTTPStatus.UNAUTHORIZED: _l("请先登录"),
    HTTPStatus.FORBIDDEN: _l("无权办理"),
    HTTPStatus.NOT_FOUND: _l("没有找到"),
    HTTPStatus.METHOD_NOT_ALLOWED: _l("请求无法识别"),
    HTTPStatus.CONFLICT: _l("内容已被他人更改"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _l("文件过大"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _l("不能办理"),
    HTTPStatus.TOO_MANY_REQUESTS: _l("操作过于频繁"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _l("系统出错"),
    HTTPStatus.SERVICE_UNAVAILABLE: _l("暂时繁忙"),
}
PROBLEM: Final = "application/problem+json"


class StaleFormError(NotAllowedError):
    """The token of the form is missing, old or of another session."""

    next_step = _l("请返回上一页，刷新后重新提交。")

    def __init__(self) -> None:
        super().__init__(_l("页面停留过久或会话已更换，未予提交。"))


class PageNotFoundError(NotFoundError):
    """No page has this address, or not for this person: the answer is the same."""

    next_step = _l("请核对地址，或从左侧菜单进入。")

    def __init__(self) -> None:
        super().__init__(_l("没有这个页面，或它不在您可以查看的范围内。"))


class TooLargeError(RuleError):
    """The upload is larger than the installation takes."""

    next_step = _l("请分开上传，或请系统管理员调整上限。")

    def __init__(self) -> None:
        super().__init__(_l("文件超过本系统允许的大小，未保存。"))


class ChangedRowError(ConflictError):
    """Another transaction changed the row between reading and writing it."""

    next_step = _l("请刷新页面，核对最新内容后再办理。")

    def __init__(self) -> None:
        super().__init__(_l("内容刚刚被他人或后台任务更改，您的操作没有保存。"))


class DatabaseFullError(FixityError):
    """The volume of the database is full; the transaction was rolled back."""

    next_step = _l("请系统管理员清理或扩容存储卷；空间恢复后可直接重试，无需其他操作。")

    def __init__(self) -> None:
        super().__init__(_l("数据库所在的磁盘已满，您的操作没有保存。"))


class VolumeFullError(FixityError):
    """No room, or no inode, for a file; nothing was stored."""

    next_step = DatabaseFullError.next_step

    def __init__(self) -> None:
        super().__init__(_l("磁盘已满，或已无可用的文件节点，您的操作没有保存。"))


class UnexpectedError(FixityError):
    """A fault of the program: the person learns the request id, the log the rest."""

    next_step = _l("请稍后重试；仍不行时，请把请求号告诉系统管理员。")

    def __init__(self) -> None:
        super().__init__(_l("系统内部出错，您的操作没有保存。"))


def install_errors(app: Flask) -> None:
    """Answer every refusal and fault with a page, a fragment or a problem document."""
    app.register_error_handler(PostloanError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(StaleDataError, _changed_row)
    for unfit in (DataError, OverflowError, UnicodeEncodeError):
        app.register_error_handler(unfit, _unfit)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def status_of(error: PostloanError) -> HTTPStatus:
    """Return the status of the family of the error."""
    for family, status in STATUS.items():
        if isinstance(error, family):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _refused(error: PostloanError) -> ResponseReturnValue:
    if isinstance(error, FixityError):
        log.error("fixity", code=error.code, detail=str(error))
    return answer(error, status_of(error))


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    del error
    record_refusal("csrf")
    return answer(StaleFormError(), HTTPStatus.FORBIDDEN)


def _changed_row(error: StaleDataError) -> ResponseReturnValue:
    del error
    return answer(ChangedRowError(), HTTPStatus.CONFLICT)


def _unfit(error: Exception) -> ResponseReturnValue:
    """Answer a value that no column or calendar holds: 10**30, a lone surrogate."""
    log.warning("unfit_value", exc_info=error)
    return answer(UnreadableRequestError(), HTTPStatus.UNPROCESSABLE_ENTITY)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if error.response is not None or code < HTTPStatus.BAD_REQUEST:
        return error  # a redirect, or an answer the view made itself
    if code is HTTPStatus.NOT_FOUND:
        return answer(PageNotFoundError(), code)
    if code is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return answer(TooLargeError(), code)
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer(UnexpectedError(), code)
    return answer(UnreadableRequestError(), code)


def _fault(error: Exception) -> ResponseReturnValue:
    log.error("fault", exc_info=error)
    said = _said_of(error)
    try:
        return answer(said, HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:
        log.exception("error_page_broken")
        return str(UnexpectedError()), HTTPStatus.INTERNAL_SERVER_ERROR


def _said_of(error: Exception) -> PostloanError:
    """Return what a person reads of a fault: a full volume is no fault of the program."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return VolumeFullError()
    if isinstance(error, OperationalError) and any(
        words in str(error.orig) for words in ("full", "No space left")
    ):
        return DatabaseFullError()
    return UnexpectedError()


def answer(error: PostloanError, status: HTTPStatus) -> ResponseReturnValue:
    """Return the error as the caller reads it: problem document, fragment or page."""
    title = TITLES.get(status, TITLES[HTTPStatus.BAD_REQUEST])
    if wants_json():
        reply = jsonify(
            {
                "type": f"urn:postloan:error:{error.code}",
                "title": _(title),
                "status": int(status),
                "code": error.code,
                "detail": error_text(error),
                "field": error.field,
                "next_step": next_step_text(error) or None,
                "basis": str(error.basis) if error.basis else None,
                "request_id": g.get("request_id", ""),
            }
        )
        reply.content_type = PROBLEM
        return reply, status
    facts = {
        "title": _(title),
        "sentence": error_text(error),
        "next_step": next_step_text(error),
        "basis": error.basis,
        "status": int(status),
        "request_id": g.get("request_id", ""),
    }
    if request.headers.get("HX-Request"):
        aside = {"HX-Retarget": "#say", "HX-Reswap": "innerHTML"}
        return render_template("error_fragment.html", **facts), status, aside
    return render_template("error.html", **facts), status


def wants_json() -> bool:
    """Return whether the caller is a program."""
    if request.path.startswith("/api/"):
        return True
    kinds = request.accept_mimetypes
    best = kinds.best_match(["text/html", "application/json", PROBLEM])
    return best in {"application/json", PROBLEM} and kinds[best] > kinds["text/html"]
