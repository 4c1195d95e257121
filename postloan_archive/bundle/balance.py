"""Whether a content stream leaves the graphics state as it found it.

A stamp goes after the page's own content. If that saves the state more often than it restores
it, or the other way round, the stamp would land in foreign coordinates; the depths found here
say how many `q` must go before it and how many `Q` after it.
"""

import re
from typing import Final

# Operators that stand alone between blanks or delimiters; strings are not looked into.
_QUICK: Final = re.compile(rb"(?<![^\s\]\)>}])[qQ](?![^\s\[\(</%])")
# The same with strings, comments and inline images skipped as a reader would skip them.
_EXACT: Final = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))*+\)"
    rb"|<<|<[0-9A-Fa-f\s]*+>"
    rb"|%[^\r\n]*+"
    rb"|/[^\s/\[\]()<>{}%]*+"
    rb"|(?<![^\s])ID\s.*?\sEI(?![^\s])"
    rb"|(?<![^\s\]\)>}])([qQ])(?![^\s\[\(</%])",
    re.DOTALL,
)


def depths(content: bytes) -> tuple[int, int]:
    """Return (missing, open): `Q` without a `q` before them, `q` without a `Q` after them."""
    quick = _walk(_QUICK.findall(content))
    if quick == (0, 0):
        return quick
    return _walk(_EXACT.findall(content))


def _walk(operators: list[bytes]) -> tuple[int, int]:
    depth = lowest = 0
    for operator in operators:
        if operator == b"q":
            depth += 1
        elif operator == b"Q":
            depth -= 1
            lowest = min(lowest, depth)
    return -lowest, depth - lowest
