"""Puts the pieces of a query together; whoosh.qparser reads the operators and brackets."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from whoosh import query as whoosh_query
from whoosh.qparser import GroupPlugin, OperatorsPlugin, QueryParser, WhitespacePlugin

from postloan_archive.kernel.errors import _l
from postloan_archive.search import fields
from postloan_archive.search.language.lexing import Kind, Lexer, Token
from postloan_archive.search.normal import word_forms
from postloan_archive.search.port import Mode
from postloan_archive.search.tree import ALL, And, Node, Not, Or, Tag, Word

MOST_CHARACTERS: Final = 1_000
MOST_WORDS: Final = 64
DEEPEST: Final = 20

_FIELDS_OF_MODE: Final = {
    Mode.TEXT: (fields.TEXT,),
    Mode.TITLE: (fields.TITLE,),
    Mode.NUMBER: fields.NUMBER_FIELDS,
    Mode.ALL: (fields.TEXT, fields.TITLE, *fields.NAME_FIELDS, *fields.NUMBER_FIELDS),
}
_NOTES: Final = {
    "quotes": _l("引号不成对，已按普通词检索。"),
    "brackets": _l("括号不成对，已按字面检索。"),
    "range": _l("日期或金额范围写法不对，已按字面检索。"),
    "field": _l("字段名后面没有内容，已按字面检索。"),
    "operators": _l("运算符前后缺少检索词，已按字面检索。"),
    "depth": _l("括号层次过多，已忽略括号。"),
    "length": _l("检索式过长，只使用了开头部分。"),
    "empty": _l("有的检索词没有可检索的文字，已忽略。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The meaning of a query and what had to be bent to get there."""

    node: Node
    notes: tuple[str, ...]


def parse(text: str, mode: Mode = Mode.TEXT) -> Parsed:
    """Return what a query means; every text means something."""
    broken: set[str] = set()
    if len(text) > MOST_CHARACTERS:
        broken.add("length")
        text = text[:MOST_CHARACTERS]
    lexer = Lexer(text)
    tokens = lexer.run()
    broken |= lexer.broken
    tokens = _with_limits(tokens, broken)
    tokens = _without_empty_words(tokens, broken)
    tokens = _mended(tokens, broken)
    node = _tree(tokens, _FIELDS_OF_MODE[mode])
    return Parsed(node=node, notes=tuple(note for key, note in _NOTES.items() if key in broken))


def _with_limits(tokens: list[Token], broken: set[str]) -> list[Token]:
    depth = deepest = 0
    for token in tokens:
        depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        broken.add("depth")
        tokens = [t for t in tokens if t.kind not in {Kind.OPEN, Kind.CLOSE}]
    kept: list[Token] = []
    words = 0
    for token in tokens:
        words += token.kind in {Kind.WORD, Kind.RANGE}
        if words > MOST_WORDS and token.kind is not Kind.CLOSE:
            broken.add("length")
        else:
            kept.append(token)
    return kept


def _without_empty_words(tokens: list[Token], broken: set[str]) -> list[Token]:
    kept = [t for t in tokens if t.kind is not Kind.WORD or word_forms(t.text)]
    if len(kept) < len(tokens):
        broken.add("empty")
    return kept


def _mended(tokens: list[Token], broken: set[str]) -> list[Token]:
    """Return tokens in which each operator has what it needs; others become plain words."""
    while True:
        mended = _mend_once(tokens)
        if mended is None:
            return tokens
        if any(t.kind is Kind.OPERATOR for t in tokens):
            broken.add("operators")
        tokens = mended


def _mend_once(tokens: list[Token]) -> list[Token] | None:
    changed = False
    mended: list[Token] = []
    for place, token in enumerate(tokens):
        before = mended[-1] if mended else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.kind is Kind.CLOSE and before is not None and before.kind is Kind.OPEN:
            mended.pop()  # an empty pair of brackets
            changed = True
        elif token.kind is Kind.OPERATOR and not _has_operands(token, before, after):
            mended.append(replace(token, kind=Kind.WORD, text=token.typed))
            changed = True
        else:
            mended.append(token)
    return mended if changed else None


def _has_operands(token: Token, before: Token | None, after: Token | None) -> bool:
    starts = after is not None and (
        after.kind in {Kind.WORD, Kind.RANGE, Kind.OPEN}
        or (token.text != "NOT" and after.kind is Kind.OPERATOR and after.text == "NOT")
    )
    ends = before is not None and before.kind in {Kind.WORD, Kind.RANGE, Kind.CLOSE}
    return starts and (ends or token.text == "NOT")


@lru_cache(maxsize=1)
def _structure() -> QueryParser:
    operators = OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None)
    plugins = [WhitespacePlugin(), GroupPlugin(), operators]
    return QueryParser(None, schema=None, plugins=plugins)


def _tree(tokens: list[Token], default: tuple[str, ...]) -> Node:
    if not tokens:
        return ALL
    leaves: list[Node] = []
    pieces: list[str] = []
    before: Token | None = None
    for token in tokens:
        joins = token.kind is not Kind.CLOSE and (
            token.kind is not Kind.OPERATOR or token.text == "NOT"
        )
        if joins and before and before.kind in {Kind.WORD, Kind.RANGE, Kind.CLOSE}:
            pieces.append("AND")  # several words without an operator mean all of them
        if token.kind in {Kind.WORD, Kind.RANGE}:
            pieces.append(f"w{len(leaves)}")
            leaves.append(_leaf(token, default))
        else:
            pieces.append(token.text)
        before = token
    return _converted(_structure().parse(" ".join(pieces), normalize=False), leaves)


def _leaf(token: Token, default: tuple[str, ...]) -> Node:
    if token.range is not None:
        return token.range
    if token.field in fields.TAGS:
        if token.field == "branch" and not token.text.strip().isdecimal():
            return Word(forms=word_forms(token.text), fields=("branch_name",))
        if token.field == "item" and not token.text.strip().isascii():
            return Word(forms=word_forms(token.text), fields=("item_name",))
        return Tag(kind=token.field, value=fields.tag_value(token.field, token.text))
    where = default if token.field is None else (token.field,)
    return Word(forms=word_forms(token.text), fields=where)


def _converted(parsed: whoosh_query.Query, leaves: list[Node]) -> Node:
    match parsed:
        case whoosh_query.Term():
            return leaves[int(parsed.text[1:])]
        case whoosh_query.Not():
            return Not(_converted(parsed.query, leaves))
        case whoosh_query.Or():
            return Or(tuple(_converted(part, leaves) for part in parsed))
        case _:
            parts = tuple(_converted(part, leaves) for part in parsed)
            return parts[0] if len(parts) == 1 else And(parts)
