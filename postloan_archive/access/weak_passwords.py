"""Words that make a password guessable: everybody's favourites, and what a bank suggests."""

from pathlib import Path
from typing import Final

_WORDS: Final = Path(__file__).parent / "words"
BANK_WORDS: Final = frozenset((_WORDS / "bank.txt").read_text("utf-8").split())
COMMON_WORDS: Final = frozenset((_WORDS / "common.txt").read_text("utf-8").split())
# SHA-256, first 16 hex digits, of common passwords that are long and not made of these words.
LONG_ONES: Final = frozenset((_WORDS / "long.txt").read_text("utf-8").split())
KEYBOARD_ROWS: Final = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qweasdzxc",
    "qazxswedcvfrtgbnhyujm",
    "一二三四五六七八九十",
)
