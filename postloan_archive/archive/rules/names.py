"""Names of files: as a person reads them, and as a download may bear them; pure."""

import re
from typing import Final

FALLBACK: Final = "文件"
MAX_BYTES: Final = 180  # of UTF-8; every file system takes 255, and a number may be added
_NUL_SIGN: Final = "\u2400"  # PostgreSQL stores no NUL
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff:*?\"<>|]"
)
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def shown_name(given: str) -> str:
    """Return the name as text: bytes that are no UTF-8 are taken for GB 18030.

    A name from a disk may hold any bytes; Python keeps them as lone surrogates, which neither
    a database nor a page can take.
    """
    try:
        given.encode("utf-8")
        text = given
    except UnicodeEncodeError:
        raw = given.encode("utf-8", "surrogateescape" if _is_escaped(given) else "replace")
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
    return text.replace("\0", _NUL_SIGN)


def download_name(filename: str) -> str:
    """Return the name under which a browser may save the file, on any system.

    Folders, signs that a shell or a screen takes for orders, and names of devices are gone;
    the end, such as `.pdf`, stays where the name is cut.
    """
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = _UNSAFE.sub("_", last.replace(_NUL_SIGN, "_")).strip(" .")
    stem, dot, end = name.rpartition(".")
    if not dot or len(end) > 10:  # noqa: PLR2004 - no end of a name is longer
        stem, dot, end = name, "", ""
    room = MAX_BYTES - len(f"{dot}{end}".encode())
    name = stem.encode()[:room].decode("utf-8", "ignore").strip() + dot + end
    if _DEVICE.match(name):
        name = f"_{name}"
    return name.strip(" .") or FALLBACK


def _is_escaped(text: str) -> bool:
    """Return whether all lone surrogates are bytes that Python kept."""
    return all("\udc80" <= sign <= "\udcff" for sign in text if "\ud800" <= sign <= "\udfff")
