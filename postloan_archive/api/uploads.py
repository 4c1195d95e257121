"""Large files in parts (tus 1.0): a break costs one part, not the file."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.routes import sending
from postloan_archive.web.guard import requires

bp = Blueprint("api_uploads", __name__, url_prefix="/api/v1")


@bp.post("/uploads/deliveries")
@requires(Permission.DOCUMENT_ADD)
def open_delivery() -> ResponseReturnValue:
    """Open a delivery.

    JSON body: `expected`, how many files are to come (may be left out). The answer names
    `batch`, to be told with each file; its receipt is the page `/intake/{batch}`.
    """
    return sending.upload_delivery()


@bp.route("/uploads", methods=["OPTIONS"])
@requires(Permission.DOCUMENT_ADD)
def speaks() -> ResponseReturnValue:
    """Say which version and extensions of tus are spoken, and the largest file in bytes."""
    return sending.upload_options()


@bp.post("/uploads")
@requires(Permission.DOCUMENT_ADD)
def start() -> ResponseReturnValue:
    """Announce a file (tus creation).

    Headers: `Upload-Length` in bytes; `Upload-Metadata` with base64 values of `filename` and
    `batch`, and if known `loan` (loan number), `item` (such as YJ01), or `by_number` 1 to file
    by the number in the name. `Location` of the answer is where the parts go; a zip is
    unpacked and each member gets a line of the receipt.
    """
    return _here(make_response(sending.upload_start()))


@bp.get("/uploads/<token>")
@requires(Permission.DOCUMENT_ADD)
def state(token: str) -> ResponseReturnValue:
    """Say how far an upload is: `Upload-Offset`; ask with HEAD before going on."""
    return sending.upload_state(token)


@bp.patch("/uploads/<token>")
@requires(Permission.DOCUMENT_ADD)
def send(token: str) -> ResponseReturnValue:
    """Send the next part.

    Headers: `Content-Type: application/offset+octet-stream`, `Upload-Offset`: where the part
    begins. 409 names the right offset; the last part stores the file, a worker reads it.
    Uploads without progress for an hour are given up and named in the receipt.
    """
    return sending.upload_part(token)


@bp.delete("/uploads/<token>")
@requires(Permission.DOCUMENT_ADD)
def give_up(token: str) -> ResponseReturnValue:
    """Break an upload off (tus termination)."""
    return sending.upload_give_up(token)


def _here(reply: Response) -> Response:
    """Let the address of the upload be that of the API: a key counts nowhere else."""
    there = reply.headers.get("Location", "")
    if there.startswith("/uploads/"):
        base = request.path.removesuffix("/uploads")
        reply.headers["Location"] = f"{base}{there}"
    return reply
