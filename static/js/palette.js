// The palette shows the list of the search page; without this file its button leads there.

const dialog = document.getElementById("palette");
const WAIT = 60;

if (dialog) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  let turn = 0;
  let waiting = 0;

  function choose(option) {
    chosen()?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  async function find() {
    const mine = ++turn;
    const url = new URL(dialog.dataset.url, location.href);
    url.searchParams.set("q", input.value);
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    const html = answer?.ok && !answer.redirected ? await answer.text() : `<p>${dialog.dataset.lost}</p>`;
    if (mine !== turn) return;
    list.innerHTML = html;
    const found = options();
    choose(found[0]);
    status.textContent = found.length ? dialog.dataset.found.replace("{n}", found.length) : list.textContent.trim();
    status.className = found.length ? "vh" : "m";
    if (!found.length) list.replaceChildren();
  }

  function open() {
    input.value = "";
    document.dispatchEvent(new CustomEvent("open-dialog", { detail: "palette" }));
    find();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) open();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-search]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, WAIT);
  });

  input.addEventListener("keydown", async (event) => {
    const found = options();
    const at = found.indexOf(chosen());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) choose(found.at(to % (found.length || 1)));
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (event.key !== "Enter") return;
    clearTimeout(waiting);
    await find(); // typing may be quicker than the list
    chosen()?.click();
  });
}
