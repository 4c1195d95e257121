"""C5: markup in any field, name, text or search is shown as text; no script of it runs."""

import io
import re

import pytest
from sqlalchemy import String, update

from postloan_archive.archive import service
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cli.session import runner_of
from tests.browser.site import CLI, served
from tests.browser.test_every_page import addresses
from tests.every_model import mappers
from tests.reading.made_files import docx, paragraph, pdf
from tests.shared_folder import SHARED

pytestmark = pytest.mark.acceptance

FREE_TEXT = {  # columns that a person, a file or another system may fill with anything
    *("name", "title", "note", "court", "author", "doc_no", "filename", "display_name"),
    *("message", "reason", "respondent", "asset", "domicile", "residence", "employer"),
    *("service_address", "service_address_source", "phone", "email", "legal_rep"),
    *("legal_rep_post", "description", "location", "certificate_no", "registration_no"),
    *("period_clause", "scope_clause", "signed_at", "dispute_clause", "product", "manager"),
    *("judge", "ruling_no", "security", "department", "remark", "borrower"),
    *("from_unit", "to_unit", "witness", "shelf", "outcome_note", "tracking_no"),
    *("deed_no", "owner", "decision_note", "cause", "capacity", "excerpt"),
    *(
        "payer",
        "receipt_no",
        "basis",
        "text",
        "trigger",
        "source",
        "label",
    ),
    *("agent", "address", "account", "bank", "added_by", "recorded_by", "created_by"),
}
LOOKED_UP = {  # words of ours
    "deadlines.source",
    "documents.source",
    "ledger_imports.created_by",  # who may see it
    "payments.receipt_no",  # in an address
    "risk_facts.name",
    "risk_signals.source",
    "workday_years.source",
}
MARK = "x7"
PAYLOADS = (
    "<script>window.__x7=1;alert('x7')</script>",
    "<img src=x7 onerror=window.__x7=2>",
    '"><svg data-x7 onload=window.__x7=3>',
    "'><a data-x7 href=javascript:window.__x7=4>点</a>",
    "</title><body data-x7 onload=window.__x7=5>",
    "</textarea><iframe data-x7 srcdoc='<script>parent.__x7=6</script>'></iframe>",
    "</style></script><input data-x7 autofocus onfocus=window.__x7=7>",
    "{{7*7}}${7*7}<%=7*7%>#{7*7}",
    "javascript:window.__x7=8",
    "<details data-x7 open ontoggle=window.__x7=9>",
    "<math><table><mglyph><style><!--</style><img data-x7 title='--&gt;&lt;img onerror=1'>",
    "<form data-x7 action=javascript:window.__x7=10><button>点",
    "<base data-x7 href=//evil.example/>",
    "<meta data-x7 http-equiv=refresh content='0;url=//evil.example/'>",
    "<link data-x7 rel=stylesheet href=//evil.example/x.css>",
    "＜script＞window.__x7=11＜/script＞",
    "\u202e<b data-x7>倒",
    "`onmouseover=window.__x7=12 x='",
    "&lt;img data-x7 src=x onerror=window.__x7=13&gt;",
    "<mark data-x7>假的标记</mark>",
)
MORE = PAYLOADS[1] + PAYLOADS[2]  # what goes into every column
FOUND = """
() => {
  const faults = [];
  if (window.__x7 !== undefined) faults.push(`ran: ${window.__x7}`);
  for (const one of document.querySelectorAll("[data-x7], img[src*=x7], base,"
      + "meta[http-equiv], script:not([src]), iframe, object, embed"))
    faults.push(`element: ${one.outerHTML.slice(0, 100)}`);
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      if (name.startsWith("on")) faults.push(`handler: ${one.outerHTML.slice(0, 100)}`);
      if (["href", "src", "action", "formaction"].includes(name)
          && /^\\s*(javascript|data|vbscript):/i.test(value))
        faults.push(`address: ${value.slice(0, 80)}`);
    }
  }
  if (document.body.innerText.includes("49${")) faults.push("a template was filled in");
  return faults;
}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site whose every free text ends in markup, and papers made of it."""
    with served(tmp_path_factory.mktemp("hostile") / "data") as one:
        poison(one.system)
        yield one


def poison(system) -> None:
    with system.unit_of_work(CLI) as uow:
        batch = service.open_batch(uow, OpenBatch(source="cli")).id
        ids = []
        for number, payload in enumerate(PAYLOADS):
            text = f"{MARK}第{number}份 {payload}"
            escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            papers = {
                "txt": text.encode(),
                "html": f"<html><title>{text}</title><body>{text}</body></html>".encode(),
                "svg": f"<svg xmlns='http://www.w3.org/2000/svg'>{payload}</svg>".encode(),
                "docx": docx(paragraph(escaped)),
                "pdf": pdf([text]),
            }
            for ending, data in papers.items():
                received = service.receive_file(
                    uow,
                    ReceiveFile(
                        batch_id=batch,
                        loan_no="JJ2025-0001",
                        name=f"{payload}.{ending}",
                        title=text,
                        stream=io.BytesIO(data),
                    ),
                )
                ids.append(received.document_id)
        uow.enqueue("read_documents", [one for one in ids if one])
    runner_of(system).run_until_empty()
    with system.unit_of_work(CLI) as uow:
        for mapper in mappers():
            table = mapper.local_table
            if table.name.startswith("audit"):
                continue
            values = {
                column: column.concat(MORE)
                for column in table.c
                if column.name in FREE_TEXT
                and isinstance(column.type, String)
                and not (column.unique or column.primary_key or column.foreign_keys)
                and f"{table.name}.{column.name}" not in LOOKED_UP
            }
            if values:
                uow.session.execute(update(table).values(values))


def test_C5_no_page_runs_or_builds_what_a_field_holds(open_page, site):
    pages, faults, seen, shown = {}, [], 0, 0
    for path, who in addresses(site.app, site.ids):
        if who not in pages:
            pages[who] = open_page(who or None)
        page = pages[who]
        reply = page.goto(path)
        if reply.status >= 500:
            faults.append((path, reply.status))
        seen += 1
        shown += MARK in page.content()
        faults += [(path, one) for one in page.evaluate(FOUND)]
    assert not faults, "\n".join(map(str, faults))
    assert seen > 25
    assert shown > 12  # the markup is there, as text


def test_C5_papers_of_markup_are_shown_as_text(open_page):
    page = open_page("legal")
    page.goto("/loans/JJ2025-0001/items")
    links = page.locator("a[href*='document=']").evaluate_all("(all) => all.map((a) => a.href)")
    assert len(set(links)) > 60
    faults = []
    for link in list(dict.fromkeys(links))[::5]:
        for address in (link, f"{link}&text=1"):
            page.goto(address)
            faults += [(address, one) for one in page.evaluate(FOUND)]
    assert faults == []


def queries() -> list[str]:
    naughty = []
    if SHARED.is_dir():
        lines = (SHARED / "corpus/blns/blns.txt").read_text("utf-8").splitlines()
        naughty = [line for line in lines if re.search(r"[<>\"'`]|script", line)]
    return [*PAYLOADS, *naughty[::12]]


def test_C5_a_search_shows_what_was_typed_as_text(open_page):
    page = open_page("legal")
    page.goto("/search")
    faults, hits = [], 0
    for text in queries():
        page.locator("#q").fill(text[:200])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        hits += page.locator("main mark").count() > 0
        faults += [(text, one) for one in page.evaluate(FOUND)]
        assert page.locator("#q").count() == 1, text
    assert not faults, "\n".join(map(str, faults))
    assert hits > 5


@pytest.mark.parametrize("ending", ["html", "svg", "pdf", "txt"])
def test_C5_an_original_only_comes_down(open_page, site, ending):
    """A page of somebody else under our address would be us: sandboxed, never shown."""
    page = open_page("legal")
    page.goto("/loans/JJ2025-0001/items")
    with site.system.unit_of_work(CLI) as uow:
        rows = service.queries.documents_of(uow, 1)
        number = next(row.id for row in rows if row.title and f".{ending}" in row.filename)
    reply = page.request.get(f"/documents/{number}/original")
    assert reply.status == 200
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in reply.headers["content-security-policy"]
    assert "html" not in reply.headers["content-type"]
    assert "svg" not in reply.headers["content-type"]


def test_C5_every_reply_has_the_headers(open_page):
    page = open_page("legal")
    for address in ("/loans", "/search?q=<script>", "/nope", "/static/app.css", "/healthz"):
        headers = page.request.get(address).headers
        assert "script-src 'self'" in headers["content-security-policy"], address
        assert "unsafe" not in headers["content-security-policy"], address
        assert headers["x-content-type-options"] == "nosniff", address
