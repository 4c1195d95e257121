"""How a rule says what it rests on: provision, edition, confidence, derivation."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Confidence(StrEnum):
    """How sure the project is of a provision (domain rules, section 0.1)."""

    VERIFIED = "V"
    SECONDARY = "V2"
    MEMORY = "M"  # shown to the user as 参考; configurable; the legal department signs it off


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One provision, as printed beside a date or an amount.

    `rule` is the id of the rule in `docs/law.md`, such as R-C07. `in_force_to` is inclusive.
    """

    law: str
    article: str
    rule: str
    confidence: Confidence = Confidence.VERIFIED
    in_force_from: date | None = None
    in_force_to: date | None = None

    def __str__(self) -> str:
        """Return 《law》article, followed by 参考 where the provision is not verified."""
        mark = "（参考）" if self.confidence is Confidence.MEMORY else ""
        return f"《{self.law}》{self.article}{mark}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Generic[T]):
    """A value with the provisions it rests on and the steps that lead to it.

    `steps` are Chinese sentences, in order; `edition` names the dated edition of the rule.
    """

    value: T
    basis: tuple[Citation, ...]
    steps: tuple[str, ...] = ()
    edition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A computed last day (R-002): all three dates are the last day on which to act.

    Attributes:
        nominal: plain arithmetic.
        legal: after the extension over rest days (R-A04), or `nominal` where it does not apply.
        safe: the working day to plan for, never after `nominal`.
        provisional: a year without a published calendar is touched (R-K04, R-K05).
        basis: the provisions, the one that sets the length first.
        steps: the derivation in Chinese sentences, in order.
        edition: the edition of the rule.
        calendar_edition: the edition of the working-day calendar used.
    """

    nominal: date
    legal: date
    safe: date
    provisional: bool
    basis: tuple[Citation, ...]
    steps: tuple[str, ...] = ()
    edition: str = ""
    calendar_edition: str = ""
