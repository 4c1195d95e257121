"""The five families in which the product says no; each error builds its sentence from facts."""

from typing import ClassVar, Final

from postloan_archive.kernel.law import Citation


def _l(sentence: str) -> str:
    """Mark a Chinese sentence for translation; the web layer translates it when it is shown."""
    return sentence


class PostloanError(Exception):
    """What every refusal of the product has in common.

    Attributes:
        sentence: the Chinese sentence with named blanks, the key of its translation.
        facts: the values of the blanks.
        field: the input at fault, or None where no single one is.
        next_step: what the person can do now, Chinese, or None.
        basis: the provision behind a refusal that the law demands, or None.
    """

    field: ClassVar[str | None] = None
    next_step: ClassVar[str | None] = None

    def __init__(
        self, sentence: str, *, basis: Citation | None = None, **facts: object
    ) -> None:
        self.sentence: Final = sentence
        self.facts: Final = facts
        self.basis: Final = basis
        super().__init__(sentence.format(**facts))

    @property
    def code(self) -> str:
        """Return the stable name of the error, as an API and a test know it."""
        return type(self).__name__.removesuffix("Error")


class NotFoundError(PostloanError):
    """The thing does not exist, or not for this person: the answer is the same."""


class ConflictError(PostloanError):
    """The thing was changed meanwhile, or its identifier is taken."""


class NotAllowedError(PostloanError):
    """The person may not do this."""


class RuleError(PostloanError):
    """A rule of law, of the bank or of plain sense forbids it."""


class FixityError(PostloanError):
    """Stored bytes are not what was stored, or cannot be read."""
