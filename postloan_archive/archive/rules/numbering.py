"""Archive numbers and secrecy marks (R-I03, R-I04)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import HOUSE_RULE

NUMBERING: Final = HOUSE_RULE.at(
    "档号编制（DA/T 13 体例）", rule="R-I03", confidence=Confidence.MEMORY
)
FONDS_CLASS: Final = "XD"  # 门类: 信贷
INNER_DIRECTORY: Final = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")
_NUMBER: Final = re.compile(
    r"(?P<fonds>[0-9A-Z]{1,8})-XD·(?P<year>\d{4})-(?P<period>Y|D\d{1,2})-"
    r"(?P<branch>[0-9A-Za-z]{1,12})-(?P<volume>\d{4,8})(?:-(?P<piece>\d{3,5}))?"
)


class ArchiveNumberError(RuleError):
    """The text is not an archive number, or a part of it cannot be one."""

    field = "archive_no"

    def __init__(self, *, text: str) -> None:
        super().__init__(
            _l("“{text}”不是有效档号：全宗号-XD·年度-保管期限-机构-案卷号-件号。"),
            basis=NUMBERING,
            text=text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveNumber:
    """The number of a volume, or of one piece in it; unique and never changed.

    Attributes:
        fonds: 全宗号, digits and capitals.
        year: the year of the file.
        retention_years: None is permanent (Y); otherwise D and the years.
        branch: code of the branch.
        volume: 案卷号, from 1.
        piece: 件号, from 1; None for the volume itself.
    """

    fonds: str
    year: int
    retention_years: int | None
    branch: str
    volume: int
    piece: int | None = None

    def __str__(self) -> str:
        """Return the number as printed and bar-coded."""
        period = "Y" if self.retention_years is None else f"D{self.retention_years}"
        head = f"{self.fonds}-{FONDS_CLASS}·{self.year:04d}-{period}-{self.branch}"
        piece = "" if self.piece is None else f"-{self.piece:03d}"
        return f"{head}-{self.volume:04d}{piece}"


def archive_number(number: ArchiveNumber) -> str:
    """Return the checked text of an archive number.

    Raises:
        ArchiveNumberError: a part is out of its range, so the text could not be read back.
    """
    text = str(number)
    if not _NUMBER.fullmatch(text) or number.volume < 1 or number.piece == 0:
        raise ArchiveNumberError(text=text)
    return text


def read_archive_number(text: str) -> ArchiveNumber:
    """Return the parts of an archive number.

    Raises:
        ArchiveNumberError: the text is none.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ArchiveNumberError(text=text)
    period, piece = match["period"], match["piece"]
    return ArchiveNumber(
        fonds=match["fonds"],
        year=int(match["year"]),
        retention_years=None if period == "Y" else int(period[1:]),
        branch=match["branch"],
        volume=int(match["volume"]),
        piece=None if piece is None else int(piece),
    )


class Secrecy(StrEnum):
    """Marks of a loan file; the grades of state secrets are never used for it (R-I04)."""

    COMMERCIAL_CORE = "核心商业秘密"
    COMMERCIAL = "普通商业秘密"
    INTERNAL = "内部"
    PUBLIC = "公开"
