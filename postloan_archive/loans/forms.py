"""Text of addresses and forms to the commands of the ledger."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from postloan_archive.kernel.entries import DateEntryError, read_date
from postloan_archive.loans.ledger import LATE, LedgerFilter, Papers, SecuredBy
from postloan_archive.loans.rules.ageing import BUCKET_NAMES, RiskClass
from postloan_archive.loans.rules.stages import Stage
from postloan_archive.web.bounds import whole_number

Choice = TypeVar("Choice", bound=StrEnum)
ITEM: Final = re.compile(r"\s*([A-Za-z]{2}[0-9]{2})\b")
LONGEST: Final = 100  # characters of a text that is searched for


def ledger_filter(args: Mapping[str, str]) -> LedgerFilter:
    """Return the filter that an address asks for; what cannot be read narrows nothing."""
    item = ITEM.match(args.get("missing", ""))
    bucket, risk_class, stage = (args.get(name, "") for name in ("bucket", "class", "stage"))
    return LedgerFilter(
        branch_id=whole_number(args.get("branch", "")),
        year=whole_number(args.get("year", "")),
        bucket=bucket if bucket in {*BUCKET_NAMES, LATE} else "",
        risk_class=risk_class if risk_class in set(RiskClass) else "",
        secured_by=_choice(SecuredBy, args.get("secured", "")),
        papers=_choice(Papers, args.get("papers", "")),
        missing=item[1].upper() if item else "",
        stage=stage if stage in set(Stage) else "",
        manager=args.get("manager", "").strip()[:LONGEST],
        due_from=_day(args.get("due_from", "")),
        due_to=_day(args.get("due_to", "")),
        text=args.get("text", "").strip()[:LONGEST],
    )


def _day(text: str) -> date | None:
    try:
        return read_date(text) if text.strip() else None
    except DateEntryError:
        return None


def _choice(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in set(kind) else None
