"""Forms of signing in, the own account, users, branches and roles: text in, command out."""

from flask_babel import lazy_gettext as _
from wtforms import (
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from postloan_archive.access.branches import BranchRow, CreateBranch
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import ROLES, Role
from postloan_archive.access.users import CreateUser
from postloan_archive.web.forms import BaseForm

_LONGEST = 1_000  # a limit of the form only; the rules know the real one


class SignInForm(BaseForm):
    """Name, password and, for those who use one, the code."""

    username = StringField(
        _("用户名"),
        [InputRequired(_("请填写用户名。")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"},
    )
    password = PasswordField(
        _("密码"),
        [InputRequired(_("请填写密码。")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    code = StringField(
        _("动态口令"),
        [Optional(), Length(max=64)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text"},
        description=_("启用了动态口令的用户填写；手机不在身边可填恢复码。"),
    )


class NewPasswordForm(BaseForm):
    """A new password, twice."""

    password = PasswordField(
        _("新密码"),
        [InputRequired(_("请填写新密码。")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "new-password"},
        description=_("至少 12 个字符；可以是一句话，可以含汉字和空格。"),
    )
    again = PasswordField(
        _("再输入一次"),
        [InputRequired(_("请再输入一次。")), EqualTo("password", _("两次输入不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )


class KeyForm(BaseForm):
    """A key for a program, and the password once more."""

    name = StringField(
        _("用途"),
        [InputRequired(_("请填写用途，例如“核心系统对接”。")), Length(max=100)],
    )
    valid_days = IntegerField(
        _("有效天数"), [InputRequired(_("请填写 1 至 366 的天数。"))], default=90
    )
    scope = RadioField(
        _("范围"),
        choices=[
            SelectChoice("read", _("只读：查看、检索、下载")),
            SelectChoice("all", _("本岗位的全部权限")),
        ],
        default="read",
    )
    password = PasswordField(
        _("您的密码"),
        [InputRequired(_("请填写密码。")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password first."""

    current = PasswordField(
        _("当前密码"),
        [InputRequired(_("请填写当前密码。")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class ProofForm(BaseForm):
    """The password once more, before a grave step."""

    password = PasswordField(
        _("您的密码"),
        [InputRequired(_("请填写密码。")), Length(max=_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class SecondFactorForm(ProofForm):
    """Password and the code that the telephone shows."""

    code = StringField(
        _("动态口令"),
        [InputRequired(_("请填写手机上显示的 6 位数字。")), Length(max=16)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class UserForm(BaseForm):
    """A new user."""

    username = StringField(
        _("用户名"),
        [InputRequired(_("请填写用户名。")), Length(max=64)],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
        description=_("小写字母、数字、点、横线或下划线；建议用工号。"),
    )
    display_name = StringField(
        _("姓名"),
        [InputRequired(_("请填写姓名。")), Length(max=64)],
        render_kw={"autocomplete": "off"},
    )

    def command(self) -> CreateUser:
        """Return what the service takes; call after `submitted()`."""
        return CreateUser(
            username=self.username.data or "", display_name=self.display_name.data or ""
        )


class ReasonForm(BaseForm):
    """Why."""

    reason = StringField(_("理由"), [InputRequired(_("请写明理由。")), Length(max=500)])


class BranchForm(BaseForm):
    """A new branch."""

    code = StringField(_("机构代码"), [InputRequired(_("请填写机构代码。")), Length(max=32)])
    name = StringField(_("机构名称"), [InputRequired(_("请填写机构名称。")), Length(max=100)])
    parent_id = SelectField(_("上级机构"), coerce=int)

    def offer(self, tree: list[BranchRow]) -> None:
        """Fill the choice of the branch above."""
        self.parent_id.choices = [
            SelectChoice(0, _("（无，最高一级）")),
            *branch_choices(tree),
        ]

    def command(self) -> CreateBranch:
        """Return what the service takes; call after `submitted()`."""
        return CreateBranch(
            code=self.code.data or "",
            name=self.name.data or "",
            parent_id=self.parent_id.data or None,
        )


class GrantForm(BaseForm):
    """A role for a user at a branch."""

    role = RadioField(_("角色"), [InputRequired(_("请选择角色。"))], coerce=str)
    branch_id = SelectField(_("机构（含下级）"), coerce=int)
    reason = TextAreaField(
        _("理由"),
        [InputRequired(_("请写明理由。")), Length(max=500)],
        render_kw={"rows": 2},
    )

    def offer(self, tree: list[BranchRow]) -> None:
        """Fill the choices of role and branch."""
        self.role.choices = [
            SelectChoice(role.value, _(table.label)) for role, table in ROLES.items()
        ]
        self.branch_id.choices = branch_choices(tree)

    def command(self, user_id: int) -> GrantRole:
        """Return what the service takes; call after `submitted()`."""
        return GrantRole(
            user_id=user_id,
            role=Role(self.role.data),
            branch_id=self.branch_id.data,
            reason=self.reason.data or "",
        )


class DecisionForm(ProofForm):
    """Yes or no, with the password once more."""

    decision = RadioField(
        _("决定"),
        [InputRequired(_("请选择同意或不同意。"))],
        choices=[SelectChoice("yes", _("同意")), SelectChoice("no", _("不同意"))],
    )


def branch_choices(tree: list[BranchRow]) -> list[SelectChoice]:
    """Return the branches as a choice, indented like the tree."""
    return [SelectChoice(row.id, f"{'　' * row.depth}{row.name}（{row.code}）") for row in tree]
