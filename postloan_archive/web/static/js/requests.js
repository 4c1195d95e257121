// What every request of a script carries, and fields that submit their form.
export const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

// Old bones appear only when an answer takes longer than 300 ms.
document.addEventListener("htmx:beforeRequest", (event) => {
  const region = event.detail.target;
  region.dataset.waiting = String(setTimeout(() => region.setAttribute("aria-busy", "true"), 300));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const region = event.detail.target;
  clearTimeout(Number(region.dataset.waiting));
  region.removeAttribute("aria-busy");
});

document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-submit]");
  if (field?.form) field.form.requestSubmit();
});

// A button pressed twice sends once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.upload !== undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// Shown again from the browser's memory: ask the server, the person may have left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
