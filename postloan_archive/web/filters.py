"""How amounts, days, provisions and identifiers are written on a page."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from flask import Flask, request
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Citation
from postloan_archive.kernel.money import yuan as to_yuan

NOT_APPLICABLE: Final = "—"
MINUS: Final = "−"
WEEKDAYS: Final = (
    _l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"),
)  # fmt: skip
_PERSON_ID_LENGTH: Final = 18
_TEN_THOUSAND: Final = Decimal(10_000)


def yuan(value: Decimal | int | None) -> str:
    """Return `1,234,567.80`; a true minus sign; a dash where there is none."""
    if value is None:
        return NOT_APPLICABLE
    text = f"{abs(to_yuan(value)):,.2f}"
    return f"{MINUS}{text}" if value < 0 else text


def wan(value: Decimal | int | None) -> str:
    """Return the amount in units of ten thousand yuan."""
    return NOT_APPLICABLE if value is None else yuan(Decimal(value) / _TEN_THOUSAND)


def number(value: int | Decimal | None) -> str:
    """Return a count with thousand marks."""
    return NOT_APPLICABLE if value is None else f"{value:,}"


def day(value: date | datetime | None, *, weekday: bool = False) -> str:
    """Return `2026-11-23`, with the weekday where someone must act."""
    if value is None:
        return NOT_APPLICABLE
    civil = value.astimezone(CHINA).date() if isinstance(value, datetime) else value
    text = civil.isoformat()
    return f"{text} {_(WEEKDAYS[civil.weekday()])}" if weekday else text


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """Return `2026-11-23 10:51` in China's time."""
    if value is None:
        return NOT_APPLICABLE
    return value.astimezone(CHINA).strftime(
        "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    )


def cn_day(value: date | None) -> str:
    """Return `2026年12月2日`, as papers write it."""
    return NOT_APPLICABLE if value is None else f"{value.year}年{value.month}月{value.day}日"


def cite(value: Citation | Iterable[Citation] | None) -> str:
    """Return 《law》article; several joined by 、."""
    if value is None:
        return ""
    return str(value) if isinstance(value, Citation) else "、".join(str(item) for item in value)


def mask_id(value: str | None) -> str:
    """Return an identity or company number with the middle hidden."""
    if not value:
        return NOT_APPLICABLE
    text = value.strip()
    if len(text) == _PERSON_ID_LENGTH and text[:-1].isdigit():
        return f"{text[:6]}{'*' * 8}{text[-4:]}"
    if len(text) == _PERSON_ID_LENGTH:
        return f"{text[:10]}****{text[-2:]}"
    kept = max(1, len(text) // 4)
    return f"{text[:kept]}****{text[-kept:]}"


def mask_phone(value: str | None) -> str:
    """Return `120****0003`."""
    if not value:
        return NOT_APPLICABLE
    text = value.strip()
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 9 else "****"  # noqa: PLR2004 - a number to mask


def mask_account(value: str | None) -> str:
    """Return 尾号 and the last four digits."""
    if not value:
        return NOT_APPLICABLE
    return str(_("尾号 %(tail)s", tail=value.strip()[-4:]))


def digest(value: str | None) -> str:
    """Return `9c1f…e07b`; put the whole into `title`."""
    if not value:
        return NOT_APPLICABLE
    return f"{value[:4]}…{value[-4:]}" if len(value) > 9 else value  # noqa: PLR2004 - shorter is whole


def marked(text: str, marks: Iterable[Iterable[int]]) -> Markup:
    """Return the text with `<mark>` around each [start, end); everything else is escaped.

    Args:
        text: a snippet or a page text, not trusted.
        marks: pairs of offsets, in order, not overlapping.
    """
    out: list[Markup] = []
    at = 0
    for start, end in marks:
        out += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end])]
        out.append(Markup("</mark>"))
        at = end
    out.append(escape(text[at:]))
    return Markup("").join(out)


def with_query(**changes: object) -> str:
    """Return the present address with changed query fields; None or "" removes one."""
    args = MultiDict(request.args)
    for name, value in changes.items():
        args.poplist(name)
        if value not in (None, ""):
            args.add(name, str(value))
    query = urlencode(list(args.items(multi=True)))
    path = iri_to_uri(request.path)
    return f"{path}?{query}" if query else path


def without_query(name: str, value: str) -> str:
    """Return the present address without one value of a field, back on the first page."""
    pairs = [
        (key, item)
        for key, item in request.args.items(multi=True)
        if (key, item) != (name, value) and key != "page"
    ]
    query = urlencode(pairs)
    path = iri_to_uri(request.path)
    return f"{path}?{query}" if query else path


def install_filters(app: Flask) -> None:
    """Give the templates the filters and the two address builders."""
    for each in (yuan, wan, number, day, moment, cn_day, cite, digest, marked):
        app.add_template_filter(each)
    for each in (mask_id, mask_phone, mask_account):
        app.add_template_filter(each)
    app.add_template_global(with_query)
    app.add_template_global(without_query)
