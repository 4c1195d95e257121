"""The Word templates in use: read once, compiled once, kept in the vault with each run."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Template, compile_template

_PACKAGE: Final = Path(__file__).resolve().parents[1]
FOLDERS: Final = (_PACKAGE / "doc_templates", _PACKAGE.parent / "doc_templates")
_CACHE: Final[dict[str, Template]] = {}  # by digest; a template never changes


class TemplateMissingError(NotFoundError):
    """The Word file is not in the installation."""

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("缺少 Word 模板 {name}，请检查安装是否完整。"), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplate:
    """A compiled template and the digest of the file it was compiled from."""

    sha256: str
    compiled: Template


def template_bytes(name: str) -> bytes:
    """Return the template that the product ships.

    Raises:
        TemplateMissingError: no such file in the installation.
    """
    for folder in FOLDERS:
        path = folder / name
        if path.is_file():
            return path.read_bytes()
    raise TemplateMissingError(name=name)


def letter_template(
    uow: UnitOfWork, name: str, *, sha256: str | None = None, keep: bool = True
) -> LetterTemplate:
    """Return the template in use, or the one of an earlier run by its digest.

    Args:
        uow: the vault holds the earlier ones.
        name: the file of the template.
        sha256: the digest that a run has recorded; the template in use if None.
        keep: put the bytes into the vault, so that a letter can be printed again for ever;
            the caller records the digest in a row. A paper that is only previewed or that is
            kept itself needs no such copy.
    """
    data: bytes | None = None
    if sha256 is None:
        data = template_bytes(name)
        if keep:
            sha256 = uow.vault.put(io.BytesIO(data)).sha256
        else:
            sha256 = hashlib.sha256(data).hexdigest()
    cached = _CACHE.get(sha256)
    if cached is None:
        cached = _CACHE[sha256] = compile_template(
            uow.vault.read(sha256) if data is None else data
        )
    return LetterTemplate(sha256=sha256, compiled=cached)
