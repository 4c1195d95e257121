"""What a docket takes with a word of warning: gaps, odd numbers, days that want a second look.

A caution is a sentence with the provision behind it. It never stops a step: a case may be taken
over while it runs, and a court may have its reasons.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from postloan_archive.cases.rules.docket import PER_PARTY, STAGE_AFTER, Past
from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.order import NEEDS, PLACES
from postloan_archive.cases.rules.steps import NEXT, STEP_LABELS, Step
from postloan_archive.kernel.cautions import Caution
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.identifiers import case_no
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import (
    CIVIL_CODE,
    CIVIL_PROCEDURE_INTERPRETATION,
    HOUSE_RULE,
)

NUMBERING: Final = HOUSE_RULE.at("案号规则", rule="R-J04", confidence=Confidence.MEMORY)
EACH_PARTY: Final = CIVIL_PROCEDURE_INTERPRETATION.at(
    "第一百三十条至第一百四十一条", rule="R-A17"
)
FACT: Final = HOUSE_RULE.at("日期来源", rule="R-007")
INTERRUPTED: Final = CIVIL_CODE.at(195, rule="R-D04")
TYPES: Final[dict[str, frozenset[str]]] = {  # kind of procedure: type codes of its numbers
    "first": frozenset({"民初", "民特", "民撤"}),
    "second": frozenset({"民终", "民辖终"}),
    "retrial": frozenset({"民再", "民申", "民监"}),
    "enforcement": frozenset({"执", "执恢", "执保", "执异", "执复", "执监"}),
    "preservation": frozenset({"财保", "行保", "证保", "执保", "民初", "民终", "执", "执恢"}),
    "payment_order": frozenset({"民督"}),
}
PROCEDURE_WORDS: Final = {
    "first": "一审",
    "second": "二审",
    "retrial": "再审",
    "enforcement": "执行",
    "preservation": "保全",
    "payment_order": "支付令",
}


def gaps(history: Sequence[Past]) -> Iterator[tuple[Past, Caution]]:
    """Yield each event on record whose forerunner is not, with the words that say so."""
    for past in history:
        yield from ((past, one) for one in missing_before(past.kind, history))


def missing_before(kind: Event, history: Iterable[Past]) -> tuple[Caution, ...]:
    """Return what should have come before and is not on record."""
    need = NEEDS.get(kind)
    if need is None or not need.missed or any(past.kind in need.after for past in history):
        return ()
    names = "”或“".join(LABELS[event] for event in Event if event in need.after)
    return (
        Caution(
            sentence=_l("“{label}”之前尚未登记“{names}”；接手中的案件请补登记。"),
            facts={"label": LABELS[kind], "names": names},
            basis=need.basis,
        ),
    )


def out_of_place(kind: Event, procedure: str) -> tuple[Caution, ...]:
    """Return what is odd about an event in a procedure of this kind."""
    places = PLACES.get(kind)
    if not procedure or places is None or procedure in places:
        return ()
    return (
        Caution(
            sentence=_l("“{label}”登记在了{procedure}程序，它属于{places}程序，请核对。"),
            facts={
                "label": LABELS[kind],
                "procedure": PROCEDURE_WORDS[procedure],
                "places": "、".join(PROCEDURE_WORDS[one] for one in sorted(places)),
            },
            basis=NEEDS[kind].basis if kind in NEEDS else FACT,
        ),
    )


def unnamed_party(kind: Event, party_id: int | None) -> tuple[Caution, ...]:
    """Return a warning where nobody is named on whom a paper was served."""
    if kind not in PER_PARTY or party_id is not None:
        return ()
    return (
        Caution(
            sentence=_l("“{label}”没有写明送达了谁；每个当事人的期限分别计算，请更正。"),
            facts={"label": LABELS[kind]},
            basis=EACH_PARTY,
        ),
    )


def stage_stays(kind: Event, before: Step, after: Step) -> tuple[Caution, ...]:
    """Return a warning where the table does not let the case go where the event leads."""
    leads = STAGE_AFTER.get(kind)
    if leads is None or before is not after or leads is after or leads in NEXT[before]:
        return ()
    if kind not in NEEDS or before not in {Step.PREPARED, Step.FILED}:
        return ()
    return (
        Caution(
            sentence=_l(
                "案件仍处于“{now}”，没有因“{label}”转为“{leads}”；请先补登记前序事项。"
            ),
            facts={
                "now": STEP_LABELS[before],
                "label": LABELS[kind],
                "leads": STEP_LABELS[leads],
            },
            basis=NEEDS[kind].basis,
        ),
    )


def before_the_loan(kind: Event, on: date, disbursed_on: date) -> tuple[Caution, ...]:
    """Return a warning where a case begins before there was a loan."""
    if on >= disbursed_on:
        return ()
    return (
        Caution(
            sentence=_l("“{label}”（{on}）早于放款日 {disbursed_on}，请核对年份。"),
            facts={"label": LABELS[kind], "on": on, "disbursed_on": disbursed_on},
            basis=FACT,
        ),
    )


def odd_number(
    text: str, *, procedure: str, on: date, court: str, courts_of_code: frozenset[str]
) -> tuple[Caution, ...]:
    """Return what a person should look at again in a case number (R-J04).

    Args:
        text: as typed.
        procedure: kind of the procedure that it is given for, empty if none.
        on: the day of the event; the number's year is not after it.
        court: the court of the procedure.
        courts_of_code: courts for which the same code is on record already.
    """
    if not text.strip():
        return ()
    number = case_no(text)
    if number is None:
        return (
            Caution(
                sentence=_l(
                    "“{text}”不是可识别的案号（如（2026）苏0102民初1203号），"
                    "法院代字或格式有误，请核对。"
                ),
                facts={"text": text.strip()},
                basis=NUMBERING,
            ),
        )
    found = []
    if number.type not in TYPES.get(procedure, {number.type}) and not number.legacy:
        found.append(
            Caution(
                sentence=_l("案号类型“{type}”与{procedure}程序不符，请核对。"),
                facts={"type": number.type, "procedure": PROCEDURE_WORDS[procedure]},
                basis=NUMBERING,
            )
        )
    if int(number.year) > on.year:
        found.append(
            Caution(
                sentence=_l("案号年度 {year} 晚于发生日 {on}，请核对。"),
                facts={"year": number.year, "on": on},
                basis=NUMBERING,
            )
        )
    if number.court and not number.legacy:
        found += _code(number.court, court, courts_of_code)
    return tuple(found)


def _code(code: str, court: str, known: frozenset[str]) -> Iterator[Caution]:
    if not known:
        yield Caution(
            sentence=_l("法院代字“{code}”第一次在本系统登记，请与文书核对是否为{court}。"),
            facts={"code": code, "court": court},
            basis=NUMBERING,
        )
    elif court not in known:
        yield Caution(
            sentence=_l("法院代字“{code}”此前登记的是{others}，本次写的是{court}，请核对。"),
            facts={"code": code, "others": "、".join(sorted(known)), "court": court},
            basis=NUMBERING,
        )


def unproven(label: str, on: date) -> Caution:
    """Return the warning that a filing without a paper interrupts no limitation here."""
    return Caution(
        sentence=_l(
            "“{label}”（{on}）中断诉讼时效，但没有证明文件，时效未作登记；"
            "请更正本事项并选上法院收件凭证。"
        ),
        facts={"label": label, "on": on},
        basis=INTERRUPTED,
    )
