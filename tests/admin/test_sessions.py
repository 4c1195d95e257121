"""Acceptance D5: one new session at sign-in, dead at once when it should be."""

from dataclasses import replace
from datetime import timedelta

from postloan_archive.access import grants, sign_in, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.users import SetPassword
from postloan_archive.app import create_app
from tests.web.people import PASSWORD, Browser


def cookie(browser) -> str:
    return browser.client.get_cookie("postloan").value


def alive(browser) -> bool:
    return browser.get("/account").status_code == 200


def test_signing_in_begins_a_new_session_and_a_new_form_token(browser):
    one = browser()
    guest_token = one.token()
    guest_cookie = cookie(one)
    assert one.sign_in("legal").status_code == 302
    assert cookie(one) != guest_cookie
    page = one.get("/account").get_data(as_text=True)
    assert guest_token not in page


def test_a_planted_session_is_not_adopted(browser):
    one = browser()
    one.client.set_cookie("postloan", "s.planted-by-somebody")
    assert one.sign_in("legal").status_code == 302
    assert cookie(one) != "s.planted-by-somebody"


def test_a_session_is_dead_after_signing_out(browser):
    one = browser("legal")
    stolen = cookie(one)
    one.post("/sign-out")
    other = browser()
    other.client.set_cookie("postloan", stolen)
    assert not alive(other)
    assert not alive(one)


def test_the_table_does_not_hold_the_token(browser, system):
    token = cookie(browser("legal")).removeprefix("s.")
    with system.engine.connect() as connection:
        dump = str(connection.exec_driver_sql("SELECT * FROM user_sessions").all())
    assert token not in dump


def test_disabling_ends_every_session_at_once(browser, new_uow, people):
    one, two = browser("legal"), browser("legal")
    with new_uow() as uow:
        users.disable(uow, people["legal"], reason="调离")
    assert not alive(one)
    assert not alive(two)
    assert browser().sign_in("legal").status_code == 422


def test_a_new_password_by_link_ends_every_session(browser, new_uow, people):
    one = browser("legal")
    with new_uow() as uow:
        users.set_password(
            uow, SetPassword(user_id=people["legal"], password="孤帆远影碧空尽，唯见长江")
        )
    assert not alive(one)


def test_changing_the_own_password_keeps_only_a_new_session(browser):
    one, other = browser("legal"), browser("legal")
    before = cookie(one)
    new = "孤帆远影碧空尽，唯见长江"
    reply = one.post("/account/password", {"current": PASSWORD, "password": new, "again": new})
    assert reply.status_code == 302
    assert cookie(one) != before
    assert alive(one)
    assert not alive(other)


def test_a_role_change_takes_effect_with_the_next_request(browser, new_uow, people):
    one = browser("legal")
    with new_uow() as uow:
        grants.grant(
            uow, GrantRole(user_id=people["legal"], role=Role.ARCHIVE_CLERK, branch_id=1)
        )
    assert not alive(one)


def test_half_an_hour_without_a_click_ends_the_session(browser, system):
    one = browser("legal")
    system.clock.at += timedelta(minutes=29)
    assert alive(one)
    system.clock.at += timedelta(minutes=30)
    assert not alive(one)


def test_twelve_hours_end_the_session_even_of_somebody_busy(browser, system):
    one = browser("legal")
    for _ in range(35):
        system.clock.at += timedelta(minutes=20)
        assert alive(one)
    system.clock.at += timedelta(minutes=20)
    assert not alive(one)


def test_a_person_sees_and_ends_the_own_other_sessions_only(browser, new_uow, people):
    mine, other, stranger = browser("legal"), browser("legal"), browser("auditor")
    with new_uow() as uow:
        ids = {
            row.user_id: row.public_id
            for row in uow.session.query(users.sessions.UserSession).all()
        }
    assert mine.post(f"/account/sessions/{ids[people['auditor']]}/end").status_code == 404
    assert alive(stranger)
    assert mine.post(f"/account/sessions/{ids[people['legal']]}/end").status_code == 302
    assert not alive(other)


def test_the_cookie_is_bound_to_host_and_transport(settings, system):
    app = create_app(replace(settings, secure_cookies=True), system=system)
    one = Browser(app)
    one.client.environ_base["wsgi.url_scheme"] = "https"
    page = one.client.get("/sign-in", base_url="https://localhost")
    sent = page.headers["Set-Cookie"]
    assert sent.startswith("__Host-postloan=g.")
    assert "Domain" not in sent
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in sent
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]


def test_a_link_signs_in_once(browser, new_uow, people):
    with new_uow() as uow:
        token = sign_in_link(uow, people["legal"])
    one = browser()
    assert one.get(f"/sign-in/link/{token}").status_code == 200
    assert one.get(f"/sign-in/link/{token}").status_code == 200  # a preview uses nothing up
    assert one.post(f"/sign-in/link/{token}").status_code == 302
    assert alive(one)
    late = browser()
    assert late.get(f"/sign-in/link/{token}").status_code == 404
    assert late.post(f"/sign-in/link/{token}").status_code == 404


def test_a_link_expires(browser, new_uow, people, system):
    with new_uow() as uow:
        token = sign_in_link(uow, people["legal"])
    system.clock.at += timedelta(hours=1)
    assert browser().post(f"/sign-in/link/{token}").status_code == 404


def sign_in_link(uow, user_id: int) -> str:
    return sign_in.make_link(uow, user_id, purpose="sign_in")
