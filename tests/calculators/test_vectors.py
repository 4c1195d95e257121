"""Every worked example of the domain rules, asked exactly as the command line asks."""

import json

import pytest

from postloan_archive.calculators.compute import compute_lines
from tests.shared_folder import SHARED

FILE = SHARED / "law-vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else []
ABSENT = pytest.param(
    None, id="absent", marks=pytest.mark.skip("../shared/law-vectors.json is not here")
)


@pytest.mark.parametrize(
    "vector", [pytest.param(vector, id=vector["id"]) for vector in VECTORS] or [ABSENT]
)
def test_the_answer_is_the_one_of_the_worked_example(vector):
    line = json.dumps({"fn": vector["fn"], "input": vector["input"]}, ensure_ascii=False)

    (answer,) = compute_lines([line])

    result, expected = answer["result"], vector["expected"]
    got = {name: result.get(name, "absent") for name in expected}
    if vector["fn"] == "rmb_upper":  # a set, order free
        got["also_accept"], expected = (
            sorted(got["also_accept"]),
            {**expected, "also_accept": sorted(expected["also_accept"])},
        )
    assert got == expected
    assert answer["basis"]
