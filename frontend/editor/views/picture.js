// The fields that a picture has at one place of a story: caption and alt text of its own, over those kept with the picture.
import { element, grow, uniqueId } from "../element.js";
import { icon } from "../icons.js";
import { openDetails } from "../pictures/details.js";
import { creditLine, inWords, missing } from "../pictures/store.js";
import { mirror } from "./block.js";

export class PictureFields {
  constructor(desk, onChange) {
    this.desk = desk;
    this.caption = element("textarea", { class: "ed-caption", rows: 1, maxlength: 2000, "aria-label": "Caption" });
    this.fit = grow(this.caption);
    this.alt = element("input", { class: "ed-alt", id: uniqueId("ed-alt"), type: "text", maxlength: 500, autocomplete: "off" });
    this.altRow = element("div", { class: "ed-altrow" }, element("label", { for: this.alt.id }, "Alt text"), this.alt);
    this.credit = element("p", { class: "ed-credit" });
    this.needs = element("button", { type: "button", class: "ed-needs", hidden: true, onclick: () => openDetails(desk, this.image) });
    this.caption.addEventListener("input", () => onChange({ caption: this.caption.value || null }));
    this.alt.addEventListener("input", () => onChange({ alt: this.alt.value || null }));
    this.caption.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }

  show({ image, alt, caption }) {
    const picture = this.desk.pictures.get(image);
    this.image = image;
    this.alt.placeholder = picture?.decorative ? "Decorative" : picture?.alt || "What is seen in the picture";
    this.caption.placeholder = picture?.caption || "Write a caption";
    mirror(this.alt, alt ?? "");
    mirror(this.caption, caption ?? "");
    if (document.activeElement !== this.caption) requestAnimationFrame(this.fit);
    this.credit.textContent = creditLine(picture);
    const lacks = missing(picture, alt);
    const told = picture?.unconfirmed?.length > 0;
    this.needs.hidden = !(lacks.length || told) || !this.desk.writable;
    this.needs.replaceChildren(icon("warn"), lacks.length ? `Needs ${inWords(lacks)}` : "Confirm what the file says");
    [this.caption, this.alt].forEach((control) => { control.readOnly = !this.desk.writable; });
  }
}

export function showImage(img, picture, id) {
  const known = Boolean(picture);
  img.hidden = !known;
  if (!known) return;
  if (img.getAttribute("src") !== picture.large) img.src = picture.large;
  img.alt = picture.alt || `Picture ${id}`;
  img.width = picture.width;
  img.height = picture.height;
  img.style.backgroundColor = picture.colour || "";
}
