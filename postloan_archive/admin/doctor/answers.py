"""What an examination says."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How serious an answer is."""

    GOOD = "good"
    NOTE = "note"  # works, but somebody should know
    BAD = "bad"  # something does not work, or data are at risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.

    Attributes:
        key: stable name of the question.
        label: the question, Chinese.
        grade: how serious.
        text: what was found, Chinese.
        next_step: what to do, Chinese, empty for a good answer.
    """

    key: str
    label: str
    grade: Grade
    text: str
    next_step: str = ""


def worst(answers: Iterable[Answer]) -> Grade:
    """Return the most serious grade."""
    grades = {answer.grade for answer in answers}
    return next((one for one in (Grade.BAD, Grade.NOTE) if one in grades), Grade.GOOD)
