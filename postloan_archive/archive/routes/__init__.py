"""检索、卷内文件、收件箱: URL -> form -> service -> page."""

from postloan_archive.archive.routes import (
    batches,
    completeness,
    images,
    inbox,
    items,
    phone,
    pieces,
    redaction,
    search,
    sending,
    uploads,
)
from postloan_archive.archive.routes.blueprint import bp

__all__ = [
    "batches",
    "bp",
    "completeness",
    "images",
    "inbox",
    "items",
    "phone",
    "pieces",
    "redaction",
    "search",
    "sending",
    "uploads",
]
