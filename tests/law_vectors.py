"""The worked examples of the domain rules, where the shared folder is present."""

import json

import pytest

from tests.shared_folder import SHARED

FILE = SHARED / "law-vectors.json"
ABSENT = pytest.param(
    None, id="absent", marks=pytest.mark.skip("../shared/law-vectors.json is not here")
)


def vectors(groups: str, fn: str):
    """Return one parameter per vector of the groups (letters) and the function, by its id."""
    if not FILE.is_file():
        return [ABSENT]
    return [
        pytest.param(vector, id=f"{vector['id']} {vector['rule']}")
        for vector in json.loads(FILE.read_text(encoding="utf-8"))
        if vector["fn"] == fn and vector["id"].split("-")[1][0] in groups
    ]
