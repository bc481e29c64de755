// The lead picture above the text: chosen from the library, uploaded, or dropped on its place.
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import { choosePictures } from "./pictures/chooser.js";
import { openDetails } from "./pictures/details.js";
import { creditLine, inWords, missing } from "./pictures/store.js";
import { Uploader, pictureFiles } from "./pictures/uploader.js";
import { showImage } from "./views/picture.js";

export class LeadPicture {
  constructor(desk, place, input) {
    Object.assign(this, { desk, place, input });
    this.uploads = new Uploader(desk, { onPicture: (picture) => this.set(picture.id) });
    this.shown = element("div", { class: "ed-lead-shown" });
    place.replaceChildren(this.shown, this.uploads.dom);
    if (desk.writable) this.takeDrops();
    desk.pictures.listen(() => this.draw());
    this.draw();
  }

  get id() {
    return Number(this.input.value) || null;
  }

  set(id) {
    this.input.value = id ?? "";
    this.draw();
    this.desk.found?.();
    this.place.querySelector("button")?.focus();
    this.desk.changed();
  }

  takeDrops() {
    this.place.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.place.classList.add("ed-over");
    });
    this.place.addEventListener("dragleave", () => this.place.classList.remove("ed-over"));
    this.place.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.place.classList.remove("ed-over");
      this.uploads.add(pictureFiles(event.dataTransfer).slice(0, 1));
    });
  }

  choose() {
    choosePictures(this.desk, { title: "Choose the lead picture", onChosen: ([id]) => this.set(id) });
  }

  draw() {
    const picture = this.desk.pictures.get(this.id);
    this.shown.replaceChildren(...(this.id ? this.filled(picture) : this.empty()));
  }

  empty() {
    return this.desk.writable
      ? [button([icon("picture"), "Add a lead picture"], () => this.choose(), { class: "ed-lead-add" })]
      : [element("p", { class: "ed-hint" }, "No lead picture.")];
  }

  filled(picture) {
    const image = element("img", { decoding: "async" });
    showImage(image, picture, this.id);
    const lacks = missing(picture);
    const needs = lacks.length && button([icon("warn"), `Needs ${inWords(lacks)}`], () => openDetails(this.desk, this.id), { class: "ed-needs" });
    const acts = element("div", { class: "ed-toolrow ed-lead-acts" },
      button("Details", () => openDetails(this.desk, this.id), { "aria-label": "Details of the lead picture" }),
      button("Replace", () => this.choose(), { "aria-label": "Replace the lead picture" }),
      button("Remove", () => this.set(null), { "aria-label": "Remove the lead picture" }));
    return [
      element("div", { class: "ed-frame" }, image),
      picture?.caption ? element("p", { class: "ed-lead-caption" }, picture.caption) : null,
      element("p", { class: "ed-credit" }, creditLine(picture)),
      this.desk.writable && needs, this.desk.writable && acts,
    ].filter(Boolean);
  }
}
