// "Choose a picture": the library with a search, and uploading from the same window. For one picture or for many.
import { openDialog } from "../dialog.js";
import { button, element, field } from "../element.js";
import { icon } from "../icons.js";
import { inWords, missing } from "./store.js";
import { Uploader, askForFiles, pictureFiles } from "./uploader.js";

// `onChosen(ids)` gets the ids in the order in which they were picked.
export function choosePictures(desk, { title, many = false, onChosen }) {
  new Chooser(desk, { title, many, onChosen }).open();
}

class Chooser {
  constructor(desk, { title, many, onChosen }) {
    Object.assign(this, { desk, title, many, onChosen, picked: [], page: 1, query: "" });
    this.grid = element("ul", { class: "ed-library", "aria-label": "Pictures" });
    this.search = element("input", { type: "search", autocomplete: "off", autofocus: true });
    this.status = element("p", { class: "ed-hint", role: "status" });
    this.more = button("Show more", () => this.load(this.page + 1), { hidden: true });
    this.uploads = new Uploader(desk, { onPicture: (picture) => this.arrived(picture) });
  }

  open() {
    const upload = button([icon("upload"), this.many ? "Upload pictures" : "Upload a picture"],
      () => askForFiles((files) => this.uploads.add(files), this.many));
    this.dialog = openDialog({
      title: this.title, wide: true, action: this.many ? "Add pictures" : "",
      body: element("div", { class: "ed-chooser" },
        element("div", { class: "ed-chooser-top" }, field("Search the library", this.search), upload),
        this.uploads.dom, this.status, this.grid, this.more),
      submit: () => this.finish(),
      onClose: () => { this.uploads.cancelAll(); if (this.chosen) this.onChosen(this.chosen); },
    });
    this.search.addEventListener("input", () => this.later());
    this.search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    this.takeDrops();
    this.load(1);
  }

  takeDrops() {
    this.dialog.addEventListener("dragover", (event) => event.preventDefault());
    this.dialog.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = pictureFiles(event.dataTransfer);
      this.uploads.add(this.many ? files : files.slice(0, 1));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(1), 250);
  }

  async load(page) {
    const query = this.search.value.trim();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.status.textContent = "Loading…";
    try {
      const answer = await this.desk.server.library(query, page);
      if (turn === this.turn) this.show(answer, page, query);
    } catch (error) {
      this.status.textContent = error.message;
    }
  }

  show({ pictures, pages }, page, query) {
    if (page === 1) this.grid.replaceChildren();
    this.page = page;
    pictures.forEach((picture) => this.desk.pictures.put(picture));
    this.grid.append(...pictures.map((picture) => this.card(picture)));
    this.more.hidden = page >= pages;
    const empty = query ? `Nothing for “${query}”. Try another word, or upload one.` : "No pictures yet. Upload the first one.";
    this.status.textContent = this.grid.childElementCount ? this.tally() : empty;
  }

  tally() {
    return this.many && this.picked.length ? `${this.picked.length} chosen` : "";
  }

  card(picture) {
    const lacks = missing(picture);
    const name = picture.alt || picture.caption || picture.filename;
    const choice = element("button", {
      type: "button", class: "ed-card-picture", "aria-pressed": this.many ? String(this.picked.includes(picture.id)) : null,
      "data-id": picture.id, "aria-label": `${name}${lacks.length ? `, needs ${inWords(lacks)}` : ""}`,
      onclick: () => this.pick(picture.id),
    }, element("img", { src: picture.thumb, alt: "", loading: "lazy" }),
    element("span", { class: "ed-card-name" }, picture.filename),
    lacks.length ? element("span", { class: "ed-needs" }, icon("warn"), `Needs ${inWords(lacks)}`) : null);
    return element("li", {}, choice);
  }

  pick(id) {
    if (!this.many) {
      this.picked = [id];
      if (this.finish() !== false) this.dialog.close();
      return;
    }
    const at = this.picked.indexOf(id);
    if (at < 0) this.picked.push(id);
    else this.picked.splice(at, 1);
    this.grid.querySelector(`[data-id="${id}"]`)?.setAttribute("aria-pressed", String(at < 0));
    this.status.textContent = this.tally();
  }

  arrived(picture) {
    if (!this.many) return this.pick(picture.id);
    this.grid.querySelector(`[data-id="${picture.id}"]`)?.parentElement.remove();
    if (!this.picked.includes(picture.id)) this.picked.push(picture.id);
    this.grid.prepend(this.card(picture));
    this.status.textContent = this.tally();
  }

  finish() {
    if (!this.picked.length) {
      this.status.textContent = this.many ? "Choose at least one picture." : "";
      return false;
    }
    this.chosen = this.picked;
    return true;
  }
}
