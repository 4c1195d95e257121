"""Every page, as somebody who may see it, on a desk and on a phone: whole, named, legible."""

import re

import pytest

from tests.web.routes import ROLES, expected

NO_PAGES = {  # for programs, or once in a life
    "static",
    "home.favicon",
    "home.health",
    "cases.correct_period",  # asks which in the query
    "sign_in.by_link",
    "sign_in.first_password",
    "worklist.feed",
    "archive.phone_shots",  # of a telephone with its key
    "loans.product_terms",  # of a product that a loan has
}
PARTS = {
    "archive.batch_files",
    "archive.look",
    "assurance.export_progress",
    "notices.preview",
}  # swapped in, like every `work`
MORE = {
    "user_id": 1,
    "name": "interest",
    "code": "N02",
    "key": "ageing",
    "seq": 1,
    "sheet": "inner",
}
FILES = re.compile(
    r"\.(jpg|png|svg|json|xlsx|docx|pdf|zip|ics)$|^/api/|/(file|original|export)$"
)

CHECKS = """
() => {
  const faults = [];
  const shown = (one) => one.checkVisibility
    ? one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) : one.offsetParent;
  const where = (one) => one.outerHTML.slice(0, 120).replace(/\\s+/g, " ");
  const named = (one) => (one.ariaLabel || one.title || one.innerText || one.value
    || (one.getAttribute("aria-labelledby") && document.getElementById(
        one.getAttribute("aria-labelledby").split(" ")[0])?.innerText)
    || [...one.querySelectorAll("img[alt], svg title, svg[aria-label]")].map(
        (x) => x.alt || x.textContent || x.getAttribute("aria-label")).join("") || "").trim();

  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth + 1) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => shown(one)
      && one.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 3).map(where);
    faults.push(`${root.scrollWidth} wide in ${root.clientWidth}: ${wide.join(" | ")}`);
  }
  const markup = document.body.innerText.match(/<\\/?[a-z]+[ >]|&(lt|gt|amp|quot|#\\d+);/);
  if (markup) faults.push(`markup shown as text: ${markup[0]}`);
  const h1 = [...document.querySelectorAll("h1")].filter(shown);
  if (h1.length !== 1) faults.push(`${h1.length} visible h1`);
  let level = 0;
  for (const head of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (!shown(head)) continue;
    const now = Number(head.tagName[1]);
    if (now > level + 1 && level) faults.push(`h${level} then h${now}: ${where(head)}`);
    level = now;
  }
  if (!document.title.trim()) faults.push("no title");
  if (!document.documentElement.lang) faults.push("no lang");
  if (document.querySelectorAll("main").length !== 1) faults.push("no main or several");
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (field.type === "hidden" || !shown(field)) continue;
    if (["submit", "button", "reset"].includes(field.type)) continue;
    const label = field.labels?.length || field.getAttribute("aria-label") || field.title
      || field.getAttribute("aria-labelledby");
    if (!label) faults.push(`field without label: ${where(field)}`);
  }
  for (const one of document.querySelectorAll("button, a[href], summary")) {
    if (shown(one) && !named(one)) faults.push(`no name: ${where(one)}`);
  }
  for (const one of document.querySelectorAll("img")) {
    if (!one.hasAttribute("alt")) faults.push(`no alt: ${where(one)}`);
  }
  for (const one of document.querySelectorAll("table")) {
    if (shown(one) && !one.querySelector("th")) faults.push(`table without th: ${where(one)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
    faults.push(`id twice: ${id}`);
  for (const one of document.querySelectorAll("[aria-describedby], [aria-controls]")) {
    for (const name of ["aria-describedby", "aria-controls"]) {
      for (const id of (one.getAttribute(name) || "").split(/\\s+/).filter(Boolean))
        if (!document.getElementById(id)) faults.push(`${name} leads nowhere: ${id}`);
    }
  }

  const rgb = (text) => {
    const parts = text.match(/[\\d.]+/g)?.map(Number) || [0, 0, 0, 0];
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = rgb(style.backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] >= 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const pale = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, one = node.parentElement;
    if (!node.data.trim() || !one || !shown(one) || one.closest("[disabled], svg")) continue;
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const style = getComputedStyle(one), below = ground(one);
    if (!below) continue;
    const a = light(over(rgb(style.color), below)), b = light(below);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const least = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
    if (ratio < least - 0.05) {
      pale.set(`${one.tagName}.${one.className} ${style.color} on ${below.map(Math.round)}`,
        `${ratio.toFixed(2)}: “${node.data.trim().slice(0, 20)}”`);
    }
  }
  for (const [what, how] of [...pale].slice(0, 5)) faults.push(`contrast ${how} ${what}`);
  return faults;
}
"""


def addresses(app, ids) -> list[tuple[str, str]]:
    """Who opens which page; the role that sees most of it."""
    table, found = expected(), []
    order = ["legal", "archive_clerk", "auditor", "account_manager", "branch_manager"]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if (
            "GET" not in rule.methods
            or rule.endpoint in NO_PAGES | PARTS
            or FILES.search(rule.rule)
            or rule.rule.endswith("/work")
        ):
            continue
        values = {**MORE, **ids}
        if rule.endpoint == "litigation.paper":
            values["code"] = "P01"  # a court paper, not a letter
        if not rule.arguments <= set(values):
            continue
        with app.test_request_context():
            given = {name: values[name] for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, given)
        may = table[rule.endpoint] & ROLES
        who = next((role for role in order if role in may), None) or min(may, default=None)
        found.append((path, "" if "nobody" in table[rule.endpoint] else who))
    return found


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_page_is_whole(open_page, site, width):
    app = site.app
    pages, faults, seen = {}, [], 0
    for path, who in addresses(app, site.ids):
        if who not in pages:
            pages[who] = open_page(who or None, width=width)
        page = pages[who]
        reply = page.goto(path, wait_until="load")
        if reply.status >= 400:
            faults.append((path, who, reply.status))
            continue
        seen += 1
        faults += [(path, one) for one in page.evaluate(CHECKS)]
    assert not faults, "\n".join(map(str, faults))
    assert seen > 25
