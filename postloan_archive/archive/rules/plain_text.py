"""Text without what people and recognition write in different ways; pure."""

import re
import unicodedata
from typing import Final

_BLANK: Final = re.compile(r"\s+")
_HYPHENS: Final = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_BRACKETS: Final = str.maketrans("【】〔〕［］[]", "()()()()")


def plain(text: str) -> str:
    """Return the text without blanks, in one width, case, kind of brackets and hyphens."""
    even = unicodedata.normalize("NFKC", text).translate(_HYPHENS).translate(_BRACKETS)
    return _BLANK.sub("", even).upper()
