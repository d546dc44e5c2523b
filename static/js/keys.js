// Single keys, the key sheet, menus that close. Single keys rest while someone types, and for good with
// <body data-shortcuts="off">.

const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
let waitingForGo = 0;

const follow = (selector) => {
  const link = document.querySelector(selector);
  if (link) link.click();
  return Boolean(link);
};

// What few open brings its styles along then.
function open(id) {
  const dialog = document.getElementById(id);
  if (dialog?.dataset.css) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: dialog.dataset.css }));
    delete dialog.dataset.css;
  }
  if (dialog && !dialog.open) dialog.showModal();
  return Boolean(dialog);
}

document.addEventListener("open-dialog", ({ detail }) => open(detail));

function filterOrSearch() {
  const filter = document.querySelector("[data-filter]");
  if (!filter) return follow("[data-search]");
  filter.focus();
  filter.select();
  return true;
}

// The toolbar's button, else that of the latest message.
function press(selector) {
  const button = [...document.querySelectorAll(`${selector} button:enabled`)].at(-1);
  if (button) button.click();
  return Boolean(button);
}

// One step at a time.
let stepping = false;
window.addEventListener("pageshow", () => (stepping = false));
window.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-undo], [data-redo]")) return;
  if (stepping) event.preventDefault();
  stepping = true;
});

const undo = () => press("form[data-undo]") || follow("a[data-undo]");
const redo = () => press("form[data-redo]");

const KEYS = {
  "/": filterOrSearch,
  "?": () => open("keys"),
  "[": () => follow("a[rel=prev]"),
  "]": () => follow("a[rel=next]"),
  c: () => follow("[data-new-draft]"),
  u: undo,
  g: () => Boolean((waitingForGo = Date.now())),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape") {
    const menu = target.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.defaultPrevented || event.altKey || target.closest?.(TYPING)) return;
  if (event.ctrlKey || event.metaKey) {
    if (key.toLowerCase() === "z" && (event.shiftKey ? redo() : undo())) event.preventDefault();
    return;
  }
  if (document.body.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  if (Date.now() - waitingForGo < 1500 && /^[a-z]$/.test(key)) {
    waitingForGo = 0;
    if (follow(`[data-go="${key}"]`)) event.preventDefault();
    return;
  }
  if (Object.hasOwn(KEYS, key) && KEYS[key]()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
