"""Chinese is the source, English a catalogue; both are read from .po files in the package.

Every `*.po` file of a language is part of its catalogue, so that each capability can keep its
own. They are compiled in memory when somebody first asks for the language: no build step, no
compiled file in the repository or the wheel that could be stale.
"""

import io
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale, gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from postloan_archive.kernel.cautions import Caution
from postloan_archive.kernel.errors import PostloanError

LANGUAGES: Final = {"zh": "中文", "en": "English"}
FOLDER: Final = Path(__file__).parent / "translations"
COOKIE: Final = "postloan_view"


class CatalogueDomain(Domain):  # type: ignore[misc]  # Flask-Babel carries no types
    """The catalogue of the product, read from `translations/<language>/LC_MESSAGES/*.po`."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the language of the request."""
        locale = get_locale()
        language = "zh" if locale is None else str(locale.language)
        if language not in self.cache:
            self.cache[language] = load_catalogue(language)
        found: NullTranslations = self.cache[language]
        return found


def load_catalogue(language: str) -> NullTranslations:
    """Return the translations of the language; the source language has none."""
    loaded: NullTranslations | None = None
    for path in sorted(FOLDER.glob(f"{language}/LC_MESSAGES/*.po")):
        binary = io.BytesIO()
        with path.open("rb") as text:
            write_mo(binary, read_po(text, locale=language))
        binary.seek(0)
        part = Translations(fp=binary)
        if isinstance(loaded, Translations):
            loaded.merge(part)
        else:
            loaded = part
    return loaded or NullTranslations()


def install_translations(app: Flask, *, default: str) -> None:
    """Let `_()` speak the language of the request."""

    def language() -> str:
        chosen = preferences().get("lang", "")
        return chosen if chosen in LANGUAGES else default

    babel = Babel(
        app,
        default_locale="zh",
        default_timezone="Asia/Shanghai",
        locale_selector=language,
    )
    babel.domain_instance = CatalogueDomain()
    app.jinja_env.globals["gettext"] = gettext_in_page  # `_` of templates calls it


@pass_context
def gettext_in_page(context: Context, message: str, /, **values: object) -> str:
    """Return the sentence in the language of the request, safe to stand in the page.

    Jinja's own takes every message for markup of the author. Ours may be words of a person, a
    file or another system that are looked up in the catalogue first, such as a state with its
    reason; so the message is escaped, and is a format only where values are given.
    """
    text = str(gettext(message))
    if not context.eval_ctx.autoescape:
        return text % values if values else text.replace("%%", "%")
    safe = escape(text)
    return safe % values if values else Markup(safe.replace("%%", "%"))  # noqa: S704 - escaped


def preferences() -> dict[str, str]:
    """Return what the browser wants the page to look like: lang, theme, keys, density."""
    raw = request.cookies.get(COOKIE, "")
    pairs = (part.partition("=") for part in raw.split("&") if "=" in part)
    return {name: value for name, _, value in pairs}


def error_text(error: PostloanError) -> str:
    """Return the sentence of the error in the language of the request, with its facts."""
    return str(gettext(error.sentence)).format(**error.facts)


def next_step_text(error: PostloanError) -> str:
    """Return what the person can do now, or an empty string."""
    return str(gettext(error.next_step)) if error.next_step else ""


def caution_text(caution: Caution) -> str:
    """Return the words of a warning in the language of the request, with its provision."""
    facts = {key: gettext(str(value)) for key, value in caution.facts.items()}
    words = str(gettext(caution.sentence)).format(**facts)
    return f"{words}（{caution.basis.rule} {caution.basis}）"
