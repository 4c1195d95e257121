// Light and dark at once; the server keeps the choice in a cookie.
import { token } from "./requests.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-toggle]");
  if (!button) return;
  event.preventDefault();
  const link = document.getElementById("dark");
  const dark = !matchMedia(link.media).matches;
  link.media = dark ? "all" : "not all";
  const body = new URLSearchParams({ theme: dark ? "dark" : "light", csrf_token: token() });
  fetch(button.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
});
