"""Names of files as a person reads them; pure."""

from typing import Final

_NUL_SIGN: Final = "\u2400"  # PostgreSQL stores no NUL


def shown_name(given: str) -> str:
    """Return the name as text: bytes that are no UTF-8 are taken for GB 18030.

    A name from a disk may hold any bytes; Python keeps them as lone surrogates, which neither
    a database nor a page can take.
    """
    text = given
    try:
        given.encode("utf-8")
    except UnicodeEncodeError:
        raw = _bytes_of(given)
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
    return text.replace("\0", _NUL_SIGN)


def _bytes_of(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte
        return text.encode("utf-8", "replace")
