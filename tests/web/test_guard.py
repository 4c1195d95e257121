"""A route without a declared permission does not start; wrong addresses lead home."""

import pytest
from flask import Flask

from postloan_archive.access.permissions import Permission
from postloan_archive.web.addresses import local_address
from postloan_archive.web.guard import (
    UndeclaredRouteError,
    declared_access,
    install_guard,
    requires,
)


def test_a_route_that_names_nothing_stops_the_start():
    app = Flask("bare")
    app.add_url_rule("/x", "silent.page", lambda: "x")
    with pytest.raises(UndeclaredRouteError, match=r"silent\.page"):
        install_guard(app)


def test_a_route_keeps_what_it_declares():
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/x", "a.page", requires(Permission.SEARCH)(lambda: "x"))
    install_guard(app)
    assert declared_access(app, "a.page") == "search"


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        None,
        "account",
        "/a\r\nSet-Cookie: x=1",
    ],
)
def test_a_way_back_to_another_site_leads_home(app, hostile):
    with app.test_request_context():
        assert local_address(hostile) == "/"


def test_a_way_back_keeps_path_and_query(app):
    with app.test_request_context():
        assert (
            local_address("/admin/users?q=%E5%BC%A0&page=2")
            == "/admin/users?q=%E5%BC%A0&page=2"
        )
