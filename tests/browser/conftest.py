"""Chromium where there is one, a served site, a page that watches for faults of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.site import Site, served

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome", "chrome")
        if (found := shutil.which(name))
    ),
    None,
)
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here; say how to enable it where there is no browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                reason = "no Chromium here: apt-get install chromium"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """A served installation; seconds, once a session."""
    with served(tmp_path_factory.mktemp("site") / "data") as one:
        yield one


@pytest.fixture(scope="session")
def playwright():
    """What drives browsers; there can be one a process."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright):
    """The browser; a second, once a session."""
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
    )
    yield browser
    browser.close()


WATCH = """
window.__csp = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.__csp.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def open_page(chromium, site) -> Iterator[Callable[..., object]]:
    """Open a page for somebody; console errors and refused contents fail the test."""
    contexts, faults = [], []

    def opened(name: str | None = None, *, width: str = "desk"):
        wide, high = WIDTHS[width]
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": wide, "height": high},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=width == "phone",
        )
        contexts.append(context)
        if name:
            context.add_cookies([site.session_of(name)])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.add_init_script(WATCH)
        page.on("console", lambda line: line.type == "error" and faults.append(said(line)))
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("dialog", lambda dialog: refuse(dialog, faults))
        return page

    opened.faults = faults
    yield opened
    for context in contexts:
        for page in context.pages:
            if page.url.startswith("http"):
                faults += [f"{page.url}: {one}" for one in page.evaluate("window.__csp || []")]
        context.close()
    assert not faults, "\n".join(faults)


def said(line) -> str:
    return f"console: {line.text} ({line.location.get('url')})"


def refuse(dialog, faults: list[str]) -> None:
    """No page of ours opens one: a script of somebody else's has run."""
    faults.append(f"dialog: {dialog.message}")
    dialog.dismiss()
