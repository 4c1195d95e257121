"""Which loan file a paper speaks of: the numbers and names in its own name and text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.errors import _l

BEST: Final = 3  # candidates shown to a person
SURE: Final = 55  # a number of the loan itself
LIKELY: Final = 30  # an identity number; its holder may have several loans
_BLANK: Final = re.compile(r"\s+")
_SHORTEST_NUMBER: Final = 6  # characters; a shorter one stands in any table of figures
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What tells one loan from another."""

    loan_no: str
    contract_no: str
    archive_no: str
    id_no: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A loan that the paper may belong to; `reasons` are Chinese, the strongest first."""

    loan_no: str
    score: int
    reasons: tuple[str, ...]


# What is looked for, how much it says, how the reason reads: in the name, in the text.
_KINDS: Final = (
    ("loan_no", 60, _l("借据号（文件名）"), _l("借据号（正文）")),
    ("contract_no", SURE, _l("合同号（文件名）"), _l("合同号（正文）")),
    ("archive_no", 60, _l("档号（文件名）"), _l("档号（正文）")),
    ("id_no", LIKELY, _l("证件号（文件名）"), _l("证件号（正文）")),
    ("customer", 15, _l("客户名称（文件名）"), _l("客户名称（正文）")),
)


def candidates(name: str, text: str, known: Iterable[Known]) -> tuple[Candidate, ...]:
    """Return the loans that name or text speak of, best first.

    Blanks and line breaks do not matter: recognition puts them anywhere.

    Args:
        name: of the file, folders included.
        text: its first pages.
        known: the loans to choose from.
    """
    inside = (_BLANK.sub("", name), _BLANK.sub("", text))
    found = []
    for one in known:
        score, reasons = _judge(one, inside)
        if score:
            found.append(Candidate(loan_no=one.loan_no, score=score, reasons=reasons))
    found.sort(key=lambda candidate: (-candidate.score, candidate.loan_no))
    return tuple(found)


def strength(score: int) -> str:
    """Return how sure a candidate is, in words: a person decides in any case."""
    if score >= SURE:
        return _l("把握大")
    return _l("有线索") if score >= LIKELY else _l("仅姓名")


def _judge(one: Known, inside: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    score, reasons = 0, []
    for kind, weight, in_name, in_text in _KINDS:
        value = _BLANK.sub("", str(getattr(one, kind)))
        shortest = _SHORTEST_NAME if kind == "customer" else _SHORTEST_NUMBER
        if len(value) < shortest:
            continue
        for place, reason in zip(inside, (in_name, in_text), strict=True):
            if value in place:
                score += weight
                reasons.append(reason)
                break
    return score, tuple(reasons)
