// Files by drag and drop, onto the upload box or onto an empty slot, with progress.
import { token } from "./requests.js";

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-upload], [data-drop]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind === "drop") drop(place, event.dataTransfer.files);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-upload]")) return;
  event.preventDefault();
  send(form, form.action, new FormData(form));
});

function drop(place, files) {
  if (!files.length) return;
  if (place.matches("[data-upload]")) {
    place.querySelector("input[type=file]").files = files;
    place.requestSubmit();
    return;
  }
  const body = new FormData();
  body.append("csrf_token", token());
  for (const file of files) body.append("files", file);
  send(place, place.dataset.drop, body);
}

function send(place, address, body) {
  const bar = place.querySelector("progress");
  const said = place.querySelector("[data-said]");
  const request = new XMLHttpRequest();
  place.setAttribute("aria-busy", "true");
  if (bar) bar.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((event.loaded / event.total) * 100);
    if (bar) bar.value = percent;
    if (said) said.textContent = `${percent}%`;
  });
  request.addEventListener("loadend", () => {
    place.removeAttribute("aria-busy");
    if (request.status >= 200 && request.status < 300) {
      location.assign(request.responseURL || location.href);
    } else {
      refuse(place, request);
    }
  });
  request.open("POST", address);
  request.setRequestHeader("X-CSRFToken", token());
  request.setRequestHeader("HX-Request", "true");
  request.send(body);
}

// The answer is a fragment of our own server; its words are shown, not run.
function refuse(place, request) {
  const page = new DOMParser().parseFromString(request.responseText || "", "text/html");
  const words = page.querySelector(".say")?.textContent.trim() || String(request.status);
  const said = place.querySelector("[data-said]");
  const box = document.createElement("div");
  box.className = "say bad";
  box.setAttribute("role", "alert");
  box.textContent = words;
  if (said) said.replaceChildren(box);
  else document.getElementById("say").replaceChildren(box);
}
