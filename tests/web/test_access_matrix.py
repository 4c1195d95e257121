"""Acceptance D1 to D4: every route × method × subject, as tests/access_matrix.csv says."""

import pytest
from sqlalchemy import func, select

from postloan_archive.access import sessions, tokens, users
from postloan_archive.access.models import ApiToken
from postloan_archive.access.tokens import IssueToken
from postloan_archive.audit import AuditRow
from postloan_archive.db.model import Model
from tests.web.people import PEOPLE
from tests.web.routes import ROLES, calls, expected

LETS_IN = {"nobody": "nobody", "other_branch": "archive_clerk"} | {role: role for role in ROLES}
LOCKED_OUT = ("nobody", "disabled", "expired", "ended")


def test_every_route_is_in_the_matrix_and_nothing_else(app):
    registered = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert registered == set(expected())


@pytest.fixture
def enter(app, new_uow, people):
    """Return a client in which the subject is signed in, or is not, or no longer.

    It holds a key of the same user for the API, which is no good after the same events but
    the end of sessions.
    """

    def entered(subject: str):
        client = app.test_client()
        if subject == "nobody":
            return client
        name = subject if subject in PEOPLE else "legal"
        with new_uow() as uow:
            token = sessions.begin(uow, users.by_name(uow, name), sessions.Browser())
            key = tokens.issue(uow, IssueToken(user_id=people[name], name="test"))
            if subject == "disabled":
                users.by_name(uow, name).disabled_at = uow.clock.now()
            if subject == "ended":
                sessions.end_all(uow, people[name], reason="test")
                tokens.revoke_all(uow, people[name], reason="test")
        if subject == "expired":
            with new_uow() as uow:
                row = uow.session.get(sessions.UserSession, sessions.digest_of(token))
                row.seen_at = row.seen_at.replace(year=2025)
                row = uow.session.get(ApiToken, sessions.digest_of(key))
                row.expires_at = row.expires_at.replace(year=2025)
        client.set_cookie("postloan", f"s.{token}")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return client

    return entered


@pytest.mark.parametrize("subject", sorted([*LETS_IN, "disabled", "expired", "ended"]))
def test_the_matrix_holds_for(subject, app, enter, new_uow):
    table = expected()
    app.config["WTF_CSRF_ENABLED"] = False  # tokens have their own test
    for call in calls(app):
        before = refusals(new_uow)
        reply = enter(subject).open(call.path, method=call.method)
        role = LETS_IN.get(subject, "nobody")
        if role in table[call.endpoint]:
            assert reply.status_code not in {401, 403, 500}, (call, reply.status_code)
            assert "/sign-in?" not in reply.headers.get("Location", ""), call
        elif subject in LOCKED_OUT:
            asked = "/sign-in?next=" in reply.headers.get("Location", "")
            page = call.method == "GET" and not call.is_api
            assert asked if page else reply.status_code == 401, call
        else:
            assert reply.status_code == 403, call
            assert refusals(new_uow) == before + 1, call


def refusals(new_uow) -> int:
    with new_uow() as uow:
        return uow.session.scalar(
            select(func.count()).select_from(AuditRow).where(AuditRow.event == "access.refused")
        )


def test_no_change_without_the_token_of_the_own_session(app, enter, browser):
    foreign = browser("legal").token()
    for call in calls(app):
        if call.method == "GET" or call.is_api:  # a key is no cookie
            continue
        role = next(iter(sorted(expected()[call.endpoint] - {"nobody"})))
        for form in ({}, {"csrf_token": "made up"}, {"csrf_token": foreign}):
            reply = enter(role).open(
                call.path,
                method=call.method,
                data=form,
                headers={"Accept": "application/json"},
            )
            assert reply.status_code == 403, call
            assert reply.get_json()["code"] == "StaleForm", call


def test_no_change_from_another_site(app, enter):
    for call in calls(app):
        if call.method == "GET":
            continue
        role = next(iter(sorted(expected()[call.endpoint] - {"nobody"})))
        reply = enter(role).open(
            call.path,
            method=call.method,
            headers={"Accept": "application/json", "Sec-Fetch-Site": "cross-site"},
        )
        assert (reply.status_code, reply.get_json()["code"]) == (403, "CrossSite"), call


def test_reading_changes_nothing_but_audit_and_session(app, enter, system):
    for call in calls(app):
        if call.method != "GET" or call.endpoint == "static":
            continue
        for role in sorted(expected()[call.endpoint] - {"nobody"}):
            client = enter(role)
            before = everything(system)
            client.get(call.path)
            assert everything(system) == before, (call, role)


def everything(system) -> dict[str, list[tuple]]:
    moving = ("audit", "user_sessions", "api_tokens")
    with system.engine.connect().execution_options(read_only=True) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select())]
            for table in Model.metadata.sorted_tables
            if not table.name.startswith(moving)
        }


def test_every_reply_carries_the_security_headers(app, enter):
    app.config["WTF_CSRF_ENABLED"] = False
    client = enter("legal")
    for path in ("/sign-in", "/", "/account", "/admin/users", "/nope", "/static/app.css"):
        reply = client.get(path)
        reply.close()
        policy = reply.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "same-origin"
        assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        if not path.startswith("/static"):
            assert reply.headers["Cache-Control"] == "no-store"
