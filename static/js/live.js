// Boards ask every 20 seconds, and when one comes back to the page, what others did. It is morphed in:
// focus, scroll and selection stay.

const EVERY = 20_000;
const busy = ".p.pending, dialog[open], details.menu[open], .over";
const live = () => document.getElementById("live");
let dragging = false;

const canWait = () => dragging || document.hidden || document.querySelector(busy);

function ask() {
  if (!live() || canWait()) return;
  const url = new URL(live().dataset.url, location.href);
  url.searchParams.set("since", live().dataset.version);
  htmx.ajax("GET", url.pathname + url.search, { source: live(), target: live(), swap: "none" });
}

document.addEventListener("dragstart", () => (dragging = true));
document.addEventListener("dragend", () => (dragging = false));
// Who has begun to move people meanwhile waits for the next answer.
document.addEventListener("htmx:before:response", (event) => {
  if (event.target.id === "live" && canWait()) event.preventDefault();
});
addEventListener("focus", ask);
setInterval(ask, EVERY);

// Folded chapters stay so: the server reads it from a cookie.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold]");
  if (!button) return;
  const row = button.closest("tr");
  button.setAttribute("aria-expanded", String(!row.classList.toggle("folded")));
  const known = /(?:^|; )folded=([^;]*)/.exec(document.cookie)?.[1].split(".").filter(Boolean) ?? [];
  const rest = known.filter((id) => id !== row.dataset.row);
  if (row.classList.contains("folded")) rest.unshift(row.dataset.row);
  document.cookie = `folded=${rest.slice(0, 60).join(".")}; path=/; max-age=31536000; samesite=lax`;
});
