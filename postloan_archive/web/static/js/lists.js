// Marking rows: one, this page, all results; the bar says how many.
const boxes = (tools) =>
  [...document.querySelectorAll(`input[type=checkbox][form="${tools.id}"]`)];

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  if (box.matches("[data-select-page]")) {
    const rows = box.closest("table").querySelectorAll("tbody input[type=checkbox]");
    rows.forEach((row) => mark(row, box.checked));
    const first = rows[0]?.form;
    if (first) tell(first, "");
  } else if (box.form?.matches("[data-tools]")) {
    mark(box, box.checked);
    tell(box.form, "");
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-pick-page], [data-pick-all], [data-pick-none]");
  const tools = button?.closest("[data-tools]");
  if (!tools) return;
  const none = button.matches("[data-pick-none]");
  boxes(tools).forEach((box) => mark(box, !none));
  tell(tools, button.dataset.pickAll ?? "");
});

function mark(box, on) {
  box.checked = on;
  box.closest("tr")?.setAttribute("aria-selected", String(on));
}

function tell(tools, all) {
  const count = all ? Number(all) : boxes(tools).filter((box) => box.checked).length;
  tools.elements.all_results.value = all ? "1" : "";
  tools.querySelector("[data-count]").textContent = count.toLocaleString("en");
  tools.hidden = count === 0;
  const head = boxes(tools)[0]?.closest("table")?.querySelector("[data-select-page]");
  if (head) {
    const page = boxes(tools).filter((box) => box.checked).length;
    head.checked = page > 0 && page === boxes(tools).length;
    head.indeterminate = page > 0 && !head.checked;
  }
}
