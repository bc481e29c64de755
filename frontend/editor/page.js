// The page around the body: title and dek that grow, field errors, word count, the toast, the page-wide keys and the way out.
import { grow } from "./element.js";
import { countWords, describe } from "./words.js";

export function growTexts(form) {
  const areas = ["title", "dek"].map((name) => form.elements[name]).filter(Boolean);
  return areas.map((area) => grow(area));
}

// Enter goes on from title to dek to body, as down a page; neither holds a line break.
export function chainEnter(form, view) {
  const { title, dek } = form.elements;
  const onEnter = (area, next) => area?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    next.focus();
  });
  onEnter(title, dek ?? view);
  onEnter(dek, view);
}

export function showFields(form, fields) {
  for (const error of form.querySelectorAll("[data-error]")) {
    const name = error.dataset.error;
    const sentences = [fields[name] ?? []].flat();
    const control = form.elements[name];
    error.textContent = sentences.join(" ");
    error.hidden = !sentences.length;
    if (control?.setAttribute) sentences.length ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
  }
}

export class WordCount {
  constructor(place) {
    this.place = place;
  }

  show(doc) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.place.textContent = describe(countWords(doc)); }, 200);
  }

  told(words, minutes) {
    if (Number.isInteger(words)) this.place.textContent = describe(words, minutes);
  }
}

// A word to the editor at the foot of the page; it stays for at least six seconds and is read aloud.
export function toaster(place) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    place.textContent = text;
    place.classList.add("ed-shown");
    timer = setTimeout(() => { place.classList.remove("ed-shown"); place.textContent = ""; }, 7000);
  };
}

// A file dropped beside the editor would otherwise take the whole page's place.
export function guardDrops() {
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }
}

export function pageKeys({ saveNow, preview, publish }) {
  window.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    const act = { s: saveNow, p: event.shiftKey ? publish : preview }[event.key.toLowerCase()];
    if (!act || (event.shiftKey && event.key.toLowerCase() === "s")) return;
    event.preventDefault();
    act();
  });
}

// The window is opened by the key or click itself, or the browser would take it for a pop-up; it is filled once all is saved.
export async function openPreview(url, save, say) {
  const opened = window.open("", "_blank");
  if (await save()) {
    if (opened) opened.location = url;
    else location.assign(url);
    return;
  }
  opened?.close();
  say("The preview opens once your words are saved.");
}

