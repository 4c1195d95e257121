"""Every kind of letter: which loans call for it, what it says, where it is filed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from postloan_archive.loans.models import Loan
from postloan_archive.notices import calling, special_calls
from postloan_archive.notices.calling import Call
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.letters import LETTERS, Letter
from postloan_archive.notices.special import transfer

KINDS: Final[Mapping[str, type[Letter]]] = {letter.code: letter for letter in LETTERS}
DRAFTS: Final[Mapping[str, Callable[[Call], Iterator[Draft]]]] = {
    **calling.DRAFTS,
    **special_calls.DRAFTS,
}
GATHERED: Final = "N08"  # one announcement of all loans of a branch
ITEM_OF: Final[Mapping[str, str]] = {  # where the letter is filed (R-I02)
    "N01": "GL12",
    "N02": "BQ01",
    "N03": "BQ01",
    "N04": "BQ02",
    "N05": "BQ01",
    "N06": "BQ03",
    "N07": "BQ17",
    "N08": "BQ17",
    "N09": "BQ04",
    "N10": "GL11",
    "N11": "BQ14",
    "N12": "GL11",
    "N13": "GL11",
    "N14": "YJ15",
    "N15": "GL11",
    "N16": "BQ02",
}


def drafts_of_calls(asked: Iterable[Call]) -> Iterator[tuple[Loan, list[Draft]]]:
    """Yield loans with their letters; unless asked, only those called for (R-H01)."""
    for _, group in groupby(asked, key=lambda call: call.loan.branch_id):
        first = next(group)
        if first.cmd.kind == GATHERED:
            writings = [call.writing for call in (first, *group) if call.asked]
            if writings:
                yield writings[0].loan, [transfer.draft_joint_announcement(writings)]
            continue
        for call in (first, *group):
            yield call.loan, list(DRAFTS[call.cmd.kind](call))
