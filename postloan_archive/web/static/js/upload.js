// Files by drag and drop, onto the upload box or onto an empty slot, with progress.
import { token } from "./requests.js";
import { sendInParts } from "./parts.js";

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-upload], [data-drop]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind === "drop") drop(place, event.dataTransfer);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-upload]")) return;
  event.preventDefault();
  if (form.dataset.parts !== undefined) {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) =>
      [...input.files].map((file) => [file, file.webkitRelativePath || file.name]),
    );
    if (files.length) {
      const item = form.elements.item?.value ?? "";
      sendInParts(form, files, { ...form.dataset, item });
      return;
    }
  }
  send(form, form.action, new FormData(form));
});

// A link that opens a folded part before the browser goes there.
document.addEventListener("click", (event) => {
  const id = event.target.closest?.("[data-opens]")?.dataset.opens;
  const part = id && document.getElementById(id);
  if (part) part.open = true;
});

async function drop(place, dropped) {
  const form = place.matches("[data-upload]") ? place : null;
  const files = await gather(dropped);
  if (!files.length) return;
  if (place.dataset.parts !== undefined) {
    // Words about progress stand in the upload box of the page where there is one.
    sendInParts(form ?? document.querySelector("form[data-parts]") ?? place, files, place.dataset);
    return;
  }
  const body = form ? new FormData(form) : new FormData();
  const field = form?.querySelector("input[type=file]")?.name ?? "files";
  for (const input of form?.querySelectorAll("input[type=file]") ?? []) body.delete(input.name);
  if (!form) body.append("csrf_token", token());
  for (const [file, path] of files) body.append(field, file, path);
  send(place, form ? form.action : place.dataset.drop, body);
}

// Folders are walked through; a file keeps the path below the folder that was dropped.
async function gather(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...dropped.files].map((file) => [file, file.name]);
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => entry.file(done, fail));
      files.push([file, entry.fullPath.replace(/^\//, "")]);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return;
      for (const below of some) await walk(below);
    }
  };
  for (const entry of entries) await walk(entry);
  return files;
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
