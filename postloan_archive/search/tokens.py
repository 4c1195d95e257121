"""How folded text becomes the tokens of an index: overlapping two-grams, and characters.

Tokens are separated by blanks, so blanks of the text are written as another character. The
`ascii` tokenizer of FTS5 cuts at blanks only, because every other printable ASCII character is
named as a token character and all others are token characters to it. So for every adapter a
token is exactly what is written here.
"""

from array import array
from itertools import pairwise
from typing import Final

from postloan_archive.search import fields

PUNCTUATION: Final = "".join(c for c in map(chr, range(33, 127)) if not c.isalnum())
BLANK: Final = "\ue000"
END: Final = "\ue001"  # follows the last character, so that a single character has its gram
MARKS: Final = {name: chr(0xE010 + n) for n, name in enumerate(fields.WORD_FIELDS)}
PART: Final = "\x1f"  # between the parts of a stored token source; folding removes controls


def source(text: str, values: dict[str, str]) -> str:
    """Return the token source of a page: its folded text, then each field mark and value."""
    return PART.join((text, *(mark + value for mark, value in values.items() if value)))


def text_of(token_source: str) -> str:
    """Return the folded page text of a token source."""
    return token_source.partition(PART)[0]


def gram_tokens(token_source: str) -> str:
    """Return the two-grams of all parts."""
    text, *values = token_source.split(PART)
    grams = [_grams(text)] if text else []
    grams += [_marked_grams(value[0], value[1:]) for value in values]
    return " ".join(grams)


def char_tokens(token_source: str) -> str:
    """Return each character once; those of a field with the mark of the field."""
    text, *values = token_source.split(PART)
    chars = list(dict.fromkeys(text.replace(" ", BLANK)))
    for value in values:
        chars += [value[0] + c for c in dict.fromkeys(value[1:].replace(" ", BLANK))]
    return " ".join(chars)


def gram_phrase(mark: str, form: str) -> str:
    """Return the MATCH expression for a form of two or more characters."""
    form = form.replace(" ", BLANK)
    grams = " ".join(mark + a + b for a, b in pairwise(form))
    return _quoted(grams)


def char_phrase(mark: str, char: str) -> str:
    """Return the MATCH expression for one character."""
    return _quoted(mark + char.replace(" ", BLANK))


def _quoted(tokens: str) -> str:
    return '"' + tokens.replace('"', '""') + '"'


def _grams(text: str) -> str:
    text = text.replace(" ", BLANK) + END
    units = array("H", text.encode("utf-16-le"))
    if len(units) > len(text):  # characters outside the basic plane are two units
        return " ".join(a + b for a, b in pairwise(text))
    grams = array("H", [32]) * (3 * (len(units) - 1))
    grams[0::3] = units[:-1]
    grams[1::3] = units[1:]
    return grams.tobytes().decode("utf-16-le")


def _marked_grams(mark: str, value: str) -> str:
    value = value.replace(" ", BLANK) + END
    return " ".join(mark + a + b for a, b in pairwise(value))
