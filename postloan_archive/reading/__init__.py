"""Text, page images and recognition of files from strangers, in child processes with limits.

Nothing in this package trusts a file: each is parsed in a worker without network, with bounded
memory and time, and what comes back is a state with a reason, never an exception of a parser.
"""

from postloan_archive.reading.archives import is_archive, unpack
from postloan_archive.reading.files import read_file
from postloan_archive.reading.gathered import Part, gathered
from postloan_archive.reading.limits import DEFAULT_LIMITS, Limits
from postloan_archive.reading.ocr import OcrPool, ocr_available, ocr_page
from postloan_archive.reading.page_images import has_page_image, render_page
from postloan_archive.reading.places import Place, word_places
from postloan_archive.reading.refusals import (
    DamagedError,
    EncryptedError,
    NoPageError,
    NotRenderableError,
    OcrUnavailableError,
    TimedOutError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from postloan_archive.reading.results import (
    Flag,
    Member,
    OcrBox,
    OcrPage,
    PageText,
    ReadResult,
    Signature,
    State,
    Verdict,
)

__all__ = [
    "DEFAULT_LIMITS",
    "DamagedError",
    "EncryptedError",
    "Flag",
    "Limits",
    "Member",
    "NoPageError",
    "NotRenderableError",
    "OcrBox",
    "OcrPage",
    "OcrPool",
    "OcrUnavailableError",
    "PageText",
    "Part",
    "Place",
    "ReadResult",
    "Signature",
    "State",
    "TimedOutError",
    "TooLargeError",
    "UnreadableError",
    "UnsupportedError",
    "Verdict",
    "gathered",
    "has_page_image",
    "is_archive",
    "ocr_available",
    "ocr_page",
    "read_file",
    "render_page",
    "unpack",
    "word_places",
]
