"""Calculators of identifiers, amounts in words and masking (group J)."""

from collections.abc import Callable
from typing import Final

from postloan_archive.calculators.fields import MONEY, TEXT, choice_of, need, plain
from postloan_archive.calculators.functions import Form, Function, Outcome
from postloan_archive.calculators.kinds import Given
from postloan_archive.kernel import identifiers
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.kernel.words import rmb_upper

_VALUE: Final = (Form(fields=(need("value", "内容", TEXT),)),)
_MASKED: Final = ("身份证号", "手机号", "银行卡号", "姓名")
_VALID: Final = plain("valid", "有效")
_NORMALISED: Final = plain("normalised", "规范写法", optional=True)


def _answer(name: str, step: str, **values: object) -> Outcome:
    return Outcome(values=values, basis=(identifiers.BASIS[name],), steps=(step,))


def _id_card(given: Given) -> Outcome:
    card = identifiers.id_card(given["value"])
    values = {"valid": card.valid, "warnings": card.warnings}
    if card.valid:
        values["normalised"] = card.normalised
    words = "校验通过" if card.valid else "校验不通过"
    return _answer("id_card", f"{words}；校验通过不代表身份属实", **values)


def _checked(
    name: str, check: Callable[[str], identifiers.Checked]
) -> Callable[[Given], Outcome]:
    def run(given: Given) -> Outcome:
        result = check(given["value"])
        values: dict[str, object] = {"valid": result.valid}
        if result.valid:
            values["normalised"] = result.normalised
        return _answer(name, "校验通过" if result.valid else "校验不通过", **values)

    return run


def _bank_card(given: Given) -> Outcome:
    valid = identifiers.bank_card(given["value"]).valid
    return _answer(
        "bank_card", "Luhn 校验通过" if valid else "Luhn 校验不通过（仅提示）", luhn=valid
    )


def _case_no(given: Given) -> Outcome:
    number = identifiers.case_no(given["value"])
    if number is None:
        return _answer("case_no", "不是有效案号", valid=False, legacy=False)
    return _answer(
        "case_no",
        f"规范写法 {number.normalised}",
        valid=True,
        year=number.year,
        court=number.court,
        type=number.type,
        no=number.no,
        sub=number.sub,
        legacy=number.legacy,
        normalised=number.normalised,
    )


def _rmb_upper(given: Given) -> Outcome:
    words = rmb_upper(given["amount"])
    return _answer(
        "rmb_upper", words.canonical, canonical=words.canonical, also_accept=words.also_accept
    )


def _mask(given: Given) -> Outcome:
    masked = mask(given["kind"], given["value"])
    return _answer("mask", masked, masked=masked)


IDENTIFIERS: Final = (
    Function(
        name="id_card",
        label="居民身份证号校验",
        rules=("R-J01",),
        forms=_VALUE,
        results=(_VALID, _NORMALISED, plain("warnings", "提示")),
        run=_id_card,
    ),
    Function(
        name="uscc",
        label="统一社会信用代码校验",
        rules=("R-J02",),
        forms=_VALUE,
        results=(_VALID, _NORMALISED),
        run=_checked("uscc", identifiers.uscc),
    ),
    Function(
        name="bank_card",
        label="银行卡号校验",
        rules=("R-J03",),
        forms=_VALUE,
        results=(plain("luhn", "Luhn 校验"),),
        run=_bank_card,
    ),
    Function(
        name="case_no",
        label="案号识别",
        rules=("R-J04",),
        forms=_VALUE,
        results=(
            _VALID,
            plain("year", "年度", optional=True),
            plain("court", "法院代字", optional=True),
            plain("type", "类型代字", optional=True),
            plain("no", "编号", optional=True),
            plain("sub", "之几", optional=True),
            plain("legacy", "旧式案号"),
            _NORMALISED,
        ),
        run=_case_no,
    ),
    Function(
        name="mobile",
        label="手机号校验",
        rules=("R-J06",),
        forms=_VALUE,
        results=(_VALID, _NORMALISED),
        run=_checked("mobile", identifiers.mobile),
    ),
    Function(
        name="rmb_upper",
        label="人民币大写",
        rules=("R-J07",),
        forms=(Form(fields=(need("amount", "金额（元）", MONEY),)),),
        results=(plain("canonical", "规范写法"), plain("also_accept", "也可接受")),
        run=_rmb_upper,
    ),
    Function(
        name="mask",
        label="个人信息遮盖",
        rules=("R-J08",),
        forms=(
            Form(
                fields=(
                    need(
                        "kind",
                        "种类",
                        choice_of(MaskKind, "身份证号", "手机号", "银行卡号", "姓名"),
                    ),
                    need("value", "内容", TEXT),
                )
            ),
        ),
        results=(plain("masked", "遮盖后"),),
        run=_mask,
    ),
)
