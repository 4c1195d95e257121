"""A bundle in Chromium's own PDF viewer: links of the index and bookmarks are clicked.

The viewer is an extension of Chromium; it runs in the new headless mode when Playwright's
switch against extensions is left out. Its page is an open shadow tree, so its toolbar, its
outline and its idea of where a page stands on the screen can be read.
"""

import http.server
import io
import os
import re
import threading
from functools import partial

import pypdfium2
import pytest
from pypdf import PdfReader

from tests.browser.conftest import CHROMIUM
from tests.bundle.samples import bind, exhibit, pdf

EXTENSIONS_OFF = [
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
]
VIEWER = "document.querySelector('pdf-viewer')"
SHOWN = (
    f"() => Number({VIEWER}.shadowRoot.querySelector('viewer-toolbar').shadowRoot"
    ".querySelector('viewer-page-selector').shadowRoot.querySelector('input').value)"
)
LENGTH = (
    f"() => Number({VIEWER}.shadowRoot.querySelector('viewer-toolbar').shadowRoot"
    ".querySelector('viewer-page-selector').shadowRoot.querySelector('#pagelength').textContent)"
)
READY = f"() => {VIEWER} && {VIEWER}.loadState_ === 'success'"
PLACE = (
    f"no => {{ const r = {VIEWER}.viewport_.getPageScreenRect(no);"
    f" const at = {VIEWER}.shadowRoot.querySelector('#scroller').getBoundingClientRect();"
    " return [at.x + r.x, at.y + r.y, r.width]; }"
)
GO = f"no => {VIEWER}.viewport_.goToPage(no)"
MARKS = (
    f"() => {{ const out = []; const walk = (rows) => {{ for (const row of rows) {{"
    f" out.push([row.title, row.page]); walk(row.children); }} }};"
    f" walk({VIEWER}.bookmarks_ || {VIEWER}.bookmarks); return out; }}"
)


@pytest.fixture(scope="module")
def bundle() -> bytes:
    """Four exhibits, one turned, one of many pages, two groups."""
    data, result = bind(
        exhibit(pdf(3), "合同.pdf", label="证据1", group="一、合同"),
        exhibit(pdf(9), "流水.pdf", label="证据2", group="一、合同"),
        exhibit(pdf(2, rotate=90), "回执.pdf", label="证据3", group="二、催收"),
        exhibit(pdf(1), "证照.pdf", label="证据4", group="二、催收"),
    )
    assert result.pages == len(pypdfium2.PdfDocument(data))
    return data


@pytest.fixture(scope="module")
def address(bundle, tmp_path_factory):
    """Where the bundle is served; the viewer takes no file from a disk."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "bundle.pdf").write_bytes(bundle)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/bundle.pdf"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def viewer(playwright, address):
    """The viewer with the bundle in it: (page, frame of the viewer)."""
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        headless=False,  # Playwright's own switch means the old mode, which has no viewer
        args=["--headless=new", *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        ignore_default_args=EXTENSIONS_OFF,
    )
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.goto(f"{address}#zoom=page-fit")
    frame = None
    for _ in range(100):
        frame = next(
            (one for one in page.frames if one.url.startswith("chrome-extension")), None
        )
        if frame is not None:
            break
        page.wait_for_timeout(100)
    assert frame is not None, "no viewer: Chromium showed the file otherwise"
    frame.wait_for_function(READY)
    yield page, frame
    browser.close()


def shown(page, frame, wanted: int) -> int:
    """Return the page that the toolbar names, once it has had time to change."""
    for _ in range(40):
        if frame.evaluate(SHOWN) == wanted:
            break
        page.wait_for_timeout(50)
    return frame.evaluate(SHOWN)


def links(reader: PdfReader) -> list[tuple[int, list[float], int]]:
    """Each link as (page it stands on, from 0; its place; page it leads to, from 1)."""
    numbers = {one.indirect_reference.idnum: no for no, one in enumerate(reader.pages, 1)}
    return [
        (
            no,
            [float(value) for value in mark.get_object()["/Rect"]],
            numbers[mark.get_object()["/Dest"][0].indirect_reference.idnum],
        )
        for no, one in enumerate(reader.pages)
        for mark in one.get("/Annots", ())
    ]


def test_every_link_of_the_index_is_followed_by_a_click(viewer, bundle):
    page, frame = viewer
    reader = PdfReader(io.BytesIO(bundle))
    found = links(reader)
    assert len(found) == 4
    for stands_on, (left, bottom, right, top), leads_to in found:
        frame.evaluate(GO, stands_on)
        page.wait_for_timeout(150)
        x, y, width = frame.evaluate(PLACE, stands_on)
        box = reader.pages[stands_on].mediabox
        scale = width / float(box.width)
        page.mouse.click(
            x + (left + right) / 2 * scale, y + (float(box.height) - (top + bottom) / 2) * scale
        )
        assert shown(page, frame, leads_to) == leads_to


def test_every_bookmark_is_clicked_and_the_numbers_are_those_on_the_pages(viewer, bundle):
    page, frame = viewer
    reader = PdfReader(io.BytesIO(bundle))
    texts = [re.sub(r"\s", "", one.extract_text()) for one in reader.pages]
    assert frame.evaluate(LENGTH) == len(texts)
    assert reader.page_labels == [str(no) for no in range(1, len(texts) + 1)]
    marks = frame.evaluate(MARKS)
    assert [title for title, _at in marks if title.startswith("证据1")]

    for button in frame.locator("viewer-pdf-sidenav").locator("cr-icon-button, button").all():
        if "outline" in (button.get_attribute("id") or "") + (
            button.get_attribute("title") or ""
        ):
            button.click()
    clicked = 0
    for _level in range(3):  # a branch shows its own branches only once it is open
        for expand in frame.locator("viewer-bookmark #expand").all():
            if expand.is_visible() and expand.get_attribute("aria-expanded") != "true":
                expand.click()
    for title, at in marks:
        item = frame.locator("viewer-bookmark #item").filter(has_text=title).first
        if not item.is_visible():
            continue
        item.click()
        assert shown(page, frame, at + 1) == at + 1, title
        assert f"第{at + 1}页共{len(texts)}页" in texts[at]
        clicked += 1
    assert clicked == len(marks)


def test_every_page_is_drawn(bundle):
    document = pypdfium2.PdfDocument(bundle)
    for no in range(len(document)):
        picture = document[no].render(scale=0.4).to_pil().convert("L")
        assert picture.getextrema()[0] < 128, f"page {no + 1} is blank"
