"""What a user name, a password and a set of roles must be; pure."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from postloan_archive.access.roles import ADMINISTRATORS, ROLES, Role
from postloan_archive.access.weak_passwords import (
    BANK_WORDS,
    COMMON_WORDS,
    KEYBOARD_ROWS,
    LONG_ONES,
)
from postloan_archive.kernel.errors import RuleError, _l

MIN_PASSWORD: Final = 12
MAX_PASSWORD: Final = 256
_MEANINGFUL: Final = 6  # characters that must remain when known words and runs are taken out
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class UsernameError(RuleError):
    """The user name has other characters than the bank's systems take."""

    field = "username"

    def __init__(self) -> None:
        super().__init__(_l("用户名须为 2 至 32 个小写字母、数字、点、横线或下划线。"))


class PasswordTooShortError(RuleError):
    """Fewer characters than the profile asks for."""

    field = "password"

    def __init__(self, *, least: int) -> None:
        super().__init__(
            _l("密码至少 {least} 个字符，可以用一句话，含汉字和空格。"), least=least
        )


class PasswordTooLongError(RuleError):
    """More characters than anybody types."""

    field = "password"

    def __init__(self, *, most: int) -> None:
        super().__init__(_l("密码至多 {most} 个字符。"), most=most)


class WeakPasswordError(RuleError):
    """The password is on a list, a run of keys, or made of the names of bank and user."""

    field = "password"

    def __init__(self) -> None:
        super().__init__(
            _l("这个密码容易被猜到：不要用常见密码、连续或重复字符、银行名称或本人姓名。")
        )


class AdministratorsApartError(RuleError):
    """Nobody holds two of the three administrators, or one beside a business role."""

    field = "role"

    def __init__(self, *, role: Role, held: Iterable[Role]) -> None:
        super().__init__(
            _l("{role} 不能与该用户已有的 {held} 并任：三员须由不同的人担任，且不办理业务。"),
            role=ROLES[role].label,
            held="、".join(ROLES[one].label for one in sorted(held)),
        )


def username_key(text: str) -> str:
    """Return the user name as it is stored and compared: NFKC, lower case, no blanks."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def check_username(key: str) -> None:
    """Refuse a user name that is not plain.

    Raises:
        UsernameError: wrong characters or length.
    """
    if not _USERNAME.fullmatch(key):
        raise UsernameError


def password_text(text: str) -> str:
    """Return the password as it is hashed: NFC, so that every keyboard gives the same."""
    return unicodedata.normalize("NFC", text)


def check_password(password: str, *, own_words: Iterable[str] = ()) -> None:
    """Refuse a password that a list, a program or a colleague would guess (profile ASVS).

    Args:
        password: as typed; length counts characters after normalisation.
        own_words: user name, name of the person, name of the bank.

    Raises:
        PasswordTooShortError: fewer than 12 characters.
        PasswordTooLongError: more than 256.
        WeakPasswordError: guessable.
    """
    text = password_text(password)
    if len(text) < MIN_PASSWORD:
        raise PasswordTooShortError(least=MIN_PASSWORD)
    if len(text) > MAX_PASSWORD:
        raise PasswordTooLongError(most=MAX_PASSWORD)
    listed = sha256(text.casefold().encode()).hexdigest()[:16] in LONG_ONES
    if listed or len(_what_remains(text, own_words)) < _MEANINGFUL:
        raise WeakPasswordError


def check_together(role: Role, held: Iterable[Role]) -> None:
    """Refuse a role that its holder's other roles exclude.

    Raises:
        AdministratorsApartError: an administrator beside any other role.
    """
    others = frozenset(held) - {role}
    if role in ADMINISTRATORS and others:
        raise AdministratorsApartError(role=role, held=others)
    if others & ADMINISTRATORS:
        raise AdministratorsApartError(role=role, held=others & ADMINISTRATORS)


def _what_remains(text: str, own_words: Iterable[str]) -> str:
    """Return what is left without known words, digits, signs, runs and repetitions."""
    low = _leet(unicodedata.normalize("NFKC", text).casefold())
    parts = [part for word in own_words for part in _parts(word)]
    for word in sorted({*BANK_WORDS, *COMMON_WORDS, *parts}, key=len, reverse=True):
        low = low.replace(word, "")
    low = re.sub(r"\d{2,}", "", low)  # years, dates and counting say nothing
    low = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", low)
    return _without_repetition(_without_runs(low))


def _parts(word: str) -> list[str]:
    text = unicodedata.normalize("NFKC", word).casefold()
    pieces = [piece for piece in re.split(r"[\s._·-]+", text) if len(piece) > 1]
    return [*pieces, *([text] if len(text) > 1 else [])]


def _leet(text: str) -> str:
    plain = text.translate(str.maketrans("@$!", "asi"))
    # Digits stand for letters only inside a word: p4ssw0rd, not 2026.
    return re.sub(
        r"(?<=[a-z])[0134578](?=[a-z])",
        lambda match: dict(zip("0134578", "oleastb", strict=True))[match.group()],
        plain,
    )


def _without_runs(text: str) -> str:
    for row in KEYBOARD_ROWS:
        for line in (row, row[::-1]):
            for size in range(len(line), 2, -1):
                for at in range(len(line) - size + 1):
                    text = text.replace(line[at : at + size], "")
    return text


def _without_repetition(text: str) -> str:
    """Return one copy of what repeats: aaaa is a, abcabcabc is abc."""
    text = re.sub(r"(.)\1{2,}", r"\1", text)
    return re.sub(r"(.{1,16}?)\1+", r"\1", text)
