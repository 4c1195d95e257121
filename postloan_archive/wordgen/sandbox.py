"""The Jinja environment of letters: what is not on a list here cannot be written in a template.

Two walls stand one behind the other: the syntax tree of each tag may hold only the node types,
filters, tests and names below, and the environment itself reads nothing but dicts, lists and
the counters of a loop.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.tests import TESTS

from postloan_archive.kernel.errors import _l
from postloan_archive.wordgen.filters import DEFAULTS, Filter, counted, joined
from postloan_archive.wordgen.printing import (
    print_paragraphs,
    print_property,
    print_runs,
    print_text,
)

STATEMENTS: Final = frozenset({"if", "elif", "else", "endif", "for", "endfor", "set"})
LOOP_COUNTERS: Final = frozenset({
    "index", "index0", "first", "last", "length", "revindex", "revindex0", "depth",
})  # fmt: skip
ALLOWED_TESTS: Final = frozenset({
    "defined", "undefined", "none", "odd", "even", "divisibleby", "number", "string",
    "eq", "ne", "lt", "le", "gt", "ge", "in", "==", "!=", "<", "<=", ">", ">=",
})  # fmt: skip
ALLOWED_NODES: Final[frozenset[type[nodes.Node]]] = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.If, nodes.For, nodes.Assign, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.Keyword,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
    nodes.Concat, nodes.Tuple, nodes.List,
})  # fmt: skip
FORBIDDEN_NAMES: Final = frozenset({"self", "super", "caller", "varargs", "kwargs"})
MAX_EXPRESSION: Final = 24  # levels of a tag's syntax tree
_TOO_LARGE: Final = 10**30

# Names that a template cannot write: the rules below allow only public filters.
PRINT_TEXT: Final = "_text"
PRINT_RUNS: Final = "_runs"
PRINT_PARAGRAPHS: Final = "_paragraphs"
PRINT_PROPERTY: Final = "_property"
COUNTED: Final = "_counted"
JOINED: Final = "_joined"


class LetterEnvironment(SandboxedEnvironment):
    """Reads plain data, calls nothing, knows no globals."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        super().__init__(
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            cache_size=0,
            loader=None,
        )
        self.globals.clear()
        self.filters.clear()
        self.filters.update({**DEFAULTS, **filters})
        self.public_filters = frozenset(self.filters)
        self.filters.update({
            PRINT_TEXT: print_text, PRINT_RUNS: print_runs, PRINT_PROPERTY: print_property,
            PRINT_PARAGRAPHS: print_paragraphs, COUNTED: counted, JOINED: joined,
        })  # fmt: skip
        self.tests.clear()
        self.tests.update({name: TESTS[name] for name in ALLOWED_TESTS})

    def getattr(self, obj: object, attribute: str) -> object:
        """Return an entry of a dict or a counter of a loop; anything else is undefined."""
        if type(obj) is dict:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP_COUNTERS:
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            return obj.__getattr__(attribute)  # raises UndefinedError with the first name
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Return an item of a list or an entry of a dict."""
        if type(obj) is list and type(argument) is int:
            return (
                obj[argument] if -len(obj) <= argument < len(obj) else self._none(obj, argument)
            )
        if type(obj) is dict and type(argument) is str:
            return self.getattr(obj, argument)
        return self._none(obj, argument)

    def _none(self, obj: object, argument: object) -> Undefined:
        return self.undefined(obj=obj, name=str(argument))

    def call(self, _context: Context, _obj: object, *_args: object, **_named: object) -> object:
        """Refuse: a template calls nothing."""
        raise SecurityError

    def call_binop(
        self, context: Context, operator: str, left: object, right: object
    ) -> object:
        """Return the result of arithmetic between two numbers of sensible size."""
        if not (_is_number(left) and _is_number(right)) or operator == "**":
            for one in (left, right):
                if isinstance(one, Undefined):
                    str(one)  # raises UndefinedError with the name
            raise TypeError(operator)
        if operator == "/" and isinstance(left, int):
            left = Decimal(left)
        result: object = super().call_binop(context, operator, left, right)
        if abs(result) > _TOO_LARGE:  # type: ignore[arg-type]  # a number, see above
            raise OverflowError(operator)
        return result


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def forbidden(tree: nodes.Node, env: LetterEnvironment) -> Iterator[tuple[str, str]]:
    """Yield a fault code and the name at fault for each thing that may not stand in a tag."""
    level: list[nodes.Node] = [tree]
    found: list[nodes.Node] = []
    for _ in range(MAX_EXPRESSION):
        found += level
        level = [child for node in level for child in node.iter_child_nodes()]
    if level:
        yield "forbidden", _l("表达式嵌套过深")
    for node in found:
        kind = type(node)
        if kind not in ALLOWED_NODES:
            yield "forbidden", WORDS.get(kind, kind.__name__)
        elif isinstance(node, nodes.Filter) and node.name not in env.public_filters:
            yield "unknown_filter", node.name
        elif isinstance(node, nodes.Test) and node.name not in ALLOWED_TESTS:
            yield "unknown_test", node.name
        else:
            what = _forbidden_part(node)
            if what:
                yield "forbidden", what


def _forbidden_part(node: nodes.Node) -> str:
    """Return what is forbidden in a node of an allowed type, or nothing."""
    what = ""
    if isinstance(node, nodes.Name) and (
        node.name.startswith("_") or node.name in FORBIDDEN_NAMES
    ):
        what = node.name
    elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        what = f".{node.attr}"
    elif isinstance(node, nodes.Getitem) and (
        not isinstance(node.arg, nodes.Const) or str(node.arg.value).startswith("_")
    ):
        what = "[…]"
    elif isinstance(node, nodes.For) and node.recursive:
        what = "recursive"
    elif isinstance(node, nodes.Assign | nodes.For) and not _is_plain_target(node.target):
        what = "set"
    return what


WORDS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Call: "调用 ( )",
    nodes.Pow: "乘方 **",
    nodes.Slice: "切片 [ : ]",
    nodes.Dict: "{ : }",
    nodes.NSRef: "namespace",
}


def _is_plain_target(target: nodes.Node) -> bool:
    if isinstance(target, nodes.Tuple):
        return all(isinstance(item, nodes.Name) for item in target.items)
    return isinstance(target, nodes.Name)
