"""The form that confirms what was read from a paper of the court."""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from postloan_archive.cases.forms import PROCEDURES
from postloan_archive.cases.queries import PartyRow
from postloan_archive.cases.service import NOTE
from postloan_archive.court_papers.rules.kinds import KINDS, DayOf, PaperKind
from postloan_archive.court_papers.rules.reading import CourtPaper, Field

_DAYS: Final = {
    DayOf.DOCKETED: (Field.DOCKETED_ON,),
    DayOf.HEARING: (Field.HEARING_ON,),
    DayOf.EFFECT: (Field.EFFECTIVE_ON,),
    DayOf.MADE: (Field.MADE_ON,),
    DayOf.RECEIPT: (),
}
_FEES: Final = {
    PaperKind.FEE_NOTICE: (Field.FEE,),
    PaperKind.APPEAL_FEE_NOTICE: (Field.FEE,),
    PaperKind.FEE_TOP_UP: (Field.FEE,),
}


def proposal(paper: CourtPaper, people: Iterable[PartyRow]) -> dict[str, Any]:
    """Return what the form starts with: what was read, nothing guessed.

    The day of service stands on no paper of the court: it stays blank for the person.
    """
    facts = KINDS[paper.kind] if paper.kind else None
    own = next((one for one in people if one.role == "plaintiff"), None)
    data: dict[str, Any] = {
        "kind": str(facts.event) if facts and facts.event else NOTE,
        "procedure": paper.procedure if paper.procedure in PROCEDURES else "",
        "court_case_no": _text(paper, Field.NUMBER),
        "judge": _text(paper, Field.JUDGE),
        "party_id": str(own.id) if own and facts and facts.day is DayOf.RECEIPT else "",
        "note": str(facts.label) if facts and facts.event is None else "",
    }
    if facts:
        days = (_value(paper, field, date) for field in _DAYS[facts.day])
        data["happened_on"] = next((day for day in days if day is not None), None)
        data["court_date"] = _value(paper, Field.PAY_BY, date)
    hour = _value(paper, Field.HEARING_AT, time)
    data["hour"] = f"{hour:%H:%M}" if hour else ""
    for field in _FEES.get(paper.kind, ()) if paper.kind else ():
        data["amount"] = _value(paper, field, Decimal)
    return data


def _text(paper: CourtPaper, field: Field) -> str:
    found = paper.first(field)
    return str(found.value) if found else ""


def _value(paper: CourtPaper, field: Field, kind: type) -> Any:  # noqa: ANN401 - of that type
    found = paper.first(field)
    return found.value if found and isinstance(found.value, kind) else None
