"""Every route of the application with its line of the access matrix."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing.converters import AnyConverter, BaseConverter, NumberConverter

from postloan_archive.access.roles import Role

MATRIX = Path(__file__).parents[1] / "access_matrix.csv"
ROLES = frozenset(role.value for role in Role)
SAFE = ("GET",)


@dataclass(frozen=True)
class Call:
    """One route, one method, an address with numbers nobody has."""

    endpoint: str
    method: str
    path: str

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


def expected() -> dict[str, frozenset[str]]:
    """Who may, by endpoint: role names; `public` and `signed_in` are spelled out."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        rows = {row["endpoint"]: row["who"].split() for row in csv.DictReader(file)}
    spelled = {"public": ROLES | {"nobody"}, "signed_in": ROLES}
    return {
        endpoint: frozenset().union(*(spelled.get(word, {word}) for word in words))
        for endpoint, words in rows.items()
    }


def calls(app: Flask) -> Iterator[Call]:
    """Yield every route × method."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        values = {name: _value(rule._converters[name]) for name in rule.arguments}
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield Call(rule.endpoint, method, path)


def _value(converter: BaseConverter) -> object:
    """Return what an address may hold in this place and nothing has."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, NumberConverter) else "x"
