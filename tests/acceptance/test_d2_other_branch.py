"""D2: what belongs to another branch is not there: same answer as for what never was."""

import io
import re
import zipfile

import pytest

from postloan_archive.access import branches, grants, sessions, tokens, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.tokens import IssueToken
from postloan_archive.access.users import CreateUser
from tests.acceptance.whole_file import SECRET
from tests.web.routes import ROLES, expected

pytestmark = pytest.mark.acceptance

NOWHERE = {  # the same kind of thing, of which there is none
    "loan_no": "JJ2099-0009",
    "document_id": 990_001,
    "batch_id": 990_006,
    "deadline_id": 990_007,
    "event_id": 990_008,
    "party_id": 990_009,
    "procedure_id": 990_010,
    "counting_id": 990_011,
    "box_no": "K990012",
    "file_id": 990_015,
    "report_id": 990_016,
    "lending_no": "JY2099-0013",
    "transfer_no": "YJ2099-0014",
    "case_no": "AJ2099-0009",
    "measure_id": 990_002,
    "run_id": 990_003,
    "notice_id": 990_004,
    "item_id": 990_005,
    "no": 9,
    "complaint_no": "TS2099-00009",
    "decision_id": 990_017,
    "import_id": 990_018,
    "placement_id": 990_019,
    "signal_id": 990_020,
    "stop_id": 990_021,
    "survey_id": 990_022,
    "disposal_no": "CZ2099-00009",
    "asset_id": 990_023,
    "cost_id": 990_024,
    "redaction_id": 990_025,
    "plan_id": 990_026,
    "fact_id": 990_027,
    "step_id": 990_028,
    "collateral_id": 990_029,
    "customer_report_id": 990_030,
    "customer_id": 990_031,
    "sample_id": 990_032,
    "property_report_id": 990_033,
    "export_no": "DC2099-00009",
    "imported_file_id": 990_034,
    "receipt_no": "HK2099-0009",
}
NO_BRANCH = {  # arguments that name nothing of a loan file
    "arrival_id",  # of an upload: bound to who sends it
    "branch_id",  # of the administrators' page of a branch
    "code",
    "day",
    "feed_id",
    "filename",
    "form",
    "grant_id",
    "job_id",
    "key",
    "kind",
    "link_id",  # of a telephone: bound to the person who asked for it
    "month",
    "name",
    "public_id",
    "sheet",
    "rule_id",  # filing rules speak of titles, not of loans
    "secret",
    "seq",  # the trail is one for all; who may read it reads all of it
    "token",
    "user_id",
    "version_id",  # of a template
    "view_id",  # saved filters: of the person who saved them
    "what",
}
ELSEWHERE = {  # open point: things of a branch that whole_file does not hold yet
    "hold_id",
    "link_id",
    "list_no",
    "paper_id",
    "redaction_id",
    "rule_id",
    "sample_id",
    "step_id",
    "version_id",
}
VALUES = {
    "code": "P01",
    "version_id": 1,
    "rule_id": 1,
    "day": "2026-11-24",
    "form": "xlsx",
    "key": "ageing",
    "kind": "write_off",
    "month": "2026-11",
    "name": "spine",
    "sheet": "spine",
    "what": "x",
}
ASKS_MORE = {  # the proposal is named in the query; the file waits no longer
    "archive.inbox_image",
    "archive.phone_image",
    "assurance.export_zip",  # once it is written, and for the two persons only
    "notices.page_picture",
    "cases.correct_period",
}
SEES_ALL = {"auditor"}  # audits every branch below its own; here it is granted 0202 only
OFFICES = {"system_admin", "security_admin", "audit_admin"}
NUMBERS = re.compile(r"[A-Z]*\d[\dA-Z-]*")
MOVING = re.compile(
    r'(name="csrf[-_]token" (?:content|value)="[^"]*")|(value="[^"]{60,}")|([0-9a-f]{16,})'
)


@pytest.fixture
def stranger(app, people, new_uow):
    """Sign somebody in, by name: `far_` and a role is somebody of branch 0202."""
    del people
    with new_uow() as uow:
        for role in Role:
            user = users.create(
                uow, CreateUser(username=f"far_{role.value}", display_name="远处")
            )
            where = branches.id_of(uow, "0202")
            grants.grant(uow, GrantRole(user_id=user.id, role=role, branch_id=where))

    def entered(role: str):
        client = app.test_client()
        with new_uow() as uow:
            user = users.by_name(uow, role)
            token = sessions.begin(uow, user, sessions.Browser())
            key = tokens.issue(uow, IssueToken(user_id=user.id, name="test"))
        client.set_cookie("postloan", f"s.{token}")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return client

    return entered


def scoped_rules(app):
    return [
        rule
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if rule.arguments & set(NOWHERE) and not rule.arguments & ELSEWHERE
    ]


def path_of(app, rule, values):
    with app.test_request_context():
        given = {name: ({**VALUES, **values})[name] for name in rule.arguments}
        return app.url_map.bind("localhost").build(rule.endpoint, given)


def text_of(reply):
    """The words of a page, of a workbook, of a Word file."""
    data = reply.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    return data.decode("utf-8", "replace")


def answer(client, path, method):
    """Status and body without what differs in every reply, and without numbers."""
    reply = client.open(path, method=method, json={} if path.startswith("/api/") else None)
    body = MOVING.sub("", text_of(reply))
    return reply.status_code, NUMBERS.sub("·", body)


def test_D2_every_argument_says_whether_it_belongs_to_a_branch(app):
    named = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert named <= set(NOWHERE) | NO_BRANCH | ELSEWHERE, (
        "add it to NOWHERE and whole_file, or NO_BRANCH"
    )


def test_D2_the_same_answer_as_for_what_never_was(app, stranger, whole_file):
    app.config["WTF_CSRF_ENABLED"] = False  # tokens have their own test
    table, asked, faults = expected(), 0, []
    for rule in scoped_rules(app):
        roles = sorted(table[rule.endpoint] & ROLES - OFFICES)
        for role in roles:
            client = stranger(f"far_{role}")
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                real, none = (path_of(app, rule, ids) for ids in (whole_file.ids, NOWHERE))
                found, missing = (answer(client, path, method) for path in (real, none))
                asked += 1
                if found != missing or found[0] < 300:
                    faults.append((role, method, rule.rule, found[0], missing[0]))
    assert not faults, "\n".join(map(str, faults))
    assert asked > 60


def test_D2_the_own_branch_does_get_an_answer(app, stranger, whole_file):
    """Otherwise the test above could not fail."""
    table, faults = expected(), []
    for rule in scoped_rules(app):
        if "GET" not in rule.methods or rule.endpoint in ASKS_MORE:
            continue
        role = max(table[rule.endpoint] & ROLES - OFFICES - {"account_manager"})
        reply = stranger(role).get(path_of(app, rule, whole_file.ids))
        reply.close()  # of a file
        if reply.status_code not in {200, 302, 422}:  # 422: nothing was made yet
            faults.append((role, rule.rule, reply.status_code))
    assert not faults, "\n".join(map(str, faults))


def test_D2_no_list_count_or_search_shows_it(app, stranger, whole_file):
    table, faults = expected(), []
    secrets = (SECRET, *(str(whole_file.ids[name]) for name in ("loan_no", "case_no")))
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.arguments or "GET" not in rule.methods:
            continue
        for role in sorted(table[rule.endpoint] & ROLES - OFFICES - SEES_ALL):
            client = stranger(f"far_{role}")
            for query in ("", f"?q={SECRET}", f"?q={whole_file.ids['loan_no']}"):
                reply = client.get(rule.rule + query)
                body = text_of(reply)
                body = re.sub(r'value="[^"]*"|name="q"[^>]*>|<title>[^<]*', "", body)
                body = body.replace(query.removeprefix("?q="), "") if query else body
                found = [secret for secret in secrets if secret in body]
                if found or reply.status_code >= 500:
                    faults.append((role, rule.rule + query, reply.status_code, found))
    assert faults == []
