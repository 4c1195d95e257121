"""What reading a file yields: frozen facts, safe to store and to show."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """How far reading got; the archive adds `duplicate`."""

    STORED = "stored"
    NO_TEXT = "no_text"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TYPE_MISMATCH = "type_mismatch"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"


class Flag(StrEnum):
    """What a file carries that a reader of it should know; nothing of it is ever executed."""

    MACRO = "macro"
    JAVASCRIPT = "javascript"
    LAUNCH_ACTION = "launch_action"
    EXTERNAL_LINK = "external_link"
    REMOTE_TEMPLATE = "remote_template"
    EMBEDDED_FILE = "embedded_file"
    OLE = "ole"
    ACTIVEX = "activex"
    DDE = "dde"
    ENTITIES = "entities"  # declares XML entities; they are never expanded
    SCRIPT = "script"
    SIGNATURE = "signature"
    FORM = "form"
    RESTRICTED = "restricted"  # opens without a password, yet its maker restricted its use
    TRAILING_DATA = "trailing_data"  # one file that is also another (polyglot)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """One page, or one stretch of about 1,000 characters where the format has no pages.

    Attributes:
        no: from 1.
        width: points (1/72 inch), 0 where the format has no pages.
        height: points, likewise.
        needs_ocr: the page shows something that the text layer does not hold.
    """

    no: int
    text: str
    width: float = 0.0
    height: float = 0.0
    needs_ocr: bool = False


class Verdict(StrEnum):
    """What the bytes say of a signature; trust in its certificate is another question."""

    VALID = "valid"  # the content is what was signed
    CHANGED = "changed"  # it is not
    UNVERIFIED = "unverified"  # no verdict; the message says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One electronic signature of a file.

    Attributes:
        form: pdf or ofd.
        signer: name in the certificate; issuer: who issued it.
        signed_at: as the signature claims, ISO or as it stands there.
        message: Chinese: what was found.
    """

    form: str
    verdict: Verdict
    signer: str = ""
    issuer: str = ""
    signed_at: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What reading found.

    Attributes:
        media_type: by content, not by name.
        extension: the usual one of that type, with its dot; empty where the type is unknown.
        message: Chinese: the reason and what to do next; empty where there is nothing to say.
        properties: author, title, created … as the file claims them; claims, not proof.
        flags: what the file carries, sorted.
        reader: the program that read it, such as `pdfium` or `pdfium+pypdf`.
    """

    state: State
    media_type: str
    extension: str
    pages: tuple[PageText, ...] = ()
    message: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    reader: str = ""
    signatures: tuple[Signature, ...] = ()

    @property
    def chars(self) -> int:
        """Return how many characters of text there are, blanks included."""
        return sum(len(page.text) for page in self.pages)

    @property
    def ocr_pages(self) -> tuple[int, ...]:
        """Return the numbers of the pages that need recognition."""
        return tuple(page.no for page in self.pages if page.needs_ocr)


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrBox:
    """One recognised line; edges as fractions of the page, from its upper left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrPage:
    """A recognised page: text in reading order, its lines, and how sure the recogniser is.

    Attributes:
        confidence: mean over the characters, 0 to 1; 0 where nothing was recognised.
        turn: degrees clockwise that make the page stand upright; the places of the lines are
            those on the page as it lies.
    """

    text: str
    boxes: tuple[OcrBox, ...]
    confidence: float
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive, or the reason it could not be had.

    Attributes:
        name: as given, for people to read; never a path to write to. Members of an archive
            within the archive are named `inner.zip/name`.
        path: where the bytes lie until the iteration ends, under a neutral name; None on error.
        error: Chinese reason, empty where all went well.
    """

    name: str
    path: Path | None
    size: int = 0
    state: State = State.STORED
    error: str = ""
