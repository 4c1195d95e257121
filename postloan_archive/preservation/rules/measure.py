"""What a measure is called, by the kind of asset; pure words of the papers."""

from typing import Final

from postloan_archive.preservation.rules.kinds import AssetKind

MEASURE_WORDS: Final[dict[AssetKind, str]] = {
    AssetKind.BANK_DEPOSIT: "冻结",
    AssetKind.MOVABLE: "查封（扣押）",
    AssetKind.REAL_ESTATE: "查封",
    AssetKind.OTHER_RIGHT: "冻结",
}


def measure_word(kind: AssetKind, *, waiting: bool = False) -> str:
    """Return 冻结, 查封 or the waiting form of it."""
    word = MEASURE_WORDS[kind]
    return f"轮候{word}" if waiting else word
