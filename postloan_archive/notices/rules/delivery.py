"""How a letter goes out, what may become of it, and how strong that proof is (R-D05, R-D10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.loans.rules.proof import (
    CATEGORIES,
    Ems,
    Message,
    Notarised,
    Proof,
    ProofLevel,
    PublicNotice,
    Signed,
    Visit,
    proof_level,
)

WITHOUT_RECEIPT_DAYS: Final = 15  # [M]: a letter that long without word is on the list


class Channel(StrEnum):
    """How a letter goes out."""

    EMS = "ems"
    POST = "post"
    HAND = "hand"
    NOTARY = "notary"
    SMS = "sms"
    EMAIL = "email"
    NEWSPAPER = "newspaper"


class Outcome(StrEnum):
    """What became of a letter."""

    SIGNED = "signed"
    ARRIVED = "arrived"
    REFUSED = "refused"
    RETURNED = "returned"


class Signer(StrEnum):
    """Who signed the return slip; the words of `LawPolicy.proof_signers` and one more."""

    DEBTOR = "debtor"
    ADULT_RELATIVE = "adult_relative"
    LEGAL_REP = "legal_rep"
    MAIL_ROOM = "mail_room"
    AUTHORISED = "authorised"
    OTHER = "other"


CHANNEL_LABELS: Final[Mapping[Channel, str]] = {
    Channel.EMS: _l("邮政特快专递"),
    Channel.POST: _l("挂号信"),
    Channel.HAND: _l("当面送交"),
    Channel.NOTARY: _l("公证送达"),
    Channel.SMS: _l("短信"),
    Channel.EMAIL: _l("电子邮件"),
    Channel.NEWSPAPER: _l("报刊公告"),
}
OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    Outcome.SIGNED: _l("回执已签"),
    Outcome.ARRIVED: _l("妥投"),
    Outcome.REFUSED: _l("拒收"),
    Outcome.RETURNED: _l("退回"),
}
SIGNER_LABELS: Final[Mapping[Signer, str]] = {
    Signer.DEBTOR: _l("受送达人本人（单位盖章）"),
    Signer.ADULT_RELATIVE: _l("同住成年亲属"),
    Signer.LEGAL_REP: _l("法定代表人（负责人）"),
    Signer.MAIL_ROOM: _l("收发部门"),
    Signer.AUTHORISED: _l("被授权的代收人"),
    Signer.OTHER: _l("其他人"),
}
# N01 announces and N15 warns: neither is a demand (R-H02), so neither moves a clock.
DEMANDS: Final = frozenset({"N02", "N03", "N05", "N06"})
# R-D08: the notice of a transfer that reaches the debtor interrupts, too, yet asks for nothing.
INTERRUPTING: Final = DEMANDS | {"N07", "N09"}  # R-D07: the public demand
ACKNOWLEDGING: Final = frozenset({"N11"})  # R-D04b, once the debtor has signed it
PUBLISHED: Final = frozenset({"N08", "N09"})  # in a newspaper
TO_GUARANTOR: Final = frozenset({"N04"})


class DeliveryOrderError(RuleError):
    """A letter cannot arrive before it was sent, nor anything happen in the future."""

    field = "on"

    def __init__(self, *, on: date, first: date, last: date) -> None:
        super().__init__(
            _l("日期 {on} 应在 {first} 至 {last} 之间。"), on=on, first=first, last=last
        )


class WrongChannelError(RuleError):
    """A newspaper takes announcements, and announcements go nowhere else."""

    field = "channel"

    def __init__(self, *, published: bool) -> None:
        super().__init__(
            _l("公告须登记为报刊刊登。") if published else _l("只有公告可以登记为报刊刊登。")
        )


class SignerMissingError(RuleError):
    """A signed slip without a word on who signed proves nothing."""

    field = "signer"

    def __init__(self) -> None:
        super().__init__(_l("请选择签收人身份。"), basis=CATEGORIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is known about the way of one letter.

    Attributes:
        agreed: it went to the address agreed in the contract or in a confirmation.
        content_stated: the waybill says what is in the envelope.
        debtor_missing: a person has said on what the debtor cannot be found (R-D07).
        fit_medium: it is a national medium, or an influential one of the debtor's province.
    """

    channel: Channel
    outcome: Outcome
    signer: Signer | None = None
    agreed: bool
    content_stated: bool = True
    debtor_missing: bool = False
    fit_medium: bool = False


def check_channel(kind: str, channel: Channel) -> None:
    """Check that an announcement goes into a newspaper and nothing else does.

    Raises:
        WrongChannelError: it is the other way round.
    """
    if (kind in PUBLISHED) != (channel is Channel.NEWSPAPER):
        raise WrongChannelError(published=kind in PUBLISHED)


def usual_channel(kind: str) -> Channel:
    """Return how letters of a kind usually go out."""
    return Channel.NEWSPAPER if kind in PUBLISHED else Channel.EMS


def effect_kind(kind: str, *, to_debtor: bool, signed: bool) -> str | None:
    """Return what a letter that arrived is for a clock: demand, acknowledgement or nothing.

    Args:
        kind: N01 to N16.
        to_debtor: its addressee is the debtor, not a guarantor.
        signed: it came back with a signature.
    """
    if kind in TO_GUARANTOR or (to_debtor and kind in INTERRUPTING):
        return "demand"
    if to_debtor and signed and kind in ACKNOWLEDGING:
        return "acknowledgement"
    return None


def check_day(on: date, *, not_before: date, today: date) -> None:
    """Check that a step of the delivery is neither too early nor in the future.

    Raises:
        DeliveryOrderError: it is.
    """
    if not not_before <= on <= today:
        raise DeliveryOrderError(on=on, first=not_before, last=today)


def level_of(delivery: Delivery, *, policy: LawPolicy = STANDARD_POLICY) -> ProofLevel:
    """Return the level of the proof of a delivery.

    Raises:
        SignerMissingError: the slip was signed and nobody said by whom.
    """
    return proof_level(_proof(delivery), policy=policy)


def _proof(delivery: Delivery) -> Proof:
    if delivery.outcome is Outcome.SIGNED:
        if delivery.signer is None:
            raise SignerMissingError
        return Signed(signer=delivery.signer.value)
    if delivery.channel is Channel.NEWSPAPER:
        return PublicNotice(
            debtor_missing=delivery.debtor_missing, medium_ok=delivery.fit_medium
        )
    if delivery.channel is Channel.NOTARY:
        return Notarised()
    if delivery.channel is Channel.HAND:
        return Visit(logged=True)  # refused at the door, or left there: legal decides
    if delivery.channel in {Channel.SMS, Channel.EMAIL}:
        # Sent back means that no delivery report came.
        return Message(
            agreed=delivery.agreed, delivery_report=delivery.outcome is Outcome.ARRIVED
        )
    track = "delivered" if delivery.outcome is Outcome.ARRIVED else "returned"
    # Only EMS states its content; a registered letter proves that something arrived.
    by_ems = delivery.channel is Channel.EMS
    return Ems(
        agreed=delivery.agreed,
        track=track,
        content_stated=delivery.content_stated and by_ems,
    )
