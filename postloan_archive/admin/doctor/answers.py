"""What an examination says."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import PostloanError


class Grade(StrEnum):
    """How serious an answer is."""

    GOOD = "good"
    NOTE = "note"  # works, but somebody should know
    BAD = "bad"  # something does not work, or data are at risk


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences with named blanks and what fills them, so that a page can translate them."""

    parts: tuple[tuple[str, dict[str, object]], ...]

    def __add__(self, other: "Said") -> "Said":
        """Return both, one after the other."""
        return Said((*self.parts, *other.parts))

    def __str__(self) -> str:
        """Return the Chinese text."""
        return "".join(sentence.format(**facts) for sentence, facts in self.parts)


def said(sentence: str, **facts: object) -> Said:
    """Return one sentence; it is marked with `_l` where it is written."""
    return Said(((sentence, facts),))


NOTHING: Final = Said(())


def refusal(error: PostloanError) -> Said:
    """Return the sentence of an error with its facts."""
    return Said(((error.sentence, dict(error.facts)),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.

    Attributes:
        key: stable name of the question.
        label: the question, Chinese.
        grade: how serious.
        text: what was found.
        next_step: what to do, Chinese, empty for a good answer.
    """

    key: str
    label: str
    grade: Grade
    text: Said
    next_step: str = ""


def worst(answers: Iterable[Answer]) -> Grade:
    """Return the most serious grade."""
    grades = {answer.grade for answer in answers}
    return next((one for one in (Grade.BAD, Grade.NOTE) if one in grades), Grade.GOOD)
