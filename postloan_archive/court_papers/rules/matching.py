"""Of which case a court's paper speaks: a score with its reasons; a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from postloan_archive.court_papers.rules.reading import CourtPaper, Field
from postloan_archive.kernel.errors import _l

SURE: Final = 60  # the court's own number of the case
LIKELY: Final = 30
_OWN_NUMBER: Final = 70
_MENTIONED: Final = 40
_SAME_FILE: Final = 35
_CONTRACT: Final = 30
_NAME: Final = 15
_MOST_NAMES: Final = 3
_COURT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """What tells one case from another; numbers are those of the courts.

    `loan_no` leads; `loan_nos` and `contract_nos` are those of all loans of the case.
    """

    case_no: str
    loan_no: str
    court: str
    numbers: frozenset[str]
    names: frozenset[str]
    loan_nos: frozenset[str]
    contract_nos: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A case the paper may belong to; `reasons` are Chinese, the strongest first."""

    case_no: str
    loan_no: str
    score: int
    reasons: tuple[str, ...]


def suggestions(
    paper: CourtPaper, known: Iterable[KnownCase], *, loan_no: str = ""
) -> tuple[Suggestion, ...]:
    """Return the cases that the paper may belong to, best first.

    Args:
        paper: as it was read.
        known: the cases to choose from.
        loan_no: the loan file in which the paper lies; empty if in none.
    """
    found = []
    for case in known:
        score, reasons = _judge(paper, case, loan_no)
        if score:
            found.append(
                Suggestion(
                    case_no=case.case_no, loan_no=case.loan_no, score=score, reasons=reasons
                )
            )
    found.sort(key=lambda one: (-one.score, one.case_no))
    return tuple(found)


def strength(score: int) -> str:
    """Return how sure a suggestion is, in words."""
    if score >= SURE:
        return _l("把握大")
    return _l("有线索") if score >= LIKELY else _l("仅姓名或法院")


def _judge(paper: CourtPaper, case: KnownCase, loan_no: str) -> tuple[int, tuple[str, ...]]:
    score, reasons = 0, []

    def add(points: int, reason: str) -> None:
        nonlocal score
        score += points
        reasons.append(reason)

    own = paper.first(Field.NUMBER)
    if own is not None and _stem(str(own.value)) in {_stem(one) for one in case.numbers}:
        add(_OWN_NUMBER, _l("案号相同"))
    elif any(str(one.value) in case.numbers for one in paper.all(Field.OTHER_NUMBER)):
        add(_MENTIONED, _l("提及本案另一案号"))
    if loan_no in case.loan_nos:
        add(_SAME_FILE, _l("在同一案卷"))
    if case.contract_nos & {str(one.value) for one in paper.all(Field.CONTRACT)}:
        add(_CONTRACT, _l("合同编号相同"))
    names = {str(one.value) for one in paper.all(Field.PARTY)} & case.names
    if names:
        add(_NAME * min(len(names), _MOST_NAMES), _l("当事人相同"))
    court = paper.first(Field.COURT)
    if court is not None and case.court and str(court.value).endswith(case.court):
        add(_COURT, _l("法院相同"))
    return score, tuple(reasons)


def _stem(number: str) -> str:
    """Return the number without its 之一: rulings inside a procedure share it."""
    return number.partition("号")[0]
