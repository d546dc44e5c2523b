// Messages: stay long enough to read, wait while looked at, never take the focus. Others dispatch "toast".

const STAY = 12_000;
const AT_MOST = 4;
const tray = document.getElementById("toasts");
const left = new WeakMap();

function watch(toast) {
  left.set(toast, STAY);
  const toasts = tray.querySelectorAll(".toast");
  if (toasts.length > AT_MOST) toasts[0].remove();
}

if (tray) {
  tray.querySelectorAll(".toast").forEach(watch);

  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node.matches?.(".toast")) watch(node);
    }
  }).observe(tray, { childList: true });

  setInterval(() => {
    if (document.hidden || tray.matches(":hover, :focus-within")) return;
    for (const toast of tray.querySelectorAll(".toast")) {
      const rest = (left.get(toast) ?? STAY) - 500;
      left.set(toast, rest);
      if (rest <= 0) toast.remove();
    }
  }, 500);

  tray.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast").remove();
  });

  document.addEventListener("toast", ({ detail }) => {
    const toast = document.createElement("div");
    toast.className = detail.bad ? "toast bad" : "toast";
    const text = document.createElement("p");
    text.textContent = detail.text;
    toast.append(text);
    tray.append(toast);
    const status = document.getElementById("status");
    if (status) status.textContent = detail.text;
  });
}
