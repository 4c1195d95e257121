"""`postloan template`: versions from the command line, the second person elsewhere."""

import io

import docx
import pytest

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.actor import Actor
from postloan_archive.notices.template_versions import DecideTemplate, decide
from postloan_archive.notices.templates import template_bytes
from tests.notices.conftest import LOAN, an_overdue_loan

BORIS = Actor(
    name="boris",
    permissions=frozenset({Permission.TEMPLATE_PUBLISH}),
    branch_ids=None,
    categories=None,
)


@pytest.fixture
def edited(tmp_path):
    """The shipped template of N02 with a word more, as a file."""

    def write(words="（新版）"):
        document = docx.Document(io.BytesIO(template_bytes("demand_letter.docx")))
        document.paragraphs[5].add_run(words)
        path = tmp_path / f"催收通知书{words.strip('{ }')}.docx"
        document.save(path)
        return path

    return write


def test_every_letter_is_listed_with_its_version(call):
    rows = call("template", "list", "--json").rows

    assert [row["kind"] for row in rows] == [f"N{number:02d}" for number in range(1, 17)]
    assert {(row["number"], row["origin"], row["in_use"]) for row in rows} == {
        (1, "shipped", True)
    }


def test_what_the_command_line_uploads_somebody_else_publishes(call, edited, new_uow):
    (row,) = call("template", "upload", edited(), "--kind", "n02", "--submit", "--json").rows
    assert (row["number"], row["state"], row["in_use"]) == (2, "submitted", False)
    number = row["version"]
    refused = call("template", "publish", number)
    assert refused.code == 1
    assert "上传人、提交人不能发布" in refused.error

    with new_uow(actor=BORIS) as uow:
        decide(uow, DecideTemplate(version_id=number, publish=True))

    rows = call("template", "list", "--kind", "N02", "--json").rows
    assert {row["number"]: row["in_use"] for row in rows} == {2: True, 1: False}
    first = next(row["version"] for row in rows if row["number"] == 1)
    (back,) = call("template", "roll-back", first, "--reason", "二版有误", "--json").rows
    assert back["in_use"]


def test_a_faulty_upload_is_kept_and_not_submitted(call, edited):
    (row,) = call("template", "upload", edited("{{ borower }}"), "--kind", "N02", "--json").rows

    refused = call("template", "submit", row["version"])

    assert refused.code == 1
    assert "borrower" in refused.error


def test_a_version_is_filled_with_a_loan(call, new_uow, tmp_path, edited):
    with new_uow() as uow:
        an_overdue_loan(uow)
    (row,) = call("template", "upload", edited(), "--kind", "N02", "--json").rows

    answer = call(
        "template", "fill", row["version"], "--loan", LOAN, "--out", tmp_path / "试.docx"
    )

    assert answer.code == 0
    text = "\n".join(one.text for one in docx.Document(tmp_path / "试.docx").paragraphs)
    assert "（新版）" in text
    assert "借款人1" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("publish", "999"), 1),
        (("publish", "0"), 2),
        (("publish", "99999999999999999999"), 2),
        (("publish", "²"), 2),
        (("list", "--kind", "N99"), 1),
        (("fill", "999", "--loan", "x", "--out", "never.docx"), 1),
    ],
)
def test_what_is_not_there_is_refused(call, arguments, code):
    assert call("template", *arguments).code == code
