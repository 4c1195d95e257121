"""Every template compiles, every macro draws, every page answers for those who may see it."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import render_template_string

from postloan_archive.web.clocks import ClockFace, ClockState
from postloan_archive.web.paging import Page

PAGES = {
    "/account": "legal",
    "/account/password": "legal",
    "/account/second-factor": "legal",
    "/account/second-factor/off": "legal",
    "/admin/users": "system_admin",
    "/admin/users/new": "system_admin",
    "/admin/users/1": "system_admin",
    "/admin/branches": "system_admin",
    "/admin/branches/new": "system_admin",
    "/admin/grants": "security_admin",
    "/admin/grants/users/1/new": "security_admin",
    "/admin/grants/roles": "auditor",
    "/audit": "auditor",
    "/audit/lines/1": "audit_admin",
    "/admin/jobs": "system_admin",
    "/admin/system": "system_admin",
}


def test_every_template_compiles(app):
    names = app.jinja_env.list_templates()
    assert "base.html" in names
    for name in names:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize(("path", "who"), PAGES.items())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_answers_in_both_languages(browser, path, who, lang):
    one = browser(who)
    one.post("/preferences", {"lang": lang})
    reply = one.get(path)
    assert reply.status_code == 200
    page = reply.get_data(as_text=True)
    assert f'lang="{"en" if lang == "en" else "zh-CN"}"' in page
    assert len(re.findall(r"<h1", page)) == 1
    assert " style=" not in page
    assert "<script>" not in page
    assert not re.search(r'\son\w+="', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


FACE = ClockFace(state=ClockState.URGENT, words="剩 9 天")
MACROS = Path(__file__).with_name("every_macro.html").read_text("utf-8")


def test_every_macro_draws(app):
    rows = [{"id": 1, "name": "<张三>", "balance": 5}]
    due = SimpleNamespace(
        safe=None, steps=("一",), basis=(), calendar_edition="", edition="2026-07"
    )
    with app.test_request_context("/loans?sort=-balance&page=2&a=1"):
        drawn = render_template_string(
            MACROS, face=FACE, rows=rows, due=due, page=Page(number=2, size=20, total=187)
        )
    assert "&lt;张三&gt;" in drawn
    assert "&lt;b&gt;<mark>送达地址</mark>" in drawn
    assert 'aria-sort="descending"' in drawn
    assert " style=" not in drawn
    named = set(re.findall(r"\b(?:ui|list|fields)\.(\w+)\(", MACROS))
    source = "".join(
        app.jinja_env.loader.get_source(app.jinja_env, name)[0]
        for name in ("_ui.html", "_list.html", "_fields.html")
    )
    in_pages = [
        "icon",
        "rail_link",
        "ui_face",
        "held",
        "language_switch",
        "errors",
        "hidden",
        "saved_filters",
        "field",
        "form",
    ]
    assert set(re.findall(r"{% macro (\w+)", source)) == {*named, *in_pages}


def test_an_unknown_address_is_a_page_with_the_request_id(browser):
    reply = browser("legal").get("/no/such/page")
    assert reply.status_code == 404
    page = reply.get_data(as_text=True)
    assert "没有找到" in page
    assert reply.headers["X-Request-Id"] in page


def test_a_program_gets_a_problem_document(browser):
    reply = browser("legal").get("/no", headers={"Accept": "application/json"})
    assert reply.content_type == "application/problem+json"
    assert reply.get_json()["code"] == "PageNotFound"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ _(words) }}", "&lt;b&gt;100% 属实&lt;/b&gt;"),
        ("{{ _('为 %(what)s', what=words) }}", "为 &lt;b&gt;100% 属实&lt;/b&gt;"),
        ("{{ _('占比（%%）') }}", "占比（%）"),
        ("{{ _('已用 %(n)s%%', n=7) }}", "已用 7%"),
        ("{{ _('见 %(link)s', link='<a>'|safe) }}", "见 <a>"),
    ],
)
def test_words_of_others_are_text_even_when_the_catalogue_is_asked(app, source, shown):
    with app.test_request_context():
        drawn = render_template_string(source, words="<b>100% 属实</b>")
    assert drawn == shown
