"""Which loan file a paper speaks of: the numbers and names in its own name and text; pure.

One look takes about as long for ten loans as for 100,000: the text is walked through once, and
at each place the known numbers and names that begin so are compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.archive.rules.plain_text import plain
from postloan_archive.kernel.errors import _l

BEST: Final = 3  # candidates shown to a person
SURE: Final = 75  # of 100: a number of the loan itself
LIKELY: Final = 30  # an identity number; its holder may have several loans
CERTAIN: Final = 99  # the most that is ever said: a person decides
TAIL: Final = 4  # last characters of an identity number, as papers mask it
_HEAD: Final = 2  # characters by which the known words are sorted
_SHORTEST_NUMBER: Final = 6  # characters; a shorter one stands in any table of figures
_SHORTEST_NAME: Final = 2
IN_NAME: Final = 0  # the number of the "page" that the file name is


@dataclass(frozen=True, slots=True)
class Known:
    """What tells one loan from another."""

    loan_no: str
    contract_no: str
    archive_no: str
    id_no: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A number that a capability above the archive gave to a loan, such as a court's."""

    kind: str  # court_no or case_no
    number: str
    loan_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A loan that the paper may belong to; `reasons` are Chinese, the strongest first.

    `score` is of 100: what the evidence says together, never more than `CERTAIN`.
    """

    loan_no: str
    score: int
    reasons: tuple[str, ...]


# What is looked for, how much it says in a name and on page 1 (of 100), what it is called.
_KINDS: Final = {
    "loan_no": (92, _l("借据号")),
    "archive_no": (92, _l("档号")),
    "contract_no": (88, _l("合同号")),
    "court_no": (88, _l("法院案号")),
    "case_no": (88, _l("案件编号")),
    "id_no": (60, _l("证件号")),
    "tail": (55, _l("姓名和证件号后四位")),
    "customer": (25, _l("客户名称")),
}
_LATER: Final = 85  # percent of the weight on a later page
_WHERE_NAME: Final = _l("{what}（文件名）")
_WHERE_PAGE: Final = _l("{what}（第 {page} 页）")


class Clues:
    """The numbers and names of many loans."""

    def __init__(self, known: Iterable[Known], others: Iterable[Other] = ()) -> None:
        self._words: dict[str, dict[str, set[str]]] = {}  # word -> kind -> loans
        self._tails: dict[str, dict[str, set[str]]] = {}  # name -> tail -> loans
        for one in known:
            for kind in ("loan_no", "archive_no", "contract_no", "id_no", "customer"):
                word = plain(str(getattr(one, kind)))
                shortest = _SHORTEST_NAME if kind == "customer" else _SHORTEST_NUMBER
                if len(word) >= shortest:
                    kinds = self._words.setdefault(word, {})
                    kinds.setdefault(kind, set()).add(one.loan_no)
            name, tail = plain(one.customer), plain(one.id_no)[-TAIL:]
            if len(name) >= _SHORTEST_NAME and len(tail) == TAIL:
                self._tails.setdefault(name, {}).setdefault(tail, set()).add(one.loan_no)
        for other in others:
            word = plain(other.number)
            if len(word) >= _SHORTEST_NUMBER:
                kinds = self._words.setdefault(word, {})
                kinds.setdefault(other.kind, set()).add(other.loan_no)
        self._lengths: dict[str, tuple[int, ...]] = {}
        heads: dict[str, set[int]] = {}
        for word in self._words:
            heads.setdefault(word[:_HEAD], set()).add(len(word))
        for head, lengths in heads.items():
            self._lengths[head] = tuple(sorted(lengths, reverse=True))

    def find(self, name: str, pages: Sequence[tuple[int, str]]) -> tuple[Candidate, ...]:
        """Return the loans that name or pages speak of, best first.

        Args:
            name: of the file, folders included.
            pages: number, from 1, and text.
        """
        found: dict[str, dict[str, tuple[int, str]]] = {}  # loan -> kind -> weight, reason
        for number, text in ((IN_NAME, name), *pages):
            place = plain(text)
            for kind, loans in self._on(place):
                weight = _weight(kind, number, len(loans))
                reason = _reason(kind, number)
                for loan_no in loans:
                    kinds = found.setdefault(loan_no, {})
                    if weight > kinds.get(kind, (0, ""))[0]:
                        kinds[kind] = (weight, reason)
        judged = [_judged(loan_no, kinds) for loan_no, kinds in found.items()]
        judged.sort(key=lambda candidate: (-candidate.score, candidate.loan_no))
        return tuple(judged)

    def _on(self, place: str) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield kind and loans of every known word of the text, each word once."""
        seen: set[str] = set()
        for start in range(len(place) - 1):
            for length in self._lengths.get(place[start : start + _HEAD], ()):
                word = place[start : start + length]
                if word in seen or word not in self._words:
                    continue
                seen.add(word)
                for kind, loans in self._words[word].items():
                    yield kind, frozenset(loans)
                for tail, loans in self._tails.get(word, {}).items():
                    if tail in place:
                        yield "tail", frozenset(loans)


def candidates(name: str, text: str, known: Iterable[Known]) -> tuple[Candidate, ...]:
    """Return the loans that a name or one page of text speaks of, best first."""
    return Clues(known).find(name, ((1, text),))


def strength(score: int) -> str:
    """Return how sure a candidate is, in words: a person decides in any case."""
    if score >= SURE:
        return _l("把握大")
    return _l("有线索") if score >= LIKELY else _l("仅姓名")


def _weight(kind: str, page: int, loans: int) -> int:
    """Return what one finding says: less on a later page, less where several loans share it."""
    full = _KINDS[kind][0]
    share = full if page <= 1 else full * _LATER // 100
    return share * 2 // (loans + 1)


def _reason(kind: str, page: int) -> str:
    what = _KINDS[kind][1]
    if page == IN_NAME:
        return _WHERE_NAME.format(what=what)
    return _WHERE_PAGE.format(what=what, page=page)


def _judged(loan_no: str, kinds: dict[str, tuple[int, str]]) -> Candidate:
    if "id_no" in kinds:
        kinds.pop("tail", None)  # the whole number says it
    if "tail" in kinds or "id_no" in kinds:
        kinds.pop("customer", None)
    open_ = 100
    for weight, _ in kinds.values():
        open_ = open_ * (100 - weight) // 100
    reasons = tuple(reason for _, reason in sorted(kinds.values(), reverse=True))
    return Candidate(loan_no=loan_no, score=min(100 - open_, CERTAIN), reasons=reasons)
