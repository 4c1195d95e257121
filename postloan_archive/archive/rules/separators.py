"""Separator sheets and return slips: where codes cut a pile, and where pieces go; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

PREFIX: Final = "FGY"
_PARTS: Final = 4
_WEIGHTS: Final = (7, 3, 1)
_CHECKS: Final = 97


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """What a separator sheet says; empty where it only cuts."""

    loan_no: str = ""
    item_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a barcode sends a piece."""

    loan_no: str
    item_code: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One page: its number, whether it is blank, its barcodes."""

    no: int
    blank: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A piece that barcodes cut out; `code` is the one that decides, else empty."""

    pages: tuple[int, ...]
    code: str = ""
    target: Target | None = None


def code_of(separator: Separator) -> str:
    """Return the text of the code on a separator sheet, with its check number."""
    body = f"{PREFIX}:{quote(separator.loan_no, safe='')}:{separator.item_code}"
    return f"{body}:{_check(body):02d}"


def read_code(text: str) -> Separator | None:
    """Return what a code says; None where it is no separator's."""
    parts = text.split(":")
    if len(parts) != _PARTS or parts[0] != PREFIX:
        return None
    body = ":".join(parts[:-1])
    if parts[-1] != f"{_check(body):02d}":
        return None
    return Separator(loan_no=unquote(parts[1]), item_code=parts[2])


def plan(pages: Sequence[Seen], known: Mapping[str, Target]) -> tuple[Planned, ...]:
    """Return the pieces of a pile; empty where no barcode says anything.

    Separator sheets cut and are left out, with a blank page right behind (their own back).
    Between two of them everything is one piece; the sheet before it decides where it goes,
    else the one return slip in it. In a pile without sheets each slip is a piece by itself.

    Args:
        pages: in their order.
        known: where the codes of return slips and of separators with a loan file lead.
    """
    if any(_sheet(page) is not None for page in pages):
        return _between_sheets(pages, known)
    if not any(code in known for page in pages for code in page.codes):
        return ()
    return _slips(pages, known)


def _between_sheets(pages: Sequence[Seen], known: Mapping[str, Target]) -> tuple[Planned, ...]:
    planned: list[Planned] = []
    section: list[Seen] = []
    code, behind = "", False

    def close() -> None:
        if not any(not page.blank for page in section):
            return
        slips = {one for page in section for one in page.codes if one in known}
        decides = code if code in known else (slips.pop() if len(slips) == 1 else "")
        planned.append(
            Planned(
                pages=tuple(page.no for page in section),
                code=decides,
                target=known.get(decides),
            )
        )

    for page in pages:
        sheet = _sheet(page)
        if sheet is not None:
            close()
            section, code, behind = [], sheet, True
        elif behind and page.blank:
            behind = False
        else:
            behind = False
            section.append(page)
    close()
    return tuple(planned)


def _slips(pages: Sequence[Seen], known: Mapping[str, Target]) -> tuple[Planned, ...]:
    planned: list[Planned] = []
    rest: list[int] = []
    behind = False
    for page in pages:
        codes = [code for code in page.codes if code in known]
        if codes:
            if rest:
                planned.append(Planned(pages=tuple(rest)))
                rest = []
            alone = len(set(codes)) == 1
            planned.append(
                Planned(
                    pages=(page.no,),
                    code=codes[0] if alone else "",
                    target=known[codes[0]] if alone else None,
                )
            )
            behind = True
        elif not (behind and page.blank):  # the back of a slip
            rest.append(page.no)
            behind = False
    if rest:
        planned.append(Planned(pages=tuple(rest)))
    return tuple(planned)


def _sheet(page: Seen) -> str | None:
    return next((code for code in page.codes if read_code(code) is not None), None)


def _check(body: str) -> int:
    return (
        sum(ord(char) * _WEIGHTS[at % 3] * (at + 1) for at, char in enumerate(body)) % _CHECKS
    )
