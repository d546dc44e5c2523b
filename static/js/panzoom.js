// Zoom and pan of a picture: its frame scrolls, a CSS transform makes its canvas larger or smaller.

const STEP = 1.25;
const LEAST = 0.25;
const MOST = 5;
const TYPING = "input, select, textarea, [contenteditable]";

const frame = document.querySelector("[data-panzoom]");
const canvas = frame?.querySelector("[data-canvas]");
let scale = 1;

// Keep the point of the frame at x, y where it is.
function zoomTo(wanted, x = frame.clientWidth / 2, y = Math.min(frame.clientHeight, innerHeight) / 2) {
  const next = Math.min(MOST, Math.max(LEAST, wanted));
  const ratio = next / scale;
  const left = (frame.scrollLeft + x - canvas.offsetLeft) * ratio - x + canvas.offsetLeft;
  const top = (frame.scrollTop + y - canvas.offsetTop) * ratio - y + canvas.offsetTop;
  scale = Math.abs(next - 1) < 0.01 ? 1 : next;
  canvas.style.transform = scale === 1 ? "" : `scale(${scale})`;
  frame.style.height = scale === 1 ? "" : `${Math.min(canvas.offsetHeight * scale + 24, innerHeight * 0.8)}px`;
  frame.classList.toggle("zooming", scale !== 1);
  frame.scrollTo(left, top);
  for (const label of document.querySelectorAll("[data-scale]")) label.textContent = `${Math.round(scale * 100)} %`;
}

const zoom = (direction, x, y) => zoomTo(direction ? scale * STEP ** direction : 1, x, y);

function inFrame(event) {
  const box = frame.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function hold(event) {
  if (event.button || scale === 1 || event.pointerType === "touch" || event.target.closest("a, summary, table")) return;
  frame.setPointerCapture(event.pointerId);
  frame.classList.add("held");
  const drag = (move) => frame.scrollBy(-move.movementX, -move.movementY);
  frame.addEventListener("pointermove", drag);
  frame.addEventListener(
    "lostpointercapture",
    () => {
      frame.removeEventListener("pointermove", drag);
      frame.classList.remove("held");
    },
    { once: true },
  );
}

if (canvas) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom(Number(button.dataset.zoom));
  });
  frame.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomTo(scale * Math.exp(-event.deltaY / 300), ...inFrame(event));
    },
    { passive: false },
  );
  frame.addEventListener("pointerdown", hold);
  document.addEventListener("keydown", (event) => {
    const direction = { "+": 1, "=": 1, "-": -1, 0: 0 }[event.key];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.body.dataset.shortcuts === "off" || event.target.closest?.(TYPING)) return;
    zoom(direction);
    event.preventDefault();
  });
}
