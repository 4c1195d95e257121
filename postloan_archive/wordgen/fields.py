"""Which fields a template uses, as dotted paths; loop variables are traced to their lists."""

import dataclasses
import types
import typing
from collections.abc import Iterator, Sequence
from typing import Final

from jinja2 import nodes

from postloan_archive.wordgen.values import Picture, RichText

_SAME_PATH: Final = frozenset({"first", "last", "default", "d"})
Scope = dict[str, str | None]


class Tracer:
    """Follows the tags of a part in order and tells which fields each one uses.

    It needs no whole blocks, so it also reads a part with faults.
    """

    def __init__(self) -> None:
        self._scopes: list[Scope] = [{}]

    def read(self, word: str, tree: nodes.Template) -> Iterator[str]:
        """Yield the paths that a tag uses.

        Args:
            word: the first word of a statement, empty for a tag that prints.
            tree: the tag, its block closed.
        """
        if word in {"endif", "else", "endfor"}:
            if word == "endfor" and len(self._scopes) > 1:
                self._scopes.pop()
            return
        scope = {name: path for one in self._scopes for name, path in one.items()}
        for node in tree.body:
            if isinstance(node, nodes.For):
                yield from self._loop(node, scope)
            elif isinstance(node, nodes.Assign):
                yield from _expression(node.node, scope)
                _bind(node.target, _path(node.node, scope), self._scopes[-1])
            elif isinstance(node, nodes.If):
                test = node.elif_[0].test if word == "elif" and node.elif_ else node.test
                yield from _expression(test, scope)
            else:
                yield from _expression(node, scope)

    def _loop(self, node: nodes.For, scope: Scope) -> Iterator[str]:
        yield from _expression(node.iter, scope)
        inner: Scope = {"loop": None}
        _bind(node.target, _path(node.iter, scope), inner)
        self._scopes.append(inner)
        if node.test is not None:
            yield from _expression(node.test, {**scope, **inner})


def field_paths(kind: type, prefix: str = "") -> frozenset[str]:
    """Return the dotted paths of a dataclass, through nested dataclasses and lists of them."""
    found: set[str] = set()
    hints = typing.get_type_hints(kind)
    for spec in dataclasses.fields(kind):
        path = prefix + spec.name
        found.add(path)
        for part in _parts(hints[spec.name]):
            if dataclasses.is_dataclass(part) and part not in {Picture, RichText}:
                found |= field_paths(typing.cast("type", part), f"{path}.")
    return frozenset(found)


def is_known(path: str, known: frozenset[str]) -> bool:
    """Return whether a path is a field, or a group of fields."""
    return path in known or any(one.startswith(f"{path}.") for one in known)


def _parts(hint: object) -> Iterator[object]:
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType, tuple, list, Sequence}:
        for argument in typing.get_args(hint):
            yield from _parts(argument)
    else:
        yield hint


def _bind(target: nodes.Node, path: str | None, scope: Scope) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = path
    elif isinstance(target, nodes.Tuple):
        for item in target.items:
            _bind(item, None, scope)


def _path(node: nodes.Node, scope: Scope) -> str | None:
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        base = _path(node.node, scope)
        return f"{base}.{node.attr}" if base else None
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        base = _path(node.node, scope)
        return f"{base}.{node.arg.value}" if base and isinstance(node.arg.value, str) else base
    if isinstance(node, nodes.Filter) and node.name in _SAME_PATH and node.node is not None:
        return _path(node.node, scope)
    return None


def _expression(node: nodes.Node, scope: Scope) -> Iterator[str]:
    path = _path(node, scope)
    if path and not isinstance(node, nodes.Filter):
        yield path
        return
    if isinstance(node, nodes.Name):
        return  # a counter of a loop, or something made by the template itself
    for child in node.iter_child_nodes():
        yield from _expression(child, scope)
