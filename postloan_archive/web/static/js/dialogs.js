// Dialogs, drawers and toasts: open, close, focus goes back where it came from.
let opener = null;

document.addEventListener("click", (event) => {
  if (!event.target.closest) return;
  const open = event.target.closest("[data-dialog]");
  if (open) {
    event.preventDefault();
    opener = open;
    show(open.dataset.dialog);
    return;
  }
  const close = event.target.closest("[data-close]");
  if (close) close.closest("dialog")?.close();
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) {
    const id = dismiss.dataset.dismiss;
    (id ? document.getElementById(id) : dismiss.closest(".toast"))?.remove();
    opener?.focus();
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  document.querySelector(".drawer.open:last-of-type")?.remove();
});

document.addEventListener("close", () => opener?.focus(), true);

export function show(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** Say what is already done; stays until closed when it holds a way back. */
export function toast(words) {
  const note = document.createElement("div");
  note.className = "toast";
  note.append(words);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

// The first field at fault gets the focus.
document.querySelector("[aria-invalid=true]")?.focus();
