"""The English catalogue is complete, has nothing stale, and keeps every placeholder."""

import re

from postloan_archive.web.translations import load_catalogue
from tools import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)s|(?<!\{)\{\w*\}(?!\})")
KEPT = catalogue.translations()


def test_every_sentence_has_a_translation() -> None:
    missing = sorted(set(catalogue.sentences()) - set(KEPT))
    assert not missing, f"run python -m tools.catalogue missing: {missing[:5]}"


def test_no_translation_is_stale() -> None:
    stale = sorted(set(KEPT) - set(catalogue.sentences()))
    assert not stale, f"run python -m tools.catalogue: {stale[:5]}"


def test_placeholders_survive() -> None:
    lost = [
        sentence
        for sentence, english in KEPT.items()
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(sentence))
    ]
    assert not lost


def test_the_catalogue_is_loaded() -> None:
    assert load_catalogue("en").gettext("保存") == "Save"
