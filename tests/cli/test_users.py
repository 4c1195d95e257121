"""The first person of an installation comes in through the command line."""

from click.testing import CliRunner

from postloan_archive.access import users
from postloan_archive.cli.users import group

ADD = ["add", "fawu1", "--name", "沈律", "--role", "legal", "--branch", "0201"]


def call(system, *arguments):
    env = {"POSTLOAN_DATA": str(system.settings.data)}
    return CliRunner(env=env).invoke(group, list(arguments))


def test_a_user_gets_roles_and_a_link_that_sets_the_password(system, new_uow):
    answer = call(system, *ADD, "--branch-name", "示范支行")

    assert answer.exit_code == 0, answer.output
    assert "/sign-in/password/" in answer.output
    with new_uow() as uow:
        row = users.row_of(users.by_name(uow, "fawu1"))
    assert [held.role for held in row.roles] == ["legal"]
    assert not row.has_password


def test_an_unknown_branch_is_refused_and_leaves_no_user(system, new_uow):
    answer = call(system, *ADD)

    assert "0201" in str(answer.exception)
    with new_uow() as uow:
        assert users.count(uow.session) == 0
