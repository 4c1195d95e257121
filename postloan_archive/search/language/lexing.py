"""Cuts a query into words, operators, brackets and ranges; never fails."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.search import fields, ranges
from postloan_archive.search.identifiers import identifier_spans
from postloan_archive.search.tree import AmountRange, DateRange

_OPERATORS: Final = {
    **dict.fromkeys(("AND", "&&", "与", "且", "并且"), "AND"),
    **dict.fromkeys(("OR", "||", "或", "或者"), "OR"),
    **dict.fromkeys(("NOT", "非"), "NOT"),
}
_QUOTES: Final = {
    **dict.fromkeys('"“”＂', '"“”＂'),
    "「": "」",
    "『": "』",
}
_OPENING: Final = "(（"
_CLOSING: Final = ")）"
_FIELD: Final = re.compile(r"([^\W\d][\w]{0,15})[:：]")
_BRACKETED_RANGE: Final = re.compile(r"[\[【{]([^\[\]【】{}]{1,60})[\]】}]")
_RANGE_WITH_BLANKS: Final = re.compile(
    r"(?:>=|<=|≥|≤|>|<|＞|＜|＞＝|＜＝)?\s*[^\s()（）\"“”]+(?:\s*(?:\.\.+|…+|至|到|~|～|\sTO\s)\s*[^\s()（）\"“”]+)?",
)


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    RANGE = "range"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One piece of a query; `text` is as typed, or AND, OR, NOT for an operator."""

    kind: Kind
    text: str
    typed: str = ""
    field: str | None = None
    range: DateRange | AmountRange | None = None


class Lexer:
    """Walks over one query.

    `broken` gathers what is wrong with it: `quotes`, `brackets`, `range`, `field`.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._fields: list[str | None] = []  # one for each open bracket
        self._atoms = identifier_spans(text)
        self._partners = _matching_brackets(text)
        self.tokens: list[Token] = []
        self.broken: set[str] = set()

    def run(self) -> list[Token]:
        """Return the tokens."""
        while self._at < len(self._text):
            if self._text[self._at].isspace():
                self._at += 1
            else:
                self._token()
        return self.tokens

    def _token(self) -> None:
        text, at = self._text, self._at
        char = text[at]
        field = self._fields[-1] if self._fields else None
        if found := _FIELD.match(text, at):
            name = fields.FIELD_OF.get(unicodedata.normalize("NFKC", found[1]).lower())
            if name is not None and self._field(name, found.end()):
                return
        if char in _QUOTES and self._quoted(field):
            return
        if char in _CLOSING and self._fields:
            self._fields.pop()
            self._put(Kind.CLOSE, ")", at + 1)
        elif char in _OPENING and self._groups(at):
            self._fields.append(field)
            self._put(Kind.OPEN, "(", at + 1)
        else:
            self._word(field)

    def _put(self, kind: Kind, text: str, end: int, field: str | None = None) -> None:
        typed = self._text[self._at : end]
        self.tokens.append(Token(kind=kind, text=text, typed=typed, field=field))
        self._at = end

    def _field(self, name: str, at: int) -> bool:
        """Read the value after `name:`; return whether there is one."""
        text = self._text
        if at >= len(text) or text[at].isspace():
            self.broken.add("field")
            return False
        if name in {fields.DATE, fields.AMOUNT}:
            return self._range(name, at)
        if text[at] in _QUOTES:
            self._at = at
            if self._quoted(name):
                return True
        if text[at] in _OPENING and self._groups(at):
            self._fields.append(name)
            self._at = at
            self._put(Kind.OPEN, "(", at + 1)
            return True
        if text[at] in _CLOSING and self._fields:
            self.broken.add("field")
            return False
        self._at = at
        self._word(name)
        return True

    def _range(self, name: str, at: int) -> bool:
        understand = ranges.date_range if name == fields.DATE else ranges.amount_range
        for pattern in (_BRACKETED_RANGE, _RANGE_WITH_BLANKS):
            found = pattern.match(self._text, at)
            if found is None:
                continue
            typed = found[1] if pattern is _BRACKETED_RANGE else found[0]
            value = understand(typed)
            end = found.end()
            if value is None and pattern is _RANGE_WITH_BLANKS:  # without what follows a blank
                end = at + len(found[0].split()[0])
                value = understand(self._text[at:end])
            if value is not None:
                self._at = at
                self.tokens.append(
                    Token(kind=Kind.RANGE, text=name, typed=self._text[at:end], range=value)
                )
                self._at = end
                return True
        self.broken.add("range")
        return False

    def _quoted(self, field: str | None) -> bool:
        closing = _QUOTES[self._text[self._at]]
        for end in range(self._at + 1, len(self._text)):
            if self._text[end] in closing:
                words = self._text[self._at + 1 : end]
                if words.strip():
                    self._put(Kind.WORD, words, end + 1, field)
                self._at = end + 1
                return True
        self.broken.add("quotes")
        self._at += 1  # the lone quote is dropped, what follows is read as plain words
        return True

    def _groups(self, at: int) -> bool:
        """Return whether the bracket opens a group, and is not part of a word."""
        end = self._partners.get(at)
        if end is None:
            self.broken.add("brackets")
            return False
        return not (self._is_solid(at, end) and self._touches(end + 1))

    def _is_solid(self, start: int, end: int) -> bool:
        inner = self._text[start + 1 : end]
        return bool(inner) and not any(c.isspace() or c in _QUOTES for c in inner)

    def _touches(self, at: int) -> bool:
        text = self._text
        return at < len(text) and not (
            text[at].isspace() or text[at] in _QUOTES or text[at] in _CLOSING
        )

    def _word(self, field: str | None) -> None:
        text, start = self._text, self._at
        at = self._atoms.get(start, start)
        while at < len(text):
            char = text[at]
            if char.isspace() or (char in _QUOTES and at > start):
                break
            if char in _CLOSING and self._fields:
                break
            if char in _OPENING and at in self._partners:
                end = self._partners[at]
                if not self._is_solid(at, end) or self._is_operator(text[start:at]):
                    if at > start:
                        break
                else:
                    at = end
            at += 1
        typed = text[start:at]
        if not typed:  # a bracket that cannot be anything else
            typed, at = text[start], start + 1
        operator = _operator(typed)
        if operator and field is None:
            self._put(Kind.OPERATOR, operator, at)
        elif operator and self._fields and start == self._at and field == self._fields[-1]:
            self._put(Kind.OPERATOR, operator, at, field)
        else:
            self._put(Kind.WORD, typed, at, field)

    def _is_operator(self, typed: str) -> bool:
        return _operator(typed) is not None


def _operator(typed: str) -> str | None:
    return _OPERATORS.get(typed) or _OPERATORS.get(unicodedata.normalize("NFKC", typed))


def _matching_brackets(text: str) -> dict[int, int]:
    """Return where each opening bracket closes; brackets inside quotes do not count."""
    partners: dict[int, int] = {}
    waiting: list[int] = []
    closing = ""
    for at, char in enumerate(text):
        if closing:
            closing = "" if char in closing else closing
        elif char in _QUOTES and any(c in _QUOTES[char] for c in text[at + 1 :]):
            closing = _QUOTES[char]
        elif char in _OPENING:
            waiting.append(at)
        elif char in _CLOSING and waiting:
            partners[waiting.pop()] = at
    return partners
