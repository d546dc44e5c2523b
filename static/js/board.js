// The tribe board: select, walk and move people. Every move fills the one hidden form and submits it;
// the card is drawn in its new place at once and stays dimmed until the server has answered.

const board = document.querySelector("[data-board]");
const boardForm = document.getElementById("board-form");
const moveForm = document.getElementById("move-form");
const dialog = document.getElementById("move-dialog");
const squads = document.getElementById("move-to");
const WAITING = "orgmodel.moves";

const cards = () => [...board.querySelectorAll(".p[data-person]:not(.off)")];
const shown = () => cards().filter((card) => !card.closest("details:not([open]), .folded"));
const linkOf = (card) => card?.querySelector("a.nm");
const idOf = (card) => card.id.slice(2);
const cardOf = (id) => document.getElementById(`p-${id}`);
const nameOf = (card) => linkOf(card).firstChild.textContent;
const squadOf = (element) => element.closest("[data-squad]")?.dataset.squad;
const box = (card) => card.querySelector(".pick input");
const selected = () => cards().filter((card) => box(card)?.checked);
const say = (text) => (document.getElementById("status").textContent = text);
const column = (squad) => board.querySelectorAll(`:is(td, th, section)[data-squad="${CSS.escape(squad)}"]`);
const words = document.getElementById("words")?.dataset;
const put = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const people = (n) => put(n === 1 ? words.one : words.people, { n });

// --- Moving ---

const batches = []; // sent and not answered, oldest first
let leaving = false;

function cellFor(card, squad) {
  const row = card.closest("[data-row]")?.dataset.row ?? "none";
  return board.querySelector(`[data-row="${CSS.escape(row)}"] ul[data-squad="${CSS.escape(squad)}"]`);
}

function paint(move) {
  for (const step of move.steps) {
    const card = cardOf(step.id) ?? step.card;
    const focused = card.contains(document.activeElement);
    const cell = step.cell && document.getElementById(step.cell);
    if (cell && card.parentElement !== cell) {
      const vacancy = [...cell.children].find((item) => item.matches(".vac, .ghost, .fold"));
      cell.insertBefore(card, vacancy ?? null);
    }
    card.classList.add("pending");
    if (focused) linkOf(card).focus({ preventScroll: true });
  }
}

function putBack(move) {
  for (const step of [...move.steps].reverse()) {
    const card = cardOf(step.id) ?? step.card;
    const cell = document.getElementById(step.from);
    const focused = card.contains(document.activeElement);
    const before = step.before && document.getElementById(step.before);
    if (cell) cell.insertBefore(card, before?.parentElement === cell ? before : null);
    card.classList.remove("pending");
    if (focused) linkOf(card).focus({ preventScroll: true });
  }
}

function moveTo(ids, squad, more = {}) {
  const moving = ids.map(cardOf).filter((card) => card && squadOf(card) !== squad);
  if (!moving.length || leaving) return;
  const steps = moving.map((card) => ({
    id: idOf(card),
    card,
    from: card.parentElement.id,
    seen: squadOf(card),
    before: card.nextElementSibling?.id,
    cell: cellFor(card, squad)?.id,
  }));
  const move = { steps, squad, more };
  moving.forEach((card) => (box(card).checked = false));
  paint(move);
  showSelection();
  batches.push(move);
  send(steps.map(({ id, seen }) => `${id}:${seen}`), squad, more);
}

function send(ids, squad, more) {
  const fields = [...ids.map((id) => ["person", id]), ["to", squad], ...Object.entries(more)];
  moveForm.querySelector("[data-fields]").replaceChildren(
    ...fields.map(([name, value]) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      return input;
    }),
  );
  moveForm.requestSubmit();
}

// A first move in live leads to a new draft. Moves made meanwhile go there.
function takeAlong(moves) {
  leaving = true;
  const rest = moves.map(({ steps, squad, more }) => ({ ids: steps.map((step) => step.id), squad, more }));
  if (rest.length) sessionStorage.setItem(WAITING, JSON.stringify({ at: Date.now(), rest }));
}

function resume() {
  if (!moveForm.hasAttribute("data-htmx-powered")) return;
  const stored = sessionStorage.getItem(WAITING);
  sessionStorage.removeItem(WAITING);
  if (!stored || !location.search.includes("draft=")) return;
  const { at, rest } = JSON.parse(stored);
  if (Date.now() - at < 60_000) rest.forEach(({ ids, squad, more }) => moveTo(ids, squad, more));
}

let focused = null;
let unfolded = [];

function answered({ target, detail: { ctx } }) {
  if (target !== moveForm) return;
  const status = ctx.response?.status ?? 0;
  if (ctx.hx?.redirect) takeAlong(batches.slice(1));
  else if (status >= 400) putBack(batches[0]);
}

document.addEventListener("htmx:after:request", answered);

document.addEventListener("htmx:before:request", (event) => {
  if (leaving && event.target === moveForm) event.preventDefault();
});

document.addEventListener("htmx:before:swap", () => {
  unfolded = [...(board?.querySelectorAll(".fold > [open]") ?? [])].map((fold) => fold.id);
  const card = document.activeElement?.closest?.(".p[data-person]");
  focused = card && { id: card.id, person: card.dataset.person, part: document.activeElement.matches("input") };
});

document.addEventListener("htmx:after:swap", () => {
  if (!board) return;
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  batches.slice(1).forEach(paint);
  if (filterBox?.value) filter();
  rove();
  showSelection();
  if (!focused || document.activeElement !== document.body) return;
  const same = `.p[data-person="${CSS.escape(focused.person)}"]`;
  const card = document.getElementById(focused.id) ?? board.querySelector(same);
  if (card) (focused.part ? box(card) : linkOf(card)).focus({ preventScroll: true });
});

document.addEventListener("htmx:finally:request", ({ target, detail: { ctx } }) => {
  if (target !== moveForm || leaving) return;
  const move = batches.shift();
  if (!move) return;
  const status = ctx.response?.status ?? 0;
  if (!status) putBack(move);
  if (!status || status >= 500) {
    const text = status ? words.unsaved : words.lost;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, bad: true } }));
  }
  const waiting = new Set(batches.flatMap(({ steps }) => steps.map((step) => step.id)));
  for (const { id } of move.steps) {
    const card = cardOf(id);
    if (!card || waiting.has(id)) continue;
    card.classList.remove("pending");
    if (status && status < 400) card.classList.add("landed");
  }
  batches.forEach(paint);
  if (batches.length || !held) return;
  document.querySelector(`#steps-back ${held} button:enabled`)?.click();
  held = "";
});

// --- Undo and redo: after moves on their way, and back to the same place ---

const PLACE = "orgmodel.place";
let held = "";

document.addEventListener("submit", (event) => {
  if (!event.target.closest("#steps-back")) return;
  if (batches.length) {
    event.preventDefault();
    held = event.target.matches("[data-undo]") ? "[data-undo]" : "[data-redo]";
    return;
  }
  const left = board.querySelector(".board-scroll")?.scrollLeft ?? 0;
  sessionStorage.setItem(PLACE, JSON.stringify({ url: location.pathname, top: scrollY, left }));
});

function returnToPlace() {
  const { url, top, left } = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  sessionStorage.removeItem(PLACE);
  if (url !== location.pathname) return;
  scrollTo({ top, behavior: "instant" });
  board.querySelector(".board-scroll")?.scrollTo({ left, behavior: "instant" });
}

// --- Selecting ---

let anchor = null;

function showSelection() {
  const chosen = selected();
  const count = boardForm?.querySelector("[data-count]");
  if (!count) return;
  count.textContent = put(words.selected, { n: chosen.length });
  boardForm.querySelector("[data-names]").textContent = chosen.slice(0, 3).map(nameOf).join(", ") + (chosen.length > 3 ? " …" : "");
}

function select(list, on) {
  list.forEach((card) => box(card) && (box(card).checked = on));
  showSelection();
  say(put(words.selected, { n: selected().length }));
}

function range(from, to) {
  const same = squadOf(from) === squadOf(to);
  const list = shown().filter((card) => !same || squadOf(card) === squadOf(to));
  const [start, end] = [list.indexOf(from), list.indexOf(to)].sort((a, b) => a - b);
  return list.slice(Math.max(start, 0), end + 1);
}

// --- Walking: one tab stop, arrows go to the nearest card ---

function rove(to) {
  const list = shown();
  const current = to ?? list.find((card) => linkOf(card).tabIndex === 0) ?? list[0];
  for (const card of cards()) {
    linkOf(card).tabIndex = card === current ? 0 : -1;
    if (box(card)) box(card).tabIndex = -1;
  }
}

function nearest(card, key) {
  const here = card.getBoundingClientRect();
  const sideways = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  let best = null;
  let distance = Infinity;
  for (const other of shown()) {
    const there = other.getBoundingClientRect();
    const [dx, dy] = [there.left - here.left, there.top - here.top];
    const along = (sideways ? dx : dy) * sign;
    const across = Math.abs(sideways ? dy : dx);
    if (along < 4 || (!sideways && across > here.width / 2)) continue;
    const score = along + across * 1.5;
    if (score < distance) [best, distance] = [other, score];
  }
  return best;
}

function go(card) {
  if (!card) return;
  rove(card);
  linkOf(card).focus();
}

// --- The dialog ---

let toMove = [];
let taken = new Set(); // who is in a squad already cannot move there
const groups = [...(squads?.querySelectorAll("optgroup") ?? [])].map((group) => ({ group, options: [...group.children] }));
let searching = 0;

// Of very many squads the server finds those that match.
async function findSquads(text) {
  const url = new URL(squads.dataset.more, location.href);
  url.searchParams.set("q", text);
  const turn = ++searching;
  const answer = await fetch(url);
  const html = await answer.text();
  if (!answer.ok || turn !== searching) return;
  squads.innerHTML = html;
  squads.options[0].remove();
  squads.selectedIndex = 0;
  say(put(words.found, { n: squads.options.length }));
}

function listSquads(text) {
  searching++;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (option) => !taken.has(option.value) && words.every((word) => ` ${option.textContent.toLowerCase()}`.includes(` ${word}`));
  squads.replaceChildren(
    ...groups.map(({ group, options }) => {
      const copy = group.cloneNode();
      copy.append(...options.filter(fits));
      return copy;
    }).filter((group) => group.children.length),
  );
  squads.selectedIndex = 0;
  if (squads.dataset.more && words.length) findSquads(text);
}

function elsewhere(card) {
  return cards().filter((other) => other !== card && other.dataset.person === card.dataset.person).map(squadOf);
}

function openDialog(list) {
  if (!dialog || !list.length) return false;
  toMove = list.map(idOf);
  const here = new Set(list.map(squadOf));
  taken = new Set([...list.flatMap(elsewhere), ...(here.size === 1 ? here : [])]);
  dialog.querySelector("h2").textContent = put(words.move, { n: list.length === 1 ? nameOf(list[0]) : people(list.length) });
  const full = dialog.querySelector("[data-full]");
  full.hidden = list.length > 1;
  full.href = `${linkOf(list[0]).pathname}move/${location.search}`;
  dialog.querySelector("form").reset();
  listSquads("");
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("#move-filter").focus();
  return true;
}

if (dialog) {
  dialog.querySelector("#move-filter").addEventListener("input", (event) => listSquads(event.target.value));
  dialog.querySelector("#move-filter").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      dialog.querySelector("button[value=move]").click();
    }
    if (!step) return;
    event.preventDefault();
    squads.selectedIndex = Math.min(Math.max(squads.selectedIndex + step, 0), squads.options.length - 1);
    say(squads.selectedOptions[0]?.textContent ?? "");
  });
  squads.addEventListener("dblclick", () => dialog.querySelector("button[value=move]").click());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "move" || !squads.value) return;
    const more = {};
    for (const name of ["share", "since"]) {
      const { value } = dialog.querySelector(`[name=${name}]`);
      if (value) more[name] = value;
    }
    moveTo(toMove, squads.value, more);
  });
}

// --- Keys and clicks ---

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && selected().length && !document.querySelector("dialog[open], details.menu[open]")) {
    return select(cards(), false);
  }
  const card = event.target.closest?.(".p[data-person]");
  const single = document.body.dataset.shortcuts !== "off" && !document.querySelector("dialog[open]");
  const typing = event.target.matches?.("input:not([type=checkbox]), select, textarea");
  if (event.key === "m" && single && !typing) {
    const chosen = selected();
    if (openDialog(chosen.length ? chosen : card ? [card] : [])) event.preventDefault();
    return;
  }
  if (!card) return;
  if (event.key === "x" && single && box(card)) {
    select([card], !box(card).checked);
    anchor = card;
  } else if (event.key.startsWith("Arrow")) {
    const next = nearest(card, event.key);
    if (event.shiftKey && next) select([card, next], true);
    go(next);
  } else if (event.key === "Home" || event.key === "End") {
    go(shown().at(event.key === "Home" ? 0 : -1));
  } else {
    return;
  }
  event.preventDefault();
}

function onClick(event) {
  const input = event.target.closest(".pick input");
  if (input) {
    const card = input.closest(".p");
    if (event.shiftKey && anchor?.isConnected) select(range(anchor, card), input.checked);
    anchor = card;
    showSelection();
    return;
  }
  const all = event.target.closest("[data-all], [data-all-row]");
  if (all) {
    const { all: squad, allRow: row } = all.dataset;
    const list = cards().filter((card) => (squad ? squadOf(card) === squad : card.closest("[data-row]").dataset.row === row));
    select(list, !list.every((card) => box(card)?.checked));
  } else if (event.target.closest("[data-move]")) {
    openDialog(selected());
  }
}

// --- Dragging ---

let dragged = [];
let over = null;

function highlight(squad) {
  if (squad === over) return;
  if (over) column(over).forEach((part) => part.classList.remove("over"));
  over = squad;
  if (!squad) return;
  const parts = column(squad);
  parts.forEach((part) => part.classList.add("over"));
  const head = [...parts].map((part) => part.querySelector(".sq")).find(Boolean);
  const coming = dragged.filter((id) => squadOf(cardOf(id)) !== squad).length;
  const now = head.querySelector("[data-size]").dataset;
  const size = Number(now.size) + coming;
  const name = head.querySelector(".name a").textContent;
  head.dataset.drop = coming && size > Number(now.limit) ? put(words.over, { squad: name, n: size, most: now.limit }) : `→ ${name}: ${people(size)}`;
}

function onDragStart(event) {
  const card = event.target.closest?.(".p[data-person]");
  if (!card || matchMedia("(pointer: coarse)").matches) return event.preventDefault();
  const chosen = selected();
  dragged = (chosen.includes(card) ? chosen : [card]).map(idOf);
  event.dataTransfer.setData("application/x-people", dragged.join(" "));
  event.dataTransfer.effectAllowed = "move";
  if (dragged.length > 1) {
    const badge = document.createElement("div");
    badge.className = "drag-count";
    badge.textContent = people(dragged.length);
    document.body.append(badge);
    event.dataTransfer.setDragImage(badge, 12, 12);
    setTimeout(() => badge.remove());
  }
}

function onDragOver(event) {
  if (!dragged.length) return;
  const squad = squadOf(event.target);
  highlight(squad);
  if (!squad) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
}

function onDrop(event) {
  const squad = squadOf(event.target);
  if (!squad || !dragged.length) return;
  event.preventDefault();
  const ids = event.dataTransfer.getData("application/x-people").split(" ");
  highlight(null);
  dragged = [];
  moveTo(ids, squad);
}

// --- Filtering ---

const filterBox = board?.querySelector("[data-filter-cards]");

function filter() {
  const text = filterBox.value.trim().toLowerCase();
  for (const card of board.querySelectorAll(".p[data-person]")) {
    card.classList.toggle("off", !card.textContent.toLowerCase().includes(text));
  }
  for (const fold of board.querySelectorAll(".fold > details")) {
    fold.open = Boolean(text && fold.querySelector(".p:not(.off)"));
  }
}

if (board) {
  rove();
  returnToPlace();
  board.addEventListener("focusin", (event) => {
    const card = event.target.closest(".p[data-person]");
    if (card && event.target === linkOf(card)) rove(card);
  });
  filterBox?.addEventListener("input", () => {
    filter();
    rove();
    say(filterBox.value ? put(words.found, { n: people(cards().length) }) : "");
    history.replaceState(null, "", `?${new URLSearchParams(new FormData(filterBox.form))}`);
    document.getElementById("page-address").value = location;
  });
  document.addEventListener("keydown", onKey);
}

if (moveForm) {
  showSelection();
  boardForm.addEventListener("click", onClick);
  boardForm.addEventListener("reset", () => setTimeout(showSelection));
  // Other buttons lead to pages, as without JavaScript.
  boardForm.addEventListener("submit", (event) => {
    if (!event.submitter?.hasAttribute("formaction")) return event.preventDefault();
    for (const input of board.querySelectorAll(".p.off .pick input")) input.checked = false;
  });
  board.addEventListener("dragstart", onDragStart);
  board.addEventListener("dragover", onDragOver);
  board.addEventListener("drop", onDrop);
  board.addEventListener("dragend", () => {
    highlight(null);
    dragged = [];
  });
  document.addEventListener("htmx:after:process", resume, { once: true });
  resume();
}
