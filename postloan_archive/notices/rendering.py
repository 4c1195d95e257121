"""A letter from its frozen blanks and its template: the same bytes every time."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from postloan_archive.notices import barcodes
from postloan_archive.notices.drafting import word_for
from postloan_archive.notices.errors import PlaceholderLeftError
from postloan_archive.notices.kinds import KINDS
from postloan_archive.notices.letters import Letter
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.fields import PLACEHOLDER
from postloan_archive.notices.templates import LetterTemplate, letter_template
from postloan_archive.uow import UnitOfWork

PREVIEW: Final = "预览"  # stands for the numbers that a draft does not have
BLANK: Final = "＿＿＿＿"  # what a draft prints where a fact is missing


def render(uow: UnitOfWork, notice: Notice) -> bytes:
    """Return the letter from its frozen blanks and template: the same bytes every time.

    Raises:
        PlaceholderLeftError: a blank is not filled in.
        LetterError: the template cannot be filled.
    """
    return _rendered(uow, notice, notice.snapshot, str(notice.barcode))


def preview(uow: UnitOfWork, notice: Notice) -> bytes:
    """Return the letter as it would be issued today; a draft has no numbers yet."""
    if notice.state == "issued":
        return render(uow, notice)
    numbers = {
        "serial_no": f"（{PREVIEW}，生成时编号）",
        "issue_date": date_in_body(uow.clock.today()),
        "barcode_text": PREVIEW,
    }
    values = with_blanks(notice.snapshot)
    return _rendered(uow, notice, {**values, **numbers}, notice.kind)


def with_blanks(snapshot: Mapping[str, object]) -> dict[str, object]:
    """Return the blanks of a draft, a line to write on where one is not filled in."""
    return {
        name: value if value or isinstance(value, list) else BLANK
        for name, value in snapshot.items()
    }


def _rendered(
    uow: UnitOfWork, notice: Notice, snapshot: Mapping[str, object], barcode: str
) -> bytes:
    kind = KINDS[notice.kind]
    digest = notice.template_sha256 or notice.run.template_sha256
    return filled(letter_template(uow, kind.template, sha256=digest), kind, snapshot, barcode)


def filled(
    template: LetterTemplate, kind: type[Letter], snapshot: Mapping[str, object], barcode: str
) -> bytes:
    """Return a letter from its blanks and a template.

    Raises:
        PlaceholderLeftError: a blank is not filled in.
        LetterError: the template cannot be filled.
    """
    used = template.compiled.fields
    names = {spec.name for spec in fields(kind)} - {"barcode"}  # a picture is made, not kept
    # A template of an earlier edition may use fewer blanks than the letter has today.
    values = {name: snapshot[name] if name in used else snapshot.get(name) for name in names}
    for name, text in _texts(values):
        found = PLACEHOLDER.search(text)
        if found:
            raise PlaceholderLeftError(name=word_for(name), text=found.group())
    return template.compiled.render({**values, "barcode": barcodes.picture(barcode)})


def _texts(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield every text of the blanks with the name of its blank, tables and lines included."""
    for name, value in values.items():
        lines = value if isinstance(value, list) else [value]
        for line in lines:
            if isinstance(line, dict):
                yield from ((name, text) for text in line.values() if isinstance(text, str))
            elif isinstance(line, str):
                yield name, line
