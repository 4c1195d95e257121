"""Whether a letter can be delivered to an address at all, judged by its text (R-H02, [M])."""

import re
import unicodedata
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import HOUSE_RULE

ADDRESS: Final = HOUSE_RULE.at("送达地址可投递", rule="R-H02", confidence=Confidence.MEMORY)
SHORTEST: Final = 5  # signs of an address that a postman can use: a street and a number
_NONE: Final = re.compile(
    r"(不详|不明|未知|暂无|没有|待补|待查|同上|同前|见合同|无固定|下落不明|无地址|test|[?？xX*＊]{2,})"
)
_NOTHING: Final = frozenset({"无", "-", "—", "/", "none", "null", "na", "n/a"})
UNKNOWN: Final = _l("送达地址“{address}”不是地址，不能投递。")
TOO_SHORT: Final = _l("送达地址“{address}”过短，可能无法投递；请写到门牌或村组。")


def address_fault(address: str) -> str:
    """Return why a letter cannot be delivered there, an empty text where nothing is wrong.

    An empty address is no fault of this rule: the required keys name it.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    if not plain:
        return ""
    if plain.lower() in _NOTHING or _NONE.search(plain.lower()):
        return UNKNOWN.format(address=address)
    return ""


def address_doubt(address: str) -> str:
    """Return why an address may not do, an empty text where nothing is to be said."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    if plain and len(plain) < SHORTEST and not address_fault(address):
        return TOO_SHORT.format(address=address)
    return ""
