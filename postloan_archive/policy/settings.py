"""Each setting of the rules: its words, the rule that reads it, how it is stored and typed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a person needs to know about one field of `LawPolicy`.

    Attributes:
        label: in a few words.
        rule: the rule that reads it.
        text: what it decides.
        unit: behind the number, or empty.
        low, high: limits of a number, both included.
        words: value and label of each member of a set.
    """

    label: str
    rule: str
    text: str
    unit: str = ""
    low: int = 0
    high: int = 0
    words: tuple[tuple[str, str], ...] = ()


SETTINGS: Final[Mapping[str, Setting]] = {
    "plan_from_nominal": Setting(
        label=_l("我方的后续期间从算术末日起排"),
        rule="R-A19",
        text=_l("前一期间因休假日顺延时，我方权利仍按未顺延的日期安排，较早者稳妥。"),
    ),
    "expiry_counts_first_day": Setting(
        label=_l("保全届满日含首日"),
        rule="R-C05",
        text=_l("没有法院文书时，届满日为生效日前一日加最长期限；关闭则为对应日当日。"),
    ),
    "renewal_reminders": Setting(
        label=_l("续行提醒"),
        rule="R-C07",
        text=_l("保全届满前哪些天提醒，用逗号隔开。"),
        unit=_l("天"),
        low=8,
        high=365,
    ),
    "renewal_escalation": Setting(
        label=_l("续行上报"),
        rule="R-C07",
        text=_l("申请安全日前几个工作日仍无法院收件凭证的，报主管。"),
        unit=_l("个工作日"),
        low=1,
        high=30,
    ),
    "micro_loan_exempt": Setting(
        label=_l("小额贷款公司可免予担保"),
        rule="R-C04",
        text=_l("司法解释未列明小额贷款公司，默认不适用。"),
    ),
    "proof_signers": Setting(
        label=_l("哪些人的签收为 A 级"),
        rule="R-D05",
        text=_l("在催收函回执上签收即足以证明送达的人。"),
        words=(
            ("debtor", _l("债务人本人")),
            ("adult_relative", _l("同住成年家属")),
            ("legal_rep", _l("法定代表人")),
            ("mail_room", _l("单位收发部门")),
            ("authorised", _l("被授权人")),
        ),
    ),
    "resetting_levels": Setting(
        label=_l("哪些证据等级中断时效"),
        rule="R-D05",
        text=_l("达到所选等级的催收单独即可使时效重新计算。"),
        words=(("A", "A"), ("B", "B"), ("C", "C")),
    ),
    "limitation_warning": Setting(
        label=_l("时效将届"),
        rule="R-D04",
        text=_l("届满前多少天起视为将届。"),
        unit=_l("天"),
        low=30,
        high=730,
    ),
    "guarantee_warning": Setting(
        label=_l("保证期间将届"),
        rule="R-D14",
        text=_l("届满前多少天起视为将届。"),
        unit=_l("天"),
        low=15,
        high=365,
    ),
    "asset_check_months": Setting(
        label=_l("终本后查找财产"),
        rule="R-B51",
        text=_l("终结本次执行程序后每隔几个月查找一次财产。"),
        unit=_l("个月"),
        low=1,
        high=24,
    ),
    "calls_a_day": Setting(
        label=_l("每日拨打次数"),
        rule="R-L02",
        text=_l("对同一债务人每日拨打的上限，各笔贷款、各号码和外部机构合计。"),
        unit=_l("次"),
        low=1,
        high=6,
    ),
    "inspect_first_days": Setting(
        label=_l("首次检查"),
        rule="R-G06",
        text=_l("每次放款后多少天内完成首次检查（资金用途）。"),
        unit=_l("天"),
        low=1,
        high=90,
    ),
    "inspect_company_months": Setting(
        label=_l("对公日常检查（正常）"),
        rule="R-G06",
        text=_l("正常类公司贷款每隔几个月检查一次。"),
        unit=_l("个月"),
        low=1,
        high=12,
    ),
    "inspect_company_watched_months": Setting(
        label=_l("对公日常检查（关注及以下）"),
        rule="R-G06",
        text=_l("关注及以下公司贷款每隔几个月检查一次。"),
        unit=_l("个月"),
        low=1,
        high=12,
    ),
    "inspect_personal_months": Setting(
        label=_l("个人经营贷款日常检查（正常）"),
        rule="R-G06",
        text=_l("正常类个人经营贷款每隔几个月检查一次。"),
        unit=_l("个月"),
        low=1,
        high=24,
    ),
    "inspect_personal_watched_months": Setting(
        label=_l("个人经营贷款日常检查（关注及以下）"),
        rule="R-G06",
        text=_l("关注及以下个人经营贷款每隔几个月检查一次。"),
        unit=_l("个月"),
        low=1,
        high=12,
    ),
    "inspect_consumer_months": Setting(
        label=_l("小额消费贷款监测"),
        rule="R-G06",
        text=_l("小额消费贷款每隔几个月由系统监测一次。"),
        unit=_l("个月"),
        low=1,
        high=12,
    ),
    "revalue_real_estate_months": Setting(
        label=_l("不动产押品重估"),
        rule="R-G06",
        text=_l("不动产押品每隔几个月重估一次。"),
        unit=_l("个月"),
        low=1,
        high=36,
    ),
    "revalue_other_months": Setting(
        label=_l("其他押品重估"),
        rule="R-G06",
        text=_l("动产、股权等押品每隔几个月重估一次。"),
        unit=_l("个月"),
        low=1,
        high=12,
    ),
}


class SettingError(RuleError):
    """A setting outside what the rules allow."""

    def __init__(self, *, field: str, label: str, reason: str) -> None:
        super().__init__(_l("{label}：{reason}"), label=label, reason=reason)
        self.field = field  # type: ignore[misc]  # each setting is a field of one form


def checked(values: Mapping[str, object]) -> LawPolicy:
    """Return the settings as the rules take them.

    Raises:
        SettingError: a number outside its limits, a set that is empty or holds an unknown word.
    """
    found: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        usual = getattr(STANDARD_POLICY, name)
        value = values.get(name, usual)
        match usual:
            case bool():
                found[name] = bool(value)
            case int():
                found[name] = _number(name, setting, value)
            case tuple():
                numbers = {_number(name, setting, one) for one in _several(value)}
                if not numbers:
                    raise _refuse(name, setting, _l("至少一项。"))
                found[name] = tuple(sorted(numbers, reverse=True))
            case _:
                words = frozenset(map(str, _several(value)))
                if not words or words - {key for key, _ in setting.words}:
                    raise _refuse(name, setting, _l("至少选一项，且只能从所列中选。"))
                found[name] = words
    return LawPolicy(**found)


def stored(policy: LawPolicy) -> dict[str, Any]:
    """Return the settings as JSON values."""
    found = {}
    for name in SETTINGS:
        value = getattr(policy, name)
        found[name] = (
            sorted(value)
            if isinstance(value, frozenset)
            else list(value)
            if isinstance(value, tuple)
            else value
        )
    return found


def read_stored(values: Mapping[str, Any]) -> LawPolicy:
    """Return stored settings; a setting that is newer than they are takes its standard."""
    return checked(values)


def differences(before: LawPolicy, after: LawPolicy) -> tuple[tuple[str, str, str], ...]:
    """Return label, old and new value of each setting that differs, as people read them."""
    return tuple(
        (
            setting.label,
            words_of(name, getattr(before, name)),
            words_of(name, getattr(after, name)),
        )
        for name, setting in SETTINGS.items()
        if getattr(before, name) != getattr(after, name)
    )


def words_of(name: str, value: object) -> str:
    """Return a value as people read it."""
    setting = SETTINGS[name]
    match value:
        case bool():
            return _l("是") if value else _l("否")
        case frozenset():
            return "、".join(label for key, label in setting.words if key in value)
        case tuple():
            return "、".join(map(str, value)) + setting.unit
        case _:
            return f"{value}{setting.unit}"


def _several(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (list, tuple, set, frozenset)) else (value,)


def _number(name: str, setting: Setting, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refuse(name, setting, _l("应为整数。"))
    if not setting.low <= value <= setting.high:
        raise _refuse(name, setting, f"应在 {setting.low} 至 {setting.high} 之间。")
    return value


def _refuse(name: str, setting: Setting, reason: str) -> SettingError:
    return SettingError(field=name, label=setting.label, reason=reason)


assert set(SETTINGS) == {one.name for one in fields(LawPolicy)}  # no setting without words
