"""The key map: where each key leads, and when keys are silent."""

import re

import pytest


@pytest.fixture
def page(open_page):
    return open_page("legal")


def test_a_slash_goes_to_the_search_box(page):
    page.goto("/loans")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("/合同")
    assert page.locator("#q").input_value() == "/合同"


def test_a_question_mark_shows_the_map_and_escape_closes_it(page):
    page.goto("/loans")
    page.keyboard.press("Shift+?")
    page.locator("dialog#keys[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#keys[open]").wait_for(state="hidden")


@pytest.mark.parametrize(
    ("letter", "address"),
    [
        ("f", "/loans"),
        ("s", "/search"),
        ("d", "/deadlines"),
        ("n", "/notices"),
        ("p", "/preservation"),
        ("c", "/cases"),
        ("k", "/packages"),
    ],
)
def test_g_and_a_letter_go_there(page, letter, address):
    page.goto("/account")
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(re.compile(rf"{address}(\?.*)?$"))


def test_j_and_enter_open_the_first_row(page):
    page.goto("/loans")
    page.keyboard.press("j")
    assert page.locator("tr.now").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/loans/JJ2025-0001*")


def test_keys_are_silent_in_fields_and_while_an_input_method_composes(page):
    page.goto("/loans")
    page.locator("#q").focus()
    page.keyboard.type("gd?")
    assert page.locator("#q").input_value() == "gd?"
    assert page.url.endswith("/loans")
    page.locator("body").evaluate(
        """(body) => { document.activeElement.blur();
          body.dispatchEvent(new KeyboardEvent("keydown",
            { key: "?", bubbles: true, isComposing: true })); }"""
    )
    assert page.locator("dialog#keys[open]").count() == 0


def test_single_keys_can_be_switched_off(page):
    page.goto("/loans")
    page.keyboard.press("Shift+?")
    page.locator("dialog#keys[open] button[name=keys]").click()
    page.wait_for_load_state()
    page.goto("/loans")
    page.keyboard.press("j")
    assert page.locator("tr.now").count() == 0
    page.evaluate("document.getElementById('keys').showModal()")
    page.locator("dialog#keys button[name=keys]").click()
    page.wait_for_load_state()


def test_tab_reaches_the_skip_link_first_and_focus_is_seen(page):
    page.goto("/loans")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
