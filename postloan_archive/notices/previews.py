"""A letter as pictures of its pages, or as text where there is no LibreOffice."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from postloan_archive.notices import service
from postloan_archive.notices.models import Notice
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import (
    OfficeFailedError,
    OfficeMissingError,
    docx_text,
    docx_to_pdf,
    pdf_pictures,
    soffice_path,
)

WIDTH: Final = 900  # pixels of a page
KEPT: Final = 40  # letters whose pictures stay in memory, about 100 KB each
TIMEOUT_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a letter looks like; `text` where pictures cannot be had, with the reason."""

    pictures: tuple[bytes, ...] = ()
    text: str = ""
    reason: str = ""


class _Kept:
    """The pictures last made, by digest of the .docx; one conversion at a time."""

    def __init__(self) -> None:
        self.by_digest: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()
        self.lock = threading.Lock()


_KEPT: Final = _Kept()


def preview_of(uow: UnitOfWork, notice: Notice) -> Preview:
    """Return the letter as it is, or as it would be issued today.

    Raises:
        PlaceholderLeftError: a blank is not filled in.
        LetterError: the template cannot be filled.
    """
    return drawn(uow, service.preview(uow, notice))


def drawn(uow: UnitOfWork, docx: bytes) -> Preview:
    """Return a paper as pictures of its pages, as text where there is no LibreOffice."""
    digest = sha256(docx).hexdigest()
    with _KEPT.lock:
        pictures = _KEPT.by_digest.get(digest)
        if pictures is None:
            try:
                (pdf,) = docx_to_pdf(
                    [docx], soffice=soffice_path(uow.settings.soffice), timeout_s=TIMEOUT_S
                )
            except (OfficeMissingError, OfficeFailedError) as error:
                return Preview(text=docx_text(docx), reason=str(error))
            pictures = _KEPT.by_digest[digest] = pdf_pictures(pdf, width=WIDTH)
            while len(_KEPT.by_digest) > KEPT:
                _KEPT.by_digest.popitem(last=False)
    return Preview(pictures=pictures)
