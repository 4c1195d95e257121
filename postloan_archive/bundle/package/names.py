"""Names of files in a package: safe on every system that may unpack it."""

import unicodedata
from typing import Final

from postloan_archive.kernel.errors import RuleError
from postloan_archive.kernel.errors import _l as _l

_LONGEST: Final = 240  # bytes of one part of a path; file systems stop at 255
_FORBIDDEN: Final = frozenset('<>:"|?*\\')
_RESERVED: Final = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)),
    }
)


class PackageNameError(RuleError):
    """A file has a name that must not be unpacked, or one that is taken."""

    field = "name"
    next_step = _l("请更改文件名后重新生成材料包。")

    def __init__(self, *, name: str, taken: bool = False) -> None:
        super().__init__(
            _l("材料包内已有同名文件“{name}”。")
            if taken
            else _l("文件名“{name}”不安全，不能写入材料包。"),
            name=name,
        )


def is_safe(name: str) -> bool:
    """Return whether a path stays in its folder and can be created on any system."""
    if not name or unicodedata.normalize("NFC", name) != name:
        return False
    return all(_is_safe_part(part) for part in name.split("/"))


def folded(name: str) -> str:
    """Return what two names share if some file system takes them for one."""
    return unicodedata.normalize("NFKC", name).casefold()


def _is_safe_part(part: str) -> bool:
    if part in {"", ".", ".."} or part != part.rstrip(". ") or part != part.lstrip(" "):
        return False
    if len(part.encode("utf-8", "surrogatepass")) > _LONGEST:
        return False
    if any(c in _FORBIDDEN or unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in part):
        return False
    return part.split(".", 1)[0].casefold() not in _RESERVED
