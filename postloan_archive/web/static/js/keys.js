// The key map: / ? g+letter j k x Enter [ ] e t Ctrl+Enter.
// Silent while an input method composes, in fields, in dialogs, and when switched off.
import { show } from "./dialogs.js";

let waiting = 0; // until when a letter after g counts

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    saveAndNext(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, select, textarea, dialog, [contenteditable]")) return;
  if (document.documentElement.dataset.keys === "off") return;
  const act = performance.now() < waiting ? go(event.key) : ACTS[event.key];
  waiting = 0;
  if (act && act(event) !== false) event.preventDefault();
});

const ACTS = {
  "/": () => focus("#q"),
  "?": () => show("keys"),
  g: () => {
    waiting = performance.now() + 1500;
  },
  j: () => move(1),
  k: () => move(-1),
  x: () => click("tr.now input[type=checkbox], .pile [aria-current] input"),
  e: () => click("[data-key=e]"),
  t: () => focus(".tabs a[aria-current], .tabs a"),
  // Inside a loan file they go through its pieces, elsewhere through the files.
  "[": () => click("[data-items] [data-key='[']") || click("[data-key='[']"),
  "]": () => click("[data-items] [data-key=']']") || click("[data-key=']']"),
  Enter: (event) =>
    event.target.matches("body, main") &&
    (click("tr.now a[href], [data-row].now a[data-enter]") || click("[data-key=Enter]")),
};

// A page may bind further letters with data-key on its own buttons: s, m, r, u, 1-9.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.defaultPrevented || event.key.length !== 1 || ACTS[event.key]) return;
  if (event.target.closest?.("input, select, textarea, dialog")) return;
  if (document.documentElement.dataset.keys === "off") return;
  if (click(`[data-key="${CSS.escape(event.key)}"]`)) event.preventDefault();
});

// A button that sets a field of its form to a value, as the keys 1-9 of the inbox do.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-sets]");
  const field = button?.form?.elements[button.dataset.sets];
  if (!field) return;
  field.value = button.dataset.value;
  for (const one of button.form.querySelectorAll("[data-sets]")) {
    one.classList.toggle("on", one === button);
  }
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

function go(letter) {
  return () => click(`.rail [data-go="${CSS.escape(letter)}"]`);
}

function click(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function focus(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  found?.select?.();
  return Boolean(found);
}

function move(by) {
  const rows = [...document.querySelectorAll("table[data-keys] tbody tr, [data-keys] [data-row]")];
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.classList.contains("now"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  rows[at]?.classList.remove("now");
  next.classList.add("now");
  next.scrollIntoView({ block: "nearest" });
  if (next !== rows[at]) look(next); // what is beside the list follows
  return true;
}

function look(row) {
  (row.matches("[data-look]") ? row : row.querySelector("[data-look]"))?.click();
}

function saveAndNext(event) {
  const form = event.target.closest?.("form") ?? document.querySelector("main form[data-main]");
  const button = form?.querySelector("[data-next]") ?? form?.querySelector(".btn.go");
  if (!button) return;
  event.preventDefault();
  button.click();
}
