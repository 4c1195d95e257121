"""Which fonts a document asks for and which this machine has."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from postloan_archive.wordgen.ooxml import parse, w

_FACES: Final = ("ascii", "hAnsi", "eastAsia", "cs")
_TIMEOUT_S: Final = 10
# What Word calls a font and what free systems ship with the same widths.
SAME: Final[Mapping[str, tuple[str, ...]]] = {
    "宋体": ("simsun", "nsimsun"), "黑体": ("simhei",), "楷体": ("kaiti", "simkai"),
    "仿宋": ("fangsong", "simfang"), "楷体_gb2312": ("kaiti_gb2312", "楷体"),
    "仿宋_gb2312": ("fangsong_gb2312", "仿宋"), "微软雅黑": ("microsoft yahei",),
    "simsun": ("宋体",), "simhei": ("黑体",), "kaiti": ("楷体",), "fangsong": ("仿宋",),
    "times new roman": ("liberation serif", "tinos"), "arial": ("liberation sans", "arimo"),
    "calibri": ("carlito",), "cambria": ("caladea",), "courier new": ("liberation mono",),
}  # fmt: skip


@cache
def installed_fonts() -> frozenset[str] | None:
    """Return the names of this machine's fonts in small letters; None where none can tell."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command without input
            [program, "--format", "%{family}\n"],
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return frozenset(
        name.strip().replace("\\-", "-").lower() for line in lines for name in line.split(",")
    )


def used_fonts(
    contents: Mapping[str, bytes], *, themes: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield each font named in text or styles, with the part that names it first.

    Args:
        contents: XML parts by name.
        themes: also yield the fonts of the theme, which a style may ask for by their role.
    """
    seen: set[str] = set()
    for name, data in contents.items():
        if not name.startswith("word/") or "fontTable" in name:
            continue
        for font in (*_named(data), *(_of_theme(data) if themes and "/theme/" in name else ())):
            if font and font not in seen:
                seen.add(font)
                yield font, name


def _named(data: bytes) -> Iterator[str]:
    if b"rFonts" in data:
        for element in parse(data).iter(w("rFonts")):
            yield from (str(element.get(w(face), "")) for face in _FACES)


def _of_theme(data: bytes) -> Iterator[str]:
    for element in parse(data).iter("{*}latin", "{*}ea", "{*}font"):
        if element.get("script") in {None, "Hans", "Hant", "Jpan"}:
            yield str(element.get("typeface", ""))


def face_for(font: str, installed: frozenset[str]) -> str | None:
    """Return the installed Chinese font that stands in for a missing one, or None."""
    low = font.lower()
    kind = next((kind for words, kind in _KINDS if any(word in low for word in words)), "song")
    wanted = (*_STAND_INS[kind], *_STAND_INS["song"], *_STAND_INS["hei"])
    return next((name for name in wanted if name.lower() in installed), None)


_KINDS: Final = (
    (
        ("黑", "hei", "雅黑", "等线", "dengxian", "gothic", "ゴシック", "arial", "calibri"),
        "hei",
    ),
    (("楷", "kai"), "kai"),
    (("仿宋", "fang"), "fang"),
)
_STAND_INS: Final = {
    "song": ("AR PL UMing CN", "Noto Serif CJK SC", "Source Han Serif SC"),
    "hei": ("Noto Sans CJK SC", "WenQuanYi Zen Hei", "Source Han Sans SC"),
    "kai": ("AR PL UKai CN", "AR PL KaitiM GB"),
    "fang": ("FandolFang R", "AR PL UMing CN"),
}


def is_installed(font: str, installed: frozenset[str]) -> bool:
    """Return whether a font or its twin of the same widths is there."""
    low = font.lower()
    return low in installed or any(twin in installed for twin in SAME.get(low, ()))
