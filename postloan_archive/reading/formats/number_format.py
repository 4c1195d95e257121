"""Cell values of a spreadsheet as people see them: dates, percentages, separators."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

_BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00",
    14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日",
    30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 36: "yyyy年m月",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 49: "@", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日",
    54: "m月d日",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_PARTS: Final = re.compile("[ymdhs年月日时分秒]", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0#?][0#?,]*(?:\.([0#?]*))?")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a civil date, no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - a civil date, no zone
_LAST_SERIAL: Final = 2_958_466  # 31 December 9999
_DAY_S: Final = 86_400


def built_in(number: int) -> str:
    """Return the format code of a number below 164; General where it is free."""
    return _BUILT_IN.get(number, "General")


def is_date(code: str) -> bool:
    """Return whether the format shows a date or a time."""
    bare = _QUOTED.sub(
        lambda found: found[0] if found[0][1:2] in "hmsHMS" and found[0][0] == "[" else "", code
    )
    bare = bare.split(";")[0]
    return bool(_DATE_PARTS.search(bare)) and "general" not in bare.lower()


def shown(value: str, code: str, *, from_1904: bool = False) -> str:
    """Return the number as shown under the format; as stored where that is not understood.

    Args:
        value: the number as the file holds it.
        code: the format, such as `#,##0.00` or `yyyy-m-d`.
        from_1904: days count from 1 January 1904.
    """
    try:
        number = Decimal(value)
        if not number.is_finite():
            return value
    except InvalidOperation:
        return value
    if is_date(code):
        return _date(number, code, from_1904=from_1904) or plain(number)
    return _number(number, code)


def plain(number: Decimal) -> str:
    """Return the number without exponent and without the noise of binary fractions."""
    if number == number.to_integral_value() and abs(number) < Decimal(10) ** 30:
        return str(int(number))
    try:
        short = Decimal(f"{float(number):.15g}")
    except (OverflowError, ValueError):
        return str(number)
    text = format(short, "f") if Decimal("1e-12") < abs(short) < Decimal("1e21") else str(short)
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def _number(number: Decimal, code: str) -> str:
    section = _section(number, code)
    bare = _QUOTED.sub("", section)
    digits = _DIGITS.search(bare)
    if digits is None or "E" in bare.upper() or "/" in bare or "general" in bare.lower():
        return plain(number)
    percent = bare.count("%")
    scaled = Decimal(plain(number)).scaleb(2 * percent)
    if digits[0].split(".")[0].endswith(","):  # in thousands or millions: show what is stored
        return plain(number)
    places = len(digits[1] or "")
    try:
        text = f"{scaled:,.{places}f}" if "," in digits[0] else f"{scaled:.{places}f}"
    except (InvalidOperation, ValueError):
        return plain(number)
    whole = re.match(r"0+", digits[0])
    if whole is not None and "," not in digits[0] and places == 0:
        text = text.zfill(len(whole[0]))  # 00012: an identifier kept as a number
    return text + "%" * percent


def _section(number: Decimal, code: str) -> str:
    sections = code.split(";")
    if number < 0 and len(sections) > 1 and "-" not in sections[1] and "(" not in sections[1]:
        return sections[0]  # red without a sign: the sign must not be lost
    return sections[0]


def _date(number: Decimal, code: str, *, from_1904: bool) -> str:
    if not 0 <= number < _LAST_SERIAL:
        return ""
    epoch = _EPOCH_1904 if from_1904 else _EPOCH
    seconds = round(number * _DAY_S)
    bare = code.lower()
    if "[h" in bare or "[m" in bare or "[s" in bare:
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    moment = epoch + timedelta(seconds=seconds)
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    if number < 1 and not from_1904:
        return clock
    if "年" in code:
        day = f"{moment.year}年{moment.month}月" + (f"{moment.day}日" if "日" in code else "")
    else:
        day = f"{moment:%Y-%m-%d}"
    return f"{day} {clock}" if seconds % _DAY_S and re.search("[hs时]", bare) else day
