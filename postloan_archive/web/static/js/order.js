// Putting rows in order: drag by the grip where Sortable is loaded, ↑ ↓ always.
// <form data-sort> holds rows with data-id and one hidden field named order.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-move]");
  const row = button?.closest("[data-id]");
  if (!row) return;
  if (button.dataset.move === "-1") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
  keep(row.closest("[data-sort]"));
});

for (const form of document.querySelectorAll("[data-sort]")) {
  const rows = form.querySelector("[data-rows]") ?? form;
  window.Sortable?.create(rows, {
    handle: "[data-grip]",
    draggable: "[data-id]",
    animation: 120,
    onEnd: () => keep(form),
  });
}

function keep(form) {
  if (!form) return;
  const ids = [...form.querySelectorAll("[data-id]")].map((row) => row.dataset.id);
  form.elements.order.value = ids.join(",");
  form.dispatchEvent(new Event("order", { bubbles: true }));
}
