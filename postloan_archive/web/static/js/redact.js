// Boxes drawn on a page: each one becomes a part of the address, so that reload keeps it.
const sheet = document.querySelector("svg[data-redact]");
let start = null;
let box = null;

function place(event) {
  const frame = sheet.getBoundingClientRect();
  return [
    Math.min(1, Math.max(0, (event.clientX - frame.left) / frame.width)),
    Math.min(1, Math.max(0, (event.clientY - frame.top) / frame.height)),
  ];
}

function draw(event) {
  const [x, y] = place(event);
  const view = sheet.viewBox.baseVal;
  box.setAttribute("x", Math.min(start[0], x) * view.width);
  box.setAttribute("y", Math.min(start[1], y) * view.height);
  box.setAttribute("width", Math.abs(x - start[0]) * view.width);
  box.setAttribute("height", Math.abs(y - start[1]) * view.height);
}

sheet?.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  start = place(event);
  box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  sheet.append(box);
  sheet.setPointerCapture(event.pointerId);
});

sheet?.addEventListener("pointermove", (event) => {
  if (start) draw(event);
});

sheet?.addEventListener("pointerup", (event) => {
  if (!start) return;
  const [x, y] = place(event);
  const wide = Math.abs(x - start[0]) > 0.004 && Math.abs(y - start[1]) > 0.002;
  if (wide) {
    const address = new URL(location.href);
    for (const name of ["left", "top", "width", "height"]) address.searchParams.delete(name);
    const numbers = [...start, x, y].map((one) => Math.round(one * 10000));
    address.searchParams.append("box", [sheet.dataset.redact, ...numbers].join(","));
    location.assign(address);
  } else {
    box.remove();
  }
  start = null;
});
