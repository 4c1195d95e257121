"""Resumable uploads by tus 1.0 with creation, termination and expiration."""

import base64
import binascii
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.incoming import sending
from postloan_archive.archive.incoming.sending import (
    BadLengthError,
    StartDelivery,
    StartUpload,
    TooMuchSentError,
    Upload,
    UploadBusyError,
    WrongOffsetError,
)
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.vault import TooLargeError
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import current_actor, look, the_system, unit_of_work

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PART = "application/offset+octet-stream"
DIGITS = 15  # of a length in bytes


@bp.post("/uploads/deliveries")
@requires(Permission.DOCUMENT_ADD)
def upload_delivery() -> ResponseReturnValue:
    """Open a delivery: how many files are to come; answer with its number and its page."""
    given = request.get_json(silent=True)
    expected = given.get("expected") if isinstance(given, dict) else None
    with unit_of_work() as uow:
        cmd = StartDelivery(
            expected=expected if isinstance(expected, int) else None, channel=_channel()
        )
        batch_id = sending.start_delivery(uow, cmd)
    page = url_for("archive.batch", batch_id=batch_id)
    return {"batch": batch_id, "page": page}, HTTPStatus.CREATED


@bp.route("/uploads", methods=["OPTIONS"])
@requires(Permission.DOCUMENT_ADD)
def upload_options() -> ResponseReturnValue:
    """Say which version and extensions are spoken."""
    limit = the_system().settings.zip_max_mb * 1_048_576
    return _reply(
        HTTPStatus.NO_CONTENT,
        {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(limit)},
    )


@bp.post("/uploads")
@requires(Permission.DOCUMENT_ADD)
def upload_start() -> ResponseReturnValue:
    """Announce a file: `Upload-Length`, and name, delivery and place in `Upload-Metadata`."""
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    try:
        with unit_of_work() as uow:
            upload = sending.start_upload(
                uow,
                StartUpload(
                    name=told.get("filename", ""),
                    size=_number(request.headers.get("Upload-Length")),
                    batch_id=min(_number(told.get("batch")), 2**31 - 1),
                    loan_no=told.get("loan", ""),
                    item_code=told.get("item", ""),
                    by_number=told.get("by_number") == "1",
                ),
            )
    except TooLargeError as error:
        return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {}, str(error))
    reply = _state(upload, HTTPStatus.CREATED)
    reply.headers["Location"] = url_for("archive.upload_state", token=upload.token)
    return reply


@bp.get("/uploads/<token>")
@requires(Permission.DOCUMENT_ADD)
def upload_state(token: str) -> ResponseReturnValue:
    """Say how far an upload is; asked with HEAD before it goes on."""
    with look() as uow:
        upload = sending.find_upload(uow, token)
    return _state(upload, HTTPStatus.OK)


@bp.patch("/uploads/<token>")
@requires(Permission.DOCUMENT_ADD)
def upload_part(token: str) -> ResponseReturnValue:
    """Add the next part."""
    if request.mimetype != PART:
        return _reply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {})
    offset = _number(request.headers.get("Upload-Offset"))
    try:
        upload = sending.append(the_system(), current_actor(), token, offset, request.stream)
    except WrongOffsetError as error:
        return _reply(HTTPStatus.CONFLICT, {"Upload-Offset": str(error.offset)}, str(error))
    except UploadBusyError as error:
        return _reply(HTTPStatus.LOCKED, {}, str(error))
    except TooMuchSentError as error:
        return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {}, str(error))
    return _state(upload, HTTPStatus.NO_CONTENT)


@bp.delete("/uploads/<token>")
@requires(Permission.DOCUMENT_ADD)
def upload_give_up(token: str) -> ResponseReturnValue:
    """Break an upload off."""
    with unit_of_work() as uow:
        sending.give_up(uow, token)
    return _reply(HTTPStatus.NO_CONTENT, {})


def _state(upload: Upload, status: HTTPStatus) -> Response:
    expires = format_datetime(upload.expires.astimezone(UTC), usegmt=True)
    headers = {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Upload-Expires": expires,
    }
    return _reply(status, headers)


def _reply(status: HTTPStatus, headers: dict[str, str], words: str = "") -> Response:
    reply = Response(words, status=status, mimetype="text/plain")
    reply.headers["Tus-Resumable"] = VERSION
    reply.headers.update(headers)
    return reply


def _channel() -> str:
    return "api" if current_actor().origin == "api" else "upload"


def _number(text: str | None) -> int:
    """Return a length or an offset.

    Raises:
        BadLengthError: it is none.
    """
    if not text or not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise BadLengthError
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Return the pairs of `Upload-Metadata`; what is no base64 of UTF-8 is left out."""
    told = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return told
