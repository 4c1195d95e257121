"""卷内文件."""

from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.web.guard import requires


@bp.get("/loans/<loan_no>/items")
@requires(Permission.DOCUMENT_VIEW)
def items(loan_no: str) -> ResponseReturnValue:
    """Show."""
    return loan_no
