"""Amounts in Chinese capital numerals, written and read back (R-J07)."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.money import yuan

PREFIX: Final = "人民币"
DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
WHOLE: Final = ("整", "正")
NOUGHT: Final = DIGITS[0]
GROUP: Final = 10_000
THOUSAND: Final = 1_000
UPPER_BOUND: Final = Decimal(10) ** 16  # exclusive
CENTS_EXPONENT: Final = -2
LONGEST: Final = 64  # characters; the longest amount takes 40
VARIANTS: Final = str.maketrans("圆貳陸億萬", "元贰陆亿万")


class AmountRangeError(RuleError):
    """The amount cannot be written in capital numerals."""

    field = "amount"

    def __init__(self, *, amount: Decimal) -> None:
        super().__init__(
            _l("金额 {amount} 不能写成大写：应为 0 至一亿亿元以内，最多两位小数。"),
            amount=amount,
        )


class AmountInWordsError(RuleError):
    """The text is no amount in capital numerals."""

    field = "amount_in_words"

    def __init__(self, *, text: str) -> None:
        super().__init__(_l("“{text}”不是规范的人民币大写金额。"), text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountInWords:
    """An amount in words: the form to print, and the other forms to accept on input."""

    canonical: str
    also_accept: tuple[str, ...]


def rmb_upper(amount: Decimal) -> AmountInWords:
    """Return the amount in capital numerals.

    Args:
        amount: yuan, 0 or more and below 10 to the 16th, at most two decimals.

    Raises:
        AmountRangeError: the amount is negative, too large, or finer than a cent.
    """
    if not amount.is_finite() or not 0 <= amount < UPPER_BOUND or amount != yuan(amount):
        raise AmountRangeError(amount=amount)
    whole, cents = divmod(int(amount * 100), 100)
    jiao, fen = divmod(cents, 10)
    forms = list(dict.fromkeys(_forms(whole, jiao, fen)))
    return AmountInWords(canonical=forms[0], also_accept=tuple(forms[1:]))


def read_rmb_upper(text: str) -> Decimal:
    """Return the yuan that the words mean; every form that `rmb_upper` accepts is read.

    Blanks are removed, 圆 and traditional numerals become the usual ones, the prefix 人民币 may
    be missing.

    Raises:
        AmountInWordsError: the text is no such amount.
    """
    words = "".join(unicodedata.normalize("NFKC", text).split()).translate(VARIANTS)
    words = PREFIX + words.removeprefix(PREFIX)
    amount = _value(words.removeprefix(PREFIX)) if len(words) <= LONGEST else None
    if amount is None or amount >= UPPER_BOUND:
        raise AmountInWordsError(text=text)
    known = rmb_upper(amount)
    if words != known.canonical and words not in known.also_accept:
        raise AmountInWordsError(text=text)
    return amount


def _forms(whole: int, jiao: int, fen: int) -> Iterator[str]:
    """Yield every accepted form, the canonical one first."""
    parts = _yuan_parts(whole)
    if whole == 0 and not jiao and not fen:
        parts = [(NOUGHT,)]
    if parts:
        parts.append(("元",))
    if not jiao and not fen:
        parts.append(WHOLE)
    elif not jiao:
        parts.append((f"{NOUGHT if whole else ''}{DIGITS[fen]}分",))
    else:
        if whole and whole % 10 == 0:
            parts.append(("", NOUGHT))
        parts.append((f"{DIGITS[jiao]}角",))
        parts.append((f"{DIGITS[fen]}分",) if fen else ("", *WHOLE))
    for choice in product(*parts):
        yield PREFIX + "".join(choice)


def _yuan_parts(whole: int) -> list[tuple[str, ...]]:
    """Return the pieces of the whole yuan; a piece with several spellings starts with ours."""
    groups = [whole // GROUP**power % GROUP for power in (3, 2, 1, 0)]
    units = ("万" if groups[1] else "万亿", "亿", "万", "")  # 亿 is written once
    parts: list[tuple[str, ...]] = []
    higher: int | None = None  # index of the last group written
    for index, group in enumerate(groups):
        if not group:
            continue
        if higher is not None:
            parts.append(_joint(groups[higher], group, skipped=index - higher > 1))
        parts.append((_group(group) + units[index],))
        higher = index
    return parts


def _joint(higher: int, lower: int, *, skipped: bool) -> tuple[str, ...]:
    """Return the spellings between two written groups of four digits."""
    if lower < THOUSAND:
        return (NOUGHT,)
    if skipped:
        return (NOUGHT, "")
    if higher % 10 == 0:
        return ("", NOUGHT)
    return ("",)


def _group(group: int) -> str:
    """Return one group of up to four digits; zeros at its ends are not written."""
    words = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += (NOUGHT if gap else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = bool(words)
    return words


def _value(words: str) -> Decimal | None:
    """Return the value of the numerals read loosely; the caller compares the spelling."""
    total = section = digit = 0  # in yuan
    cents = 0
    for char in words:
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in PLACES[1:]:
            section += digit * 10 ** PLACES.index(char)
            digit = 0
        elif char == "万":
            total, section, digit = total + (section + digit) * GROUP, 0, 0
        elif char == "亿":
            total, section, digit = (total + section + digit) * GROUP**2, 0, 0
        elif char == "元":
            total, section, digit = total + section + digit, 0, 0
        elif char in "角分":
            cents += digit * (10 if char == "角" else 1)
            digit = 0
        elif char not in WHOLE:
            return None
    return Decimal(total * 100 + cents).scaleb(CENTS_EXPONENT)
