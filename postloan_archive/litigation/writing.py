"""Writing one court paper: what it says, what is missing, what does not fit, the Word file."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.litigation.drafting import ASKED, BLANK, Drafts, draft_papers, ticks
from postloan_archive.litigation.errors import AnswerError, UnknownPaperError
from postloan_archive.litigation.matter import Matter
from postloan_archive.litigation.papers import Paper
from postloan_archive.litigation.pleadings import LISTS, PLEADINGS, AssetList, AssetRow
from postloan_archive.litigation.queries import CUT_OFF
from postloan_archive.litigation.rules.blanks import (
    Blank,
    BlankKind,
    asked_besides,
    blanks_of,
    fact_key,
    required_of,
)
from postloan_archive.litigation.rules.catalogue import CORE
from postloan_archive.litigation.rules.paper_checks import PaperFacts, paper_findings
from postloan_archive.litigation.rules.papers import PAPERS
from postloan_archive.litigation.suggesting import Value, story, suggest
from postloan_archive.loans.party_lines import customer_gaps, lender_gaps
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.fields import is_present

NONE: Final = "无"
ASSETS: Final = "A08"
LEADS: Final = frozenset({"assets", "assets_or_leads", "known_assets"})
COLUMNS: Final = 5  # of a line of assets


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One blank with what goes into it.

    Attributes:
        blank: what is asked.
        name: under which the answer is kept.
        value: what is printed, None where nobody knows.
        entered: a person said so; else it comes from the file.
        required: without it the paper is incomplete.
    """

    blank: Blank
    name: str
    value: Value
    entered: bool
    required: bool

    @property
    def missing(self) -> bool:
        """Return whether the paper cannot do without and does not have it."""
        return self.required and not is_present(self.value)

    @property
    def text(self) -> str:
        """Return the value as a form shows it."""
        return as_text(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One paper before it is made.

    Attributes:
        code: of R-H02a.
        answers: every blank, in the order of the rule.
        besides: facts it is written from.
        missing: what stays blank, Chinese.
        faults: what must be put right before it goes to court, Chinese.
        notes: what a lawyer should look at, Chinese.
    """

    code: str
    title: str
    answers: tuple[Answer, ...]
    besides: tuple[Answer, ...]
    missing: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Return whether nothing is missing and nothing speaks against it."""
        return not self.missing and not self.faults


def draft(matter: Matter, code: str) -> Draft:
    """Return what a paper of the case says, and what is missing.

    Raises:
        UnknownPaperError: no paper of this code is written this way.
    """
    if code == ASSETS:
        return _asset_draft(matter)
    if code in CORE:
        return _core_draft(matter, code)
    if code not in PLEADINGS:
        raise UnknownPaperError(code=code)
    rows = [_answer(matter, code, blank) for blank in blanks_of(code)]
    values = {row.blank.key: row.value for row in rows}
    needed = set(required_of(code, values))
    answers = tuple(
        Answer(
            blank=row.blank,
            name=row.name,
            value=row.value,
            entered=row.entered,
            required=row.blank.key in needed,
        )
        for row in rows
    )
    findings = paper_findings(code, values, _facts(matter))
    title = values.get("heading")
    return Draft(
        code=code,
        title=str(title) if title else PLEADINGS[code].title,
        answers=answers,
        besides=tuple(_answer(matter, code, blank) for blank in asked_besides(code)),
        missing=(
            *(row.blank.label for row in answers if row.missing),
            *_party_gaps(matter, answers),
        ),
        faults=tuple(one.text for one in findings if one.blocks),
        notes=tuple(one.text for one in findings if not one.blocks),
    )


def writable(made: Draft) -> bool:
    """Return whether the paper can be written at all; a reason does not name an agent."""
    return not (made.code == "A02" and made.faults)


def fill(matter: Matter, made: Draft) -> Paper:
    """Return the paper with its blanks; what is missing is a line to write on by hand."""
    if made.code == ASSETS:
        return _asset_list(matter, made)
    if made.code in CORE:
        paper = _core(draft_papers(matter.source))[made.code]
        assert paper is not None  # `_core_draft` refuses a power without an agent
        return paper
    fields = {row.blank.key: _printed(row) for row in made.answers}
    return PLEADINGS[made.code](**fields)


def as_text(value: Value) -> str:
    """Return a value as a form shows and keeps it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def read_answer(blank: Blank, text: str) -> Value:
    """Return what a person wrote.

    Raises:
        DateEntryError, AmountEntryError: it is no date or no amount.
    """
    plain = text.strip()
    if not plain:
        return None
    match blank.kind:
        case BlankKind.DAY:
            return read_date(plain)
        case BlankKind.AMOUNT:
            return read_amount(plain)
        case BlankKind.TEXT:
            return tuple(line.strip() for line in plain.splitlines() if line.strip())
        case _:
            return plain


def _answer(matter: Matter, code: str, blank: Blank) -> Answer:
    name = fact_key(code, blank)
    value: Value = None
    if blank.kind is not BlankKind.PARTY:
        with suppress(RuleError):  # kept before the kind of the blank changed
            value = read_answer(blank, matter.source.facts.get(name, ""))
    entered = value is not None
    if value is None:
        value = suggest(matter, code, blank.key)
    return Answer(
        blank=blank,
        name=name,
        value=None if value in {"", ()} else value,
        entered=entered,
        required=False,
    )


def _printed(answer: Answer) -> str | tuple[str, ...]:
    value = answer.value
    if answer.blank.boxed:
        return ticks(answer.blank.options, value)
    if answer.blank.kind in LISTS:
        lines = value if isinstance(value, tuple) else ((value,) if value else ())
        if answer.name.split(".")[-1] in LEADS:
            lines = tuple(story.lead(str(line)) for line in lines)
        return tuple(map(str, lines)) or ((BLANK,) if answer.required else ())
    if value is None:
        return BLANK if answer.required else NONE
    if isinstance(value, Decimal):
        return story.money(value)
    if isinstance(value, date):
        return date_in_body(value)
    return str(value)


def _party_gaps(matter: Matter, answers: tuple[Answer, ...]) -> tuple[str, ...]:
    """Return what the blocks of the parties lack; the file is the place to add it."""
    found: list[str] = []
    keys = {row.blank.key for row in answers if row.blank.kind is BlankKind.PARTY}
    if keys - {"debtor", "respondent", "respondents", "defendants", "appellees"}:
        found += lender_gaps(matter.source.lender)
    if keys & {"debtor", "respondent", "respondents", "defendants", "appellees", "parties"}:
        for row in matter.source.parties:
            if row.customer is not None and row.role == "defendant":
                found += customer_gaps(row.customer)
    return tuple(dict.fromkeys(found))


def _facts(matter: Matter) -> PaperFacts:
    source = matter.source
    performed = _kept_day(matter, "performance_last_day")
    return PaperFacts(
        today=source.day,
        due=all(
            one.loan.due_on <= one.claim.position.as_of or one.claim.accelerated
            for one in source.sued
        ),
        secured=bool(source.guarantees or source.collateral),
        registered=all(item.registration_no for item in source.collateral),
        preserved_before_suit=any(row.phase == "pre_litigation" for row in source.measures),
        effective_on=matter.effective_on,
        performance_last_day=performed,
        claim_total=source.claim.total,
        last_days={code: (one.act, one.on) for code, one in matter.last_days.items()},
        agent_is_employee=not source.fact("law_firm"),
    )


def _kept_day(matter: Matter, key: str) -> date | None:
    with suppress(RuleError):
        text = matter.source.fact(key)
        if text:
            return read_date(text)
    value = suggest(matter, "X01", key)
    return value if isinstance(value, date) else None


def asset_rows(matter: Matter) -> tuple[tuple[str, ...], ...]:
    """Return the lines of the assets, five columns each; a missing column is empty."""
    lines = suggest(matter, "X05", "assets")
    rows = []
    for line in lines if isinstance(lines, tuple) else ():
        parts = [part.strip() for part in line.replace(";", "；").split("；")]
        rows.append(tuple((*parts, *[""] * COLUMNS)[:COLUMNS]))
    return tuple(rows)


def _asset_draft(matter: Matter) -> Draft:
    blank = next(one for one in blanks_of("X05") if one.key == "assets")
    answer = _answer(matter, "X05", blank)
    labels = ("种类", "名称、编号", "所在地", "权利人", "价值")
    gaps = [
        _l("第 {no} 项缺{label}").format(no=no, label=labels[column])
        for no, row in enumerate(asset_rows(matter), 1)
        for column, text in enumerate(row)
        if not text
    ]
    return Draft(
        code=ASSETS,
        title=AssetList.title,
        answers=(
            Answer(
                blank=blank,
                name=answer.name,
                value=answer.value,
                entered=answer.entered,
                required=True,
            ),
        ),
        besides=(),
        missing=tuple(gaps) if answer.value else (blank.label,),
        faults=(),
        notes=(),
    )


def _asset_list(matter: Matter, made: Draft) -> AssetList:
    del made
    return AssetList(
        applicant_name=matter.source.lender.name or BLANK,
        cause=matter.case.cause,
        rows=tuple(
            AssetRow(
                no=str(no),
                type=row[0] or "—",
                identifier=row[1] or "—",
                location=row[2] or "—",
                holder=row[3] or "—",
                value=row[4] or "—",
            )
            for no, row in enumerate(asset_rows(matter), 1)
        ),
        date=date_in_body(matter.source.day),
    )


def _core(drafts: Drafts) -> dict[str, Paper | None]:
    return {
        "P01": drafts.complaint,
        "A02": drafts.power,
        "A03": drafts.identity,
        "A06": drafts.calculation,
    }


def _core_draft(matter: Matter, code: str) -> Draft:
    """Return a paper that is written from the element-based form; its facts are shared."""
    drafts = draft_papers(matter.source)
    asked = tuple(
        Answer(
            blank=Blank(
                key=key,
                label=label,
                kind=BlankKind.DAY if key == CUT_OFF else BlankKind.LINE,
                shared=True,
            ),
            name=key,
            value=matter.source.facts.get(key) or None,
            entered=key in matter.source.facts,
            required=False,
        )
        for key, label in ASKED.items()
    )
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if code == "P01":
        missing, notes = drafts.missing, drafts.differences
    elif code == "A02":
        missing = () if drafts.power else (ASKED["agent_name"],)
        missing += lender_gaps(matter.source.lender)
    elif code == "A03":
        missing = lender_gaps(matter.source.lender)
        if not matter.source.lender.legal_rep_id_no:
            missing += (_l("法定代表人身份证号码（机构资料）"),)
    return Draft(
        code=code,
        title=PAPERS[code].title,
        answers=() if code in {"A03", "A06"} else asked,
        besides=(),
        missing=missing,
        faults=(
            (_l("没有委托诉讼代理人，不出具授权委托书。"),)
            if code == "A02" and drafts.power is None
            else ()
        ),
        notes=notes,
    )


def changes(made: Draft, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a person has changed, by the name under which it is kept.

    What equals the suggestion of the file is not kept: the file may still change.

    Raises:
        AnswerError: a day or an amount cannot be read.
    """
    found = {}
    for row in (*made.answers, *made.besides):
        if row.name not in given or row.blank.kind is BlankKind.PARTY:
            continue
        try:
            value = read_answer(row.blank, given[row.name])
        except RuleError as error:
            raise AnswerError(label=row.blank.label, reason=str(error)) from error
        text = as_text(value)
        if text != row.text:
            found[row.name] = text
    return found
