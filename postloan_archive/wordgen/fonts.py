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


def used_fonts(contents: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each font named in text or styles, with the part that names it first."""
    seen: set[str] = set()
    for name, data in contents.items():
        if not name.startswith("word/") or b"rFonts" not in data or "fontTable" in name:
            continue
        for element in parse(data).iter(w("rFonts")):
            for face in _FACES:
                font = element.get(w(face))
                if font and font not in seen:
                    seen.add(str(font))
                    yield str(font), name


def is_installed(font: str, installed: frozenset[str]) -> bool:
    """Return whether a font or its twin of the same widths is there."""
    low = font.lower()
    return low in installed or any(twin in installed for twin in SAME.get(low, ()))
