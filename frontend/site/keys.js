// Single keys outside fields: J and K from story to story, / to search, ? for this list. A switch turns them off.
import { areOn, keep } from "../singlekeys.js";

const STORIES = ".card__title a";

export function listenToKeys() {
  const opener = document.querySelector("[data-keys-open]");
  if (opener) {
    opener.closest("[data-keys-hint]").hidden = false;
    opener.addEventListener("click", explain);
  }
  document.addEventListener("keydown", act);
}

function act(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isBusy(event.target)) return;
  if (!areOn()) return;
  const deeds = { j: () => step(1), k: () => step(-1), "/": search, "?": explain };
  const deed = deeds[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
}

function isBusy(target) {
  return target.closest?.("input, textarea, select, iframe, [contenteditable], dialog, .pswp") != null
    || document.querySelector(".pswp--open") != null;
}

function step(by) {
  const stories = [...document.querySelectorAll(STORIES)];
  const now = stories.indexOf(document.activeElement);
  const next = stories[now < 0 ? (by > 0 ? 0 : stories.length - 1) : now + by];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}

function search() {
  const field = document.querySelector('main input[type="search"]');
  if (field) field.focus();
  else location.href = "/search";
}

function explain() {
  const dialog = document.querySelector("#keys") ?? write();
  dialog.showModal();
}

function write() {
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const rows = [["J", "K", "next, previous story"], ["/", "", "search"], ["?", "", "this list"], ["Esc", "", "close"]];
  const list = rows.map(([one, two, does]) => `<dt><kbd>${one}</kbd>${two && ` <kbd>${two}</kbd>`}</dt><dd>${does}</dd>`).join("");
  dialog.innerHTML = `<h2 id="keys-title">Keyboard shortcuts</h2><dl>${list}</dl>
    <p>Over a picture: <kbd>←</kbd> <kbd>→</kbd> other pictures, <kbd>Z</kbd> zoom, <kbd>I</kbd> details on or off.</p>
    <label><input type="checkbox"> Use single keys</label>
    <form method="dialog" class="dialog__foot"><button class="button">Close</button></form>`;
  const box = dialog.querySelector("input");
  box.checked = areOn();
  box.addEventListener("change", () => keep(box.checked));
  document.body.append(dialog);
  return dialog;
}
