"""How strong the proof of a demand is, and whether it restarts the clock (R-D05 to R-D07).

The levels are policy of the product [M]: A and B reset the clock, C asks legal, D never counts.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.kernel.statutes import HOUSE_RULE, LIMITATION_PROVISIONS

CATEGORIES: Final = LIMITATION_PROVISIONS.at(8, rule="R-D05")
LEVELS: Final = HOUSE_RULE.at("催收证据等级 A–D", rule="R-D05", confidence=Confidence.MEMORY)
DEDUCTION: Final = LIMITATION_PROVISIONS.at("第八条第一款第三项", rule="R-D06")
NOTICE: Final = LIMITATION_PROVISIONS.at("第八条第一款第四项", rule="R-D07")


class Level(StrEnum):
    """The strength of a proof."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


CONSEQUENCE: Final[dict[Level, str]] = {
    Level.A: "证据等级A，自动中断并重新起算。",
    Level.B: "证据等级B，自动中断并重新起算。",
    Level.C: "证据等级C，不自动起算，交法务判断。",
    Level.D: "证据等级D，不计入。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLevel:
    """The level of a proof and what it rests on."""

    level: Level
    resets_limitation: bool
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A copy signed or sealed; `signer` is a word of `LawPolicy.proof_signers` or another."""

    signer: str

    def level_under(self, policy: LawPolicy) -> Level:
        """Return A for the persons that the provisions name and the bank has set."""
        return Level.A if self.signer in policy.proof_signers else Level.C


@dataclass(frozen=True, slots=True, kw_only=True)
class Notarised:
    """Service recorded by a notary."""

    @property
    def level(self) -> Level:
        """Always A."""
        return Level.A


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """The lender took principal or interest from the account, or tried to."""

    success: bool

    @property
    def level(self) -> Level:
        """A for a debit that went through; an attempt is only C."""
        return Level.A if self.success else Level.C


@dataclass(frozen=True, slots=True, kw_only=True)
class Ems:
    """A letter by mail; `track` starts with `delivered` or `returned` once it says so."""

    agreed: bool  # sent to the address agreed in the contract
    track: str | None
    content_stated: bool = True  # the waybill says what is in the envelope

    @property
    def level(self) -> Level:
        """B to the agreed address, delivered or sent back by the addressee."""
        track = (self.track or "").strip().casefold()
        if self.agreed and track.startswith(("delivered", "returned")):
            return Level.B if self.content_stated else Level.C
        return Level.C if track.startswith("delivered") else Level.D


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """SMS, e-mail or WeChat."""

    agreed: bool  # the number, address or account is agreed in the contract
    delivery_report: bool

    @property
    def level(self) -> Level:
        """B with both, C with one, D with neither."""
        return (Level.D, Level.C, Level.B)[self.agreed + self.delivery_report]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone call."""

    recorded: bool
    identity_checked: bool = False

    @property
    def level(self) -> Level:
        """C if recorded and the person was identified."""
        return Level.C if self.recorded and self.identity_checked else Level.D


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit without a signature."""

    logged: bool = False

    @property
    def level(self) -> Level:
        """C with a record of the visit."""
        return Level.C if self.logged else Level.D


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """A demand printed in a newspaper."""

    debtor_missing: bool  # 下落不明
    medium_ok: bool  # national, or provincial and influential at the debtor's domicile

    @property
    def level(self) -> Level:
        """B only with both."""
        return Level.B if self.debtor_missing and self.medium_ok else Level.D


Proof = Signed | Notarised | Deduction | Ems | Message | Phone | Visit | PublicNotice


def proof_level(proof: Proof, *, policy: LawPolicy = STANDARD_POLICY) -> ProofLevel:
    """Return the level of a proof and whether it restarts the limitation period by itself."""
    level = proof.level_under(policy) if isinstance(proof, Signed) else proof.level
    basis: tuple[Citation, ...] = (CATEGORIES, LEVELS)
    if isinstance(proof, Deduction):
        basis = (DEDUCTION, LEVELS)
    elif isinstance(proof, PublicNotice):
        basis = (NOTICE, LEVELS)
    return ProofLevel(
        level=level,
        resets_limitation=level in policy.resetting_levels,
        basis=basis,
        steps=(CONSEQUENCE[level],),
        edition=LIMITATION_PROVISIONS.edition,
    )
