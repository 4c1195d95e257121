"""One part of a template as a Jinja program, and the errors it can meet, named by their tag."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import Final
from xml.parsers import expat

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateError, UndefinedError, nodes

from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.wordgen.faults import Fault, nearest_name, place_in_words
from postloan_archive.wordgen.printing import BlankError
from postloan_archive.wordgen.sandbox import (
    COUNTED,
    FORBIDDEN_NAMES,
    JOINED,
    PRINT_PARAGRAPHS,
    PRINT_PROPERTY,
    PRINT_RUNS,
    PRINT_TEXT,
    LetterEnvironment,
    forbidden,
)
from postloan_archive.wordgen.structure import Pieces, Printed
from postloan_archive.wordgen.tags import CLOSE, OPEN, Tag
from postloan_archive.wordgen.values import LetterError, Plain, UnprintableValueError
from postloan_archive.wordgen.work import MAX_OUTPUT, Work, WorkLimitError

_REFERENCE: Final = re.compile(f"{OPEN}(\\d+){CLOSE}|\\n")
_CHECK_EVERY: Final = 256  # pieces of output between two looks at the clock
ESCAPES: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
_FILTERS: Final = {"text": PRINT_TEXT, "runs": PRINT_RUNS, "paragraphs": PRINT_PARAGRAPHS,
                   "property": PRINT_PROPERTY}  # fmt: skip

BROKEN: Final = (
    TemplateError, SyntaxError, RecursionError, MemoryError, ValueError, OverflowError,
    ArithmeticError, TypeError, LookupError, AssertionError,
)  # fmt: skip
"""What reading a hostile tag can raise in Jinja and in Python's own compiler."""


class MissingValueError(LetterError):
    """A letter asked for a field that has no value."""

    next_step = _l('补齐该字段的数据，或在模板中写 |default("…") 说明留空时印什么。')

    def __init__(self, *, tag: Tag, name: str, nearest: str | None) -> None:
        self.name, self.nearest = name, nearest
        super().__init__(
            _l("{place}的“{tag}”没有数据{name}。"),
            place=place_in_words(tag.part, tag.paragraph),
            tag=tag.excerpt,
            name=(f"（{name}）" if name else "")
            + (f"，是否想写“{nearest}”" if nearest else ""),
        )


class FillError(LetterError):
    """A tag could not be worked out with this letter's values."""

    next_step = _l("检查该标签与所用字段的数据。")

    def __init__(self, *, tag: Tag, reason: str) -> None:
        super().__init__(
            _l("{place}的“{tag}”无法套用：{reason}"),
            place=place_in_words(tag.part, tag.paragraph),
            tag=tag.excerpt,
            reason=reason,
        )


class BrokenLetterError(LetterError):
    """The filled part is not well-formed XML."""

    next_step = _l("检查模板中条件与循环的位置。")

    def __init__(self, *, part: str, reason: str) -> None:
        super().__init__(_l("{part} 套用后结构不完整：{reason}"), part=part, reason=reason)


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled part."""

    part: str
    template: JinjaTemplate
    by_line: tuple[Tag | None, ...]

    def run(self, values: Mapping[str, Plain], work: Work) -> bytes:
        """Return the filled part.

        Raises:
            LetterError: a value is missing or cannot be printed, or a limit was passed.
        """
        out: list[str] = []
        size = 0
        try:
            texts = self.template.root_render_func(self.template.new_context(dict(values)))
            while some := list(islice(texts, _CHECK_EVERY)):
                out += some
                size += sum(map(len, some))
                work.check_time()
                if size > MAX_OUTPUT:
                    raise WorkLimitError(what=_l("输出过大"))
        except (BlankError, PostloanError, *BROKEN) as error:
            raise self._located(error, values) from error
        data = "".join(out).encode()
        self._check(data)
        return data

    def _check(self, data: bytes) -> None:
        # Prefixes need no second look, which would cost as much again: the template was read
        # with namespaces, blocks stand whole, and what is printed declares its own.
        try:
            expat.ParserCreate().Parse(data, True)  # noqa: FBT003  # its signature
        except expat.ExpatError as error:
            raise BrokenLetterError(part=self.part, reason=str(error)) from error

    def _located(self, error: Exception, values: Mapping[str, Plain]) -> LetterError:
        tag = self._tag_at(error.__traceback__)
        if isinstance(error, WorkLimitError):
            place = place_in_words(tag.part, tag.paragraph)
            return WorkLimitError(what=f"{error.facts['what']}（{place}“{tag.excerpt}”）")
        if isinstance(error, UndefinedError | BlankError):
            name = _undefined_name(error)
            nearest = nearest_name(name, values) if name and name not in values else None
            return MissingValueError(tag=tag, name=name, nearest=nearest)
        if isinstance(error, UnprintableValueError):
            return FillError(tag=tag, reason=str(error.facts["reason"]) + "。")
        if isinstance(error, PostloanError):
            return FillError(tag=tag, reason=str(error))
        return FillError(tag=tag, reason=_l("数据类型或运算不合要求。"))

    def _tag_at(self, trace: TracebackType | None) -> Tag:
        line = 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.template.filename:
                line = self.template.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        tag = self.by_line[line - 1] if 0 < line <= len(self.by_line) else None
        return tag or Tag(
            opening="", kind="", body="", part=self.part, paragraph=0, excerpt="?"
        )


def _undefined_name(error: Exception) -> str:
    found = re.search(r"'(?:[\w ]+ object)?' has no attribute '(\w+)'|^'(\w+)' is undefined|"
                      r"has no (?:attribute|element) '?(\w+)", str(error))  # fmt: skip
    return next((group for group in found.groups() if group), "") if found else ""


_AROUND: Final = {
    "for": ("", "{% endfor %}"),
    "if": ("", "{% endif %}"),
    "elif": ("{% if 1 %}", "{% endif %}"),
    "else": ("{% if 1 %}", "{% endif %}"),
    "endif": ("{% if 1 %}", ""),
    "endfor": ("{% for a in b %}", ""),
}


_PLAIN: Final = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*", re.ASCII)
_RESERVED: Final = FORBIDDEN_NAMES | {
    "and", "else", "false", "if", "in", "is", "none", "not", "or", "true",
    "False", "None", "True",
}  # fmt: skip


def _plain_tree(body: str) -> nodes.Template:
    """Return what Jinja makes of a name or of names with dots between them."""
    first, *rest = body.split(".")
    node: nodes.Expr = nodes.Name(first, "load", lineno=1)
    for name in rest:
        node = nodes.Getattr(node, name, "load", lineno=1)
    return nodes.Template([nodes.Output([node], lineno=1)], lineno=1)


def parse_tag(tag: Tag, env: LetterEnvironment) -> tuple[nodes.Template | None, list[Fault]]:
    """Return the syntax tree of a single tag, its block closed, and what is wrong with it."""
    plain = _PLAIN.fullmatch(tag.body) if tag.opening == "{{" else None
    if plain and not _RESERVED.intersection(tag.body.split(".")):
        return _plain_tree(tag.body), []  # as most tags are; saves the lexer and the parser
    before, after = _AROUND.get(tag.word, ("", "")) if tag.opening == "{%" else ("", "")
    try:
        tree = env.parse(before + tag.source + after)
    except BROKEN as error:
        return None, [tag.fault("syntax", reason=_reason(error))]
    return tree, [_tag_fault(tag, env, *one) for one in dict.fromkeys(forbidden(tree, env))]


def _tag_fault(tag: Tag, env: LetterEnvironment, code: str, name: str) -> Fault:
    if code == "unknown_filter":
        fault = tag.fault(code, name=name)
        return replace(fault, nearest=nearest_name(name, env.public_filters))
    return tag.fault(code, **{"what" if code == "forbidden" else "name": name})


def parse_part(pieces: Pieces, tags: list[Tag], env: LetterEnvironment) -> nodes.Template:
    """Return the syntax tree of a whole part; line n of it is piece n.

    The text of the part never goes through Jinja: a line refers to it by number.
    """
    lines = [
        f"{OPEN}{place}{CLOSE}" if isinstance(item, str) else tags[item].source
        for place, item in enumerate(pieces.items)
    ]
    return env.parse("\n".join(lines))


def compile_part(
    part: str, pieces: Pieces, tags: list[Tag], tree: nodes.Template, env: LetterEnvironment
) -> Program:
    """Return the program of a part whose tags have been checked."""
    outputs: list[nodes.Output] = []
    loops: list[nodes.For] = []
    for node in tree.find_all((nodes.TemplateData, nodes.Output, nodes.For)):
        if isinstance(node, nodes.TemplateData):
            node.data = _REFERENCE.sub(lambda found: _text(pieces, found[1]), node.data)
        elif isinstance(node, nodes.Output):
            outputs.append(node)
        elif isinstance(node, nodes.For):
            loops.append(node)
    for output in outputs:
        output.nodes = [
            node if isinstance(node, nodes.TemplateData) else _printed(pieces, node)
            for node in output.nodes
            if not isinstance(node, nodes.TemplateData) or node.data
        ]
    for loop in loops:
        loop.iter = _filter(loop.iter, COUNTED, [])
    if any("~" in tag.body for tag in tags):
        _replace_joins(tree)
    filename = f"<{part}>"
    code = env.compile(tree, name=part, filename=filename)
    by_line = tuple(None if isinstance(item, str) else tags[item] for item in pieces.items)
    return Program(part, JinjaTemplate.from_code(env, code, {}, None), by_line)


def _text(pieces: Pieces, number: str | None) -> str:
    item = pieces.items[int(number)] if number else ""
    text = item if isinstance(item, str) else ""
    for typed, meant in ESCAPES:
        text = text.replace(typed, meant)
    return text


def _printed(pieces: Pieces, node: nodes.Expr) -> nodes.Expr:
    item = pieces.items[node.lineno - 1]
    how = (
        pieces.printed.get(item, Printed("text")) if isinstance(item, int) else Printed("text")
    )
    arguments: list[object] = [_may_be_blank(node)]
    if how.mode in {"runs", "paragraphs"}:
        arguments.append(how.looks)
    if how.mode == "paragraphs":
        arguments.append(how.settings)
    return _filter(node, _FILTERS[how.mode], arguments)


def _may_be_blank(node: nodes.Expr) -> bool:
    """Return whether the author has said that nothing may be printed here."""
    if isinstance(node, nodes.Filter):
        return node.name in {"default", "d"}
    if isinstance(node, nodes.CondExpr):
        return any(isinstance(one, nodes.Const) for one in (node.expr1, node.expr2))
    return isinstance(node, nodes.Const)


def _filter(node: nodes.Node, name: str, arguments: list[object]) -> nodes.Filter:
    where = {"lineno": node.lineno, "environment": node.environment}
    constants = [nodes.Const(argument, **where) for argument in arguments]
    return nodes.Filter(node, name, constants, [], None, None, **where)


def _replace_joins(tree: nodes.Node) -> None:
    for node in tree.iter_child_nodes():
        _replace_joins(node)
    for name, value in tree.iter_fields():
        if isinstance(value, nodes.Concat):
            setattr(tree, name, _join(value))
        elif isinstance(value, list):
            value[:] = [_join(one) if isinstance(one, nodes.Concat) else one for one in value]


def _join(node: nodes.Concat) -> nodes.Filter:
    head, *rest = node.nodes
    where = {"lineno": node.lineno, "environment": node.environment}
    return nodes.Filter(head, JOINED, rest, [], None, None, **where)


def _reason(error: BaseException) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
