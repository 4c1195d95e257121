"""Settings, read once from `POSTLOAN_*`; nothing else reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path


class SettingsError(Exception):
    """One or more settings are wrong; the message names all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may choose; `docs/operations.md` explains each field.

    Environment names are `POSTLOAN_` followed by the field name in capitals.
    """

    data: Path = field(default=Path("storage"))  # vault, index, database, keys
    checkpoint_folder: str = ""  # a folder on another machine or volume for signed heads
    backup_folder: str = ""  # where `postloan backup` writes; a page repairs files from it
    sm3: bool = False  # the SM3 digest (GB/T 32905) beside SHA-256, in the trail and in exports
    database_url: str = ""  # empty: SQLite in the data folder
    search_adapter: str = "database"  # or whoosh: files in the data folder
    host: str = "127.0.0.1"
    port: int = 8000
    secure_cookies: bool = True  # False only for plain HTTP on a trusted machine
    soffice: str = ""  # path of LibreOffice; empty: looked up on the PATH
    cjk_font: str = ""  # path of a Chinese TrueType font; empty: looked up in the usual places
    embedded_worker: bool = True  # serve runs the job consumer in the same process
    reading_timeout_s: int = 60
    reading_memory_mb: int = 1_536
    upload_max_mb: int = 2_048
    zip_max_mb: int = 16_384  # a zip of papers, packed and unpacked
    session_idle_minutes: int = 30
    session_hours: int = 12
    watch_folder: str = ""  # a folder whose files are taken in by themselves; empty: none
    watch_after: str = "move"  # or leave: where an original stays once it is taken in
    watch_quiet_s: int = 10  # seconds without a change of size and time before a file is taken
    imap_host: str = ""  # the mailbox for papers; empty: none
    imap_port: int = 993
    imap_tls: bool = True  # False only for a server on the same machine
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    imap_folder: str = "INBOX"
    smtp_host: str = ""  # empty: reminders are shown in the application only
    smtp_port: int = 25
    smtp_starttls: bool = False
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""  # the sender of the daily digest
    log_level: str = "info"
    institution: str = "示范农村商业银行股份有限公司"
    locale: str = "zh"
    demo_day: str = ""  # a date: the civil day of a demonstration; empty in production

    def __post_init__(self) -> None:
        """Name the data folder whole: child processes and LibreOffice run in other folders."""
        object.__setattr__(self, "data", self.data.absolute())

    @property
    def sqlalchemy_url(self) -> str:
        """Return the database address."""
        return self.database_url or f"sqlite:///{self.data / 'postloan.db'}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings of the process.

        Raises:
            SettingsError: at least one value cannot be used; all of them are named.
        """
        source = os.environ if environ is None else environ  # noqa: TID251 - the one place
        values: dict[str, object] = {}
        faults: list[str] = []
        for spec in fields(cls):
            name = f"POSTLOAN_{spec.name.upper()}"
            text = source.get(name)
            if text is None:
                continue
            try:
                values[spec.name] = _convert(spec.type, text)
            except ValueError as error:
                faults.append(f"{name}={text!r}: {error}")
        known = {f"POSTLOAN_{spec.name.upper()}" for spec in fields(cls)}
        faults += [
            f"{name}: no such setting"
            for name in sorted(source)
            if name.startswith("POSTLOAN_") and name not in known
        ]
        if faults:
            raise SettingsError("\n".join(faults))
        return cls(**values)  # type: ignore[arg-type]  # _convert follows the annotations


def _convert(kind: object, text: str) -> object:
    if kind is Path:
        return Path(text)
    if kind is int:
        return int(text)
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise ValueError("0 or 1 expected")  # noqa: TRY003 - shown as it is
        return text.lower() in {"1", "true", "yes"}
    return text
