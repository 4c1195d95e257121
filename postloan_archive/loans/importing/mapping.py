"""What a person said of the headings of a ledger: kept with the import, reusable by source."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

NOISE: Final = re.compile(r"[\s*:：※]+")
NOTHING: Final = "-"  # a sheet or heading that is not to be used


def plain_words(text: str) -> str:
    """Return a heading without what does not matter: width, blanks, stars, colons."""
    return NOISE.sub("", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingMapping:
    """Kinds by name of the sheet, columns by kind and heading; `NOTHING`: not to be used."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def kind_of(self, sheet: str) -> str:
        """Return what was said of a sheet, empty where nothing was."""
        return self.kinds.get(plain_words(sheet), "")

    def headings_of(self, kind: str) -> Mapping[str, str]:
        """Return what was said of the headings of a kind of sheet, by their plain words."""
        return self.headings.get(kind, {})

    def kept(self) -> dict[str, Any]:
        """Return the mapping as JSON keeps it."""
        return {
            "kinds": dict(self.kinds),
            "headings": {kind: dict(told) for kind, told in self.headings.items()},
        }


NO_MAPPING: Final = HeadingMapping()


def mapping_of(kept: Mapping[str, Any]) -> HeadingMapping:
    """Return the mapping that was kept."""
    return HeadingMapping(kinds=kept.get("kinds", {}), headings=kept.get("headings", {}))
