"""Page images and originals: rights first, a line in the trail, then the bytes."""

from dataclasses import replace
from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import page_images
from postloan_archive.archive.finding import Find
from postloan_archive.archive.page_images import PageSource, Size
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.reading import Limits
from postloan_archive.search import Mode
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import the_system, unit_of_work

WORDS: Final = 200  # characters of the words to mark
MODES: Final = {str(mode): mode for mode in Mode}
SIZES: Final = {"thumb": Size.THUMB, "page": Size.PAGE, "large": Size.LARGE}


@bp.get("/documents/<int:document_id>/pages/<int:no>.jpg")
@requires(Permission.DOCUMENT_VIEW)
def page_image(document_id: int, no: int) -> ResponseReturnValue:
    """Draw one page, marked with who looks at it."""
    size = SIZES.get(request.args.get("size", ""), Size.PAGE)
    words = request.args.get("q", "").replace("\0", "").strip()[:WORDS]
    mode = MODES.get(request.args.get("mode", ""), Mode.ALL)
    cmd = Find(text=words, mode=mode) if words else None
    with unit_of_work() as uow:
        source = page_images.view_page(uow, document_id, no, size, cmd)
    return jpeg(replace(source, straight=bool(request.args.get("straight"))))


def jpeg(source: PageSource) -> Response:
    """Return the image; the browser shows it and keeps nothing."""
    settings = the_system().settings
    image = page_images.draw(
        settings.data / "cache" / "pages",
        source,
        limits=Limits(wall_s=settings.reading_timeout_s, memory_mb=settings.reading_memory_mb),
        font=settings.cjk_font,
    )
    return Response(image, mimetype="image/jpeg")
