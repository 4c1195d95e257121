"""The court papers of a case in the order of a lawyer's desk, and where each is filed."""

from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.rules.exhibits import COMPLAINT, ENFORCEMENT
from postloan_archive.litigation.rules.papers import (
    ALL_PAPERS,
    OTHER_CLASSES,
    VARIANTS,
    Copies,
    NoCopyRuleError,
    copies,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGroup:
    """Papers that belong together."""

    key: str
    label: str
    codes: tuple[str, ...]


GROUPS: Final = (
    PaperGroup(
        key="filing",
        label=_l("起诉与审理"),
        codes=(
            "P01", "P01K", "P01B", "P02", "P06", "P13", "P14", "P09", "P10", "P11", "P12",
            "P08", "P20", "P07", "P18", "P17", "P19",
        ),
    ),
    PaperGroup(
        key="preservation", label=_l("财产保全"), codes=("P03", "A08", "P15", "P16")
    ),
    PaperGroup(
        key="enforcement",
        label=_l("执行与破产"),
        codes=(
            "X01", "X05", "X08", "X06", "X07", "X02", "X03", "X04", "X09", "X10", "X11", "X13",
            "X12",
        ),
    ),
    PaperGroup(
        key="annexes",
        label=_l("随附文书"),
        codes=("A06", "A02", "A03", "A04", "A05", "A10", "A09", "A11"),
    ),
)  # fmt: skip
CODES: Final = tuple(code for group in GROUPS for code in group.codes)
CORE: Final = ("P01", "A02", "A03", "A06")  # made together with the complaint
USUAL: Final = {COMPLAINT: CORE, ENFORCEMENT: ("X01", "A06", "A03", "A02")}  # by package
NOT_IN_PACKAGE: Final = frozenset({"X10", "X12", "P17"})  # signed or sent otherwise
ITEMS: Final = {  # where a paper is filed (R-I02), by code, else by its first letter
    "A06": "BQ05",
    "P03": "BQ07",
    "P15": "BQ07",
    "P16": "BQ07",
    "A08": "BQ07",
    "X10": "BQ14",
    "X07": "BQ15",
    "A11": "BQ11",
}
ENFORCED: Final = frozenset(  # stages in which the judgment stands
    {"effective", "enforcement", "enforcement_settled", "terminated"}
)
BY_LETTER: Final = {"P": "BQ06", "A": "BQ06", "X": "BQ12"}


def package_kind(stage: str) -> str:
    """Return what is handed in at a stage of the case: a complaint, or an enforcement."""
    return ENFORCEMENT if stage in ENFORCED else COMPLAINT


def item_of(code: str) -> str:
    """Return the item code under which a paper is filed."""
    return ITEMS.get(code) or BY_LETTER[code[0]]


def copies_of(code: str, *, defendants: int, third_parties: int) -> tuple[Copies | None, str]:
    """Return how many are handed in, or the sentence that says how they are counted (R-H03)."""
    kind = "P01" if code in VARIANTS else code
    try:
        found = copies(kind, defendants=defendants, third_parties=third_parties)
    except NoCopyRuleError:
        return None, OTHER_CLASSES.get(code, "")
    return found.value, found.steps[0]


def title_of(code: str) -> str:
    """Return the usual name of a paper."""
    return ALL_PAPERS[code].title
