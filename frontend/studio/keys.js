// Single keys outside fields: N starts a story, G and a letter goes somewhere, / searches, ? shows the list and the switch.
import { areOn, keep } from "../singlekeys.js";

const PLACES = { t: ["/studio", "today"], s: ["/studio/posts", "stories"], p: ["/studio/pictures", "pictures"], d: ["/studio/digest", "digest"], u: ["/studio/readers", "readers"] };
let going = 0;

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isBusy(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "?") return act(event, explain);
    if (!areOn()) return;
    if (going && Date.now() - going < 1500 && PLACES[key]) return act(event, () => go(PLACES[key][0]));
    going = 0;
    if (key === "g") going = Date.now();
    if (key === "n") act(event, () => document.querySelector('[data-key="n"]')?.click());
    if (key === "/") act(event, () => document.querySelector('main input[type="search"]')?.focus());
  });
}

function act(event, deed) {
  event.preventDefault();
  deed();
}

function go(path) {
  going = 0;
  if (document.querySelector(`.rail a[href="${path}"]`)) location.href = path;
}

function isBusy(target) {
  return target.closest?.("input, textarea, select, [contenteditable], dialog, [role=toolbar], [role=listbox]") != null;
}

function explain() {
  (document.querySelector("#keys") ?? write()).showModal();
}

function write() {
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const places = Object.entries(PLACES).map(([key, [, name]]) => [`<kbd>G</kbd> then <kbd>${key.toUpperCase()}</kbd>`, name]);
  const rows = [...places, ["<kbd>N</kbd>", "new story"], ["<kbd>/</kbd>", "search"], ["<kbd>?</kbd>", "this list"]];
  dialog.innerHTML = `<h2 id="keys-title">Keyboard shortcuts</h2>
    <dl>${rows.map(([keys, does]) => `<dt>${keys}</dt><dd>${does}</dd>`).join("")}</dl>
    <label class="tick"><input type="checkbox"> Use single keys</label>
    <form method="dialog"><button class="button">Close</button></form>`;
  const box = dialog.querySelector("input");
  box.checked = areOn();
  box.addEventListener("change", () => keep(box.checked));
  document.body.append(dialog);
  return dialog;
}
