"""A warning: what is taken but wants a second look; it names its provision, stops nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from postloan_archive.kernel.law import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One warning; `sentence` has named blanks, the key of its translation."""

    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)
    basis: Citation

    def __str__(self) -> str:
        """Return the Chinese sentence with the provision behind it."""
        return f"{self.sentence.format(**self.facts)}（{self.basis.rule} {self.basis}）"
