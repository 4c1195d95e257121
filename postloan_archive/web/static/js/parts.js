// Large files in parts (tus 1.0): progress, and going on after a break or a reload of the page.
// What was begun is remembered by name, size and time; choosing the same file again goes on.
import { token } from "./requests.js";

const PART = 8 * 1024 * 1024; // bytes of one request
const PAUSES = [1000, 3000, 10000, 30000]; // milliseconds between attempts
const KEPT = "postloan-uploads";
const PATIENCE = 55 * 60 * 1000; // the server keeps a part for an hour

export async function sendInParts(place, files, told) {
  if (place.getAttribute("aria-busy") === "true") return;
  place.setAttribute("aria-busy", "true");
  const say = teller(place, files);
  try {
    const begun = kept();
    let delivery = files.map(([file, path]) => begun[key(file, path, told)]).find(Boolean)?.delivery;
    if (!delivery) delivery = await open(files.length);
    for (const [file, path] of files) await one(file, path, told, delivery, say);
    location.assign(delivery.page);
  } catch (error) {
    place.removeAttribute("aria-busy");
    say.stop(error.message);
  }
}

async function open(expected) {
  const reply = await ask("/uploads/deliveries", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ expected }),
  });
  return reply.json();
}

async function one(file, path, told, delivery, say) {
  const name = key(file, path, told);
  let address = kept()[name]?.address;
  let offset = address ? await offsetOf(address) : -1;
  if (offset < 0) {
    address = await begin(file, path, told, delivery);
    offset = 0;
    keep(name, { address, delivery, at: Date.now() });
  } else if (offset > 0) say.goesOn();
  say.at(file, offset);
  for (let attempt = 0; offset < file.size; ) {
    try {
      offset = await part(file, address, offset);
      attempt = 0;
      keep(name, { address, delivery, at: Date.now() });
      say.at(file, offset);
    } catch (error) {
      if (error.final || attempt >= PAUSES.length) throw error;
      say.waits();
      await new Promise((done) => setTimeout(done, PAUSES[attempt]));
      attempt += 1;
      const there = await offsetOf(address).catch(() => offset);
      if (there < 0) {
        keep(name, null);
        throw error;
      }
      offset = there;
    }
  }
  keep(name, null);
  say.done(file);
}

async function begin(file, path, told, delivery) {
  const facts = { filename: path, batch: String(delivery.batch) };
  if (told.loan) facts.loan = told.loan;
  if (told.item) facts.item = told.item;
  const choice = document.querySelector("form[data-parts] input[name=by_number]");
  if (!told.loan && choice?.checked) facts.by_number = "1";
  const header = Object.entries(facts).map(([name, value]) => `${name} ${base64(value)}`);
  const reply = await ask("/uploads", {
    method: "POST",
    headers: { "Upload-Length": String(file.size), "Upload-Metadata": header.join(",") },
  });
  return reply.headers.get("Location");
}

async function part(file, address, offset) {
  const reply = await ask(address, {
    method: "PATCH",
    headers: {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
    },
    body: file.slice(offset, offset + PART),
  });
  return Number(reply.headers.get("Upload-Offset"));
}

async function offsetOf(address) {
  const reply = await fetch(address, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  return reply.ok ? Number(reply.headers.get("Upload-Offset")) : -1;
}

async function ask(address, options) {
  const reply = await fetch(address, {
    ...options,
    headers: {
      "Tus-Resumable": "1.0.0",
      "X-CSRFToken": token(),
      "HX-Request": "true",
      ...options.headers,
    },
  });
  if (reply.ok) return reply;
  const text = await reply.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const error = new Error(page.querySelector(".say")?.textContent.trim() || text || `${reply.status}`);
  error.final = reply.status < 500 && reply.status !== 409 && reply.status !== 423;
  throw error;
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function key(file, path, told) {
  return [path, file.size, file.lastModified, told.loan ?? "", told.item ?? ""].join("|");
}

function kept() {
  try {
    const all = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return Object.fromEntries(
      Object.entries(all).filter(([, one]) => Date.now() - one.at < PATIENCE),
    );
  } catch {
    return {};
  }
}

function keep(name, value) {
  const all = kept();
  if (value) all[name] = value;
  else delete all[name];
  try {
    localStorage.setItem(KEPT, JSON.stringify(all));
  } catch {
    // Without a memory a reload begins anew; nothing else is lost.
  }
}

// The words stand in the page, marked for translation there: data-said-* of the form.
function teller(place, files) {
  const bar = place.querySelector("progress");
  const said = place.querySelector("[data-said]");
  const all = files.reduce((sum, [file]) => sum + file.size, 0) || 1;
  let before = 0;
  let note = "";
  const write = (words) => {
    if (said) said.textContent = words;
  };
  if (bar) bar.hidden = false;
  return {
    at(file, offset) {
      const percent = Math.floor(((before + offset) / all) * 100);
      if (bar) bar.value = percent;
      write(`${note}${file.name} ${percent}%`);
    },
    done(file) {
      before += file.size;
    },
    goesOn() {
      note = place.dataset.saidGoesOn ? `${place.dataset.saidGoesOn} ` : "";
    },
    waits() {
      write(place.dataset.saidWaits ?? "…");
    },
    stop(words) {
      const box = document.createElement("div");
      box.className = "say bad";
      box.setAttribute("role", "alert");
      box.textContent = words;
      if (said) said.replaceChildren(box);
      else document.getElementById("say").replaceChildren(box);
    },
  };
}

// A page with an upload box says that something was begun and not ended.
const box = document.querySelector("form[data-parts] [data-said]");
const left = Object.keys(kept()).length;
if (box && left && box.closest("form").dataset.saidLeft) {
  box.textContent = box.closest("form").dataset.saidLeft.replace("0", String(left));
}
