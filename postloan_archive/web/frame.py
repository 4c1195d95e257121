"""The frame of every page: top bar, rail, and what the browser wants it to look like."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from postloan_archive.access.rights import Post
from postloan_archive.access.roles import ROLES
from postloan_archive.kernel.actor import Actor
from postloan_archive.web.rail import RAIL, Entry
from postloan_archive.web.translations import LANGUAGES, preferences

Counts = Callable[[Actor], Mapping[str, int]]
_COUNTS: Final = "postloan_counts"
THEMES: Final = {  # what the link to the dark colours says in `media`
    "auto": "(prefers-color-scheme: dark)",
    "dark": "all",
    "light": "not all",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An entry as this person sees it on this page."""

    label: str
    icon: str
    href: str
    key: str
    count: int
    current: bool
    foot: bool
    below: tuple["Link", ...]


def install_frame(app: Flask, *, counts: Counts | None = None) -> None:
    """Give every template `frame` and `static_url`.

    Args:
        app: the application.
        counts: what the numbers in the top bar are for a person, named as in `RAIL`
            (`inbox`, `deadlines`, `preservation`, `grants`); asked once a page.
    """
    app.extensions[_COUNTS] = counts or (lambda _actor: {})
    fingerprints = _fingerprints(Path(str(app.static_folder)))

    def static_url(name: str) -> str:
        return url_for("static", filename=name, v=fingerprints[name])

    app.add_template_global(static_url, "static_url")
    app.add_template_global(lambda role: ROLES[role].label, "role_label")
    app.context_processor(lambda: {"frame": Frame()})


class Frame:
    """What `base.html` needs to know; computed when it is asked for."""

    @property
    def actor(self) -> Actor | None:
        """Return the signed-in person."""
        actor = g.get("actor")
        return actor if isinstance(actor, Actor) else None

    @property
    def institution(self) -> str:
        """Return the name of the bank."""
        return str(current_app.config["INSTITUTION"])

    @property
    def language(self) -> str:
        """Return the language of the page as HTML names it."""
        locale = get_locale()
        return "en" if locale is not None and locale.language == "en" else "zh-CN"

    @property
    def other_language(self) -> tuple[str, str]:
        """Return code and name of the language to switch to."""
        code = "zh" if self.language == "en" else "en"
        return code, LANGUAGES[code]

    @property
    def theme(self) -> str:
        """Return auto, dark or light."""
        wanted = preferences().get("theme", "auto")
        return wanted if wanted in THEMES else "auto"

    @property
    def dark_media(self) -> str:
        """Return the `media` of the dark colours."""
        return THEMES[self.theme]

    @property
    def keys_on(self) -> bool:
        """Return whether single-letter keys work (WCAG 2.1.4: they can be switched off)."""
        return preferences().get("keys") != "off"

    @property
    def density(self) -> str:
        """Return dense or comfortable."""
        return "comfortable" if preferences().get("density") == "comfortable" else "dense"

    @property
    def posts(self) -> tuple[tuple[str, str, bool], ...]:
        """Return the posts of the person: key, Chinese name, whether it is the present one."""
        return tuple((key, _post_name(post), now) for key, post, now in g.get("posts", ()))

    @property
    def counts(self) -> Mapping[str, int]:
        """Return the numbers of the top bar, asked once a page."""
        if "frame_counts" not in g:
            actor = self.actor
            ask: Counts = current_app.extensions[_COUNTS]
            g.frame_counts = {} if actor is None else dict(ask(actor))
        found: Mapping[str, int] = g.frame_counts
        return found

    @property
    def rail(self) -> tuple[Link, ...]:
        """Return the entries this person may use."""
        if self.actor is None:
            return ()
        return tuple(self._links(RAIL))

    def link_to(self, endpoint: str) -> str:
        """Return the address of the endpoint where it exists and may be used, else nothing."""
        for link in _walk(self.rail):
            if link.href and link.href == _address(endpoint):
                return link.href
        return ""

    def _links(self, entries: tuple[Entry, ...]) -> Iterator[Link]:
        actor = self.actor
        assert actor is not None
        for entry in entries:
            below = tuple(self._links(entry.below))
            href = below[0].href if below else _address(entry.endpoint)
            allowed = not entry.permission or actor.may(entry.permission)
            if not href or not allowed or (entry.below and not below):
                continue
            yield Link(
                label=entry.label,
                icon=entry.icon,
                href=href,
                key=entry.key,
                count=self.counts.get(entry.count, 0),
                current=any(link.current for link in below) or _is_current(entry.endpoint),
                foot=entry.foot,
                below=below,
            )


def _post_name(post: Post) -> str:
    roles = "、".join(_(ROLES[role].label) for role in sorted(post.roles))
    first = post.branches[0][1]
    more = len(post.branches) - 1
    where = _("%(first)s 等 %(count)s 家", first=first, count=more + 1) if more else first
    return f"{roles} · {where}"


def _walk(links: tuple[Link, ...]) -> Iterator[Link]:
    for link in links:
        yield link
        yield from _walk(link.below)


def _address(endpoint: str) -> str:
    if not endpoint or endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint)


def _is_current(endpoint: str) -> bool:
    """A page below an entry lights it: the longest address that starts the present one."""
    here = request.endpoint or ""
    shown = g.get("rail_entry") or here
    if shown == endpoint:
        return True
    listed = {entry.endpoint for entry in _entries(RAIL)}
    same_part = endpoint.partition(".")[0] == shown.partition(".")[0]
    first = next(
        (e for e in _entries(RAIL) if e.endpoint.partition(".")[0] == shown.partition(".")[0]),
        None,
    )
    return (
        shown not in listed and same_part and first is not None and first.endpoint == endpoint
    )


def _entries(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _entries(entry.below)


def light(endpoint: str) -> None:
    """Say which entry of the rail this page belongs to, where its address does not tell."""
    g.rail_entry = endpoint


def _fingerprints(folder: Path) -> dict[str, str]:
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = sha256(path.read_bytes()).hexdigest()[:12]
    return found
