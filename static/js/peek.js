// Space on a link to a person, squad or finding, in pictures too, shows its summary.

const panel = document.getElementById("peek");
const PAGES = /^\/(people|squads|findings)\/(?!(new|form|rules|decisions|leaders|resilience)\/)[^/]+\/$/;

async function peek(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true", "HX-Target": "peek" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return link.click();
  panel.querySelector(".stack").innerHTML = await answer.text();
  panel.querySelector("a").href = link.href;
  panel.setAttribute("aria-label", panel.querySelector("h2").textContent);
  document.dispatchEvent(new CustomEvent("open-dialog", { detail: "peek" }));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!panel || document.body.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  const link = document.createElement("a");
  link.href = event.target.closest?.("a")?.getAttribute("href");
  if (link.origin !== location.origin || !PAGES.test(link.pathname)) return;
  event.preventDefault();
  peek(link);
});
