"""Whatever a stranger puts into an address: a refusal in words, never a fault of ours."""

import pytest
from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired

from postloan_archive.access import sessions, users
from postloan_archive.web.bounds import LARGEST_ID, whole_number
from postloan_archive.web.fields import DayField

HUGE = "1" + "0" * 30
WORDS = ("", "1000000000", HUGE, "-" + HUGE, "9" * 5000, "a\0b", "汉" * 9000, "²", "٣")


@pytest.fixture
def clerk(app, people, new_uow):
    del people
    with new_uow() as uow:
        token = sessions.begin(uow, users.by_name(uow, "legal"), sessions.Browser())
    client = app.test_client()
    client.set_cookie("postloan", f"s.{token}")
    return client


@pytest.mark.parametrize("path", ["/items/{}/text", "/api/v1/items/{}", "/deadlines/{}"])
def test_a_number_that_no_row_can_have_is_not_found_or_not_known(clerk, path):
    assert clerk.get(path.format(HUGE)).status_code in {401, 404}


@pytest.mark.parametrize(
    "address",
    [
        "/inbox?file=",
        "/deadlines?words=",
        "/limitation?branch=",
        "/limitation?words=",
        "/cases?next=",
        "/loans?q=",
        "/search?q=",
        "/boxes?room=",
    ],
)
@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_no_query_is_a_fault(clerk, address, word):
    path, _mark, name = address.partition("?")
    reply = clerk.get(path, query_string={name.removesuffix("="): word})
    assert reply.status_code < 500, reply.get_data(as_text=True)[-500:]


def test_a_long_value_and_a_zero_byte_are_refused(clerk):
    for word in ("a\0b", "汉" * 9000):
        assert clerk.get("/search", query_string={"q": word}).status_code == 422


ODD = dict.fromkeys(("seen", "edition", "version", "year", "move", "document_id", "days"), "²")


@pytest.mark.parametrize("word", ["a\0b", "²"], ids=["zero byte", "superscript"])
def test_no_form_of_any_page_is_a_fault(app, clerk, word):
    app.config["WTF_CSRF_ENABLED"] = False
    faults = []
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.rule.startswith("/api/"):
            continue
        values = dict.fromkeys(rule.arguments, "1")
        with app.test_request_context():
            address = url_for(rule.endpoint, **values)
        fields = ODD | {
            "reason": word,
            "note": word,
            "order": word,
            "ids": word,
            "pages-²": "²",
        }
        reply = clerk.post(address, data=fields)
        if reply.status_code >= 500:
            faults.append((address, reply.status_code))
    assert not faults


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 7 ", 7),
        ("0", 0),
        (str(LARGEST_ID), LARGEST_ID),
        (str(LARGEST_ID + 1), None),
        ("²", None),
        ("٣", None),
        ("-1", None),
        ("1.0", None),
        ("", None),
        (None, None),
        ("9" * 5000, None),
    ],
)
def test_whole_numbers(text, number):
    assert whole_number(text) == number


def test_a_date_of_blanks_is_no_date():
    class Entry(Form):
        day = DayField("日期", validators=[InputRequired()])

    form = Entry(MultiDict({"day": " \u3000"}))
    assert not form.validate()
    assert form.day.data is None


@pytest.mark.parametrize("branch", ["999999", "-1", "²"])
def test_a_report_of_no_branch_is_no_fault(clerk, branch):
    reply = clerk.get("/reports/ageing", query_string={"branch": branch})
    assert reply.status_code < 500
