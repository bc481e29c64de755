// One picture of a gallery, with its caption, its alt text and the ways to move it.
import { openDetails } from "../pictures/details.js";
import { button, element } from "../element.js";
import { icon } from "../icons.js";
import { iconButton } from "./block.js";
import { PictureFields, showImage } from "./picture.js";

const EARLIER = ["ArrowUp", "ArrowLeft"];
const LATER = ["ArrowDown", "ArrowRight"];
let dragged = null;

export class GalleryItem {
  constructor(gallery, image) {
    this.gallery = gallery;
    this.image = image;
    this.fields = new PictureFields(gallery.desk, (attrs) => gallery.setItem(this.index, attrs));
    this.img = element("img", { decoding: "async", draggable: "false" });
    this.place = element("span", { class: "ed-item-place" });
    this.earlier = iconButton("left", "", () => this.move(-1), { class: "ed-iconbutton ed-item-move" });
    this.later = iconButton("right", "", () => this.move(1), { class: "ed-iconbutton ed-item-move" });
    this.remove = iconButton("remove", "", () => gallery.remove(this.index), { class: "ed-iconbutton ed-item-remove" });
    this.frame = element("div", { class: "ed-frame ed-item-frame" }, this.img, this.place,
      element("span", { class: "ed-grip" }, icon("grip")));
    this.dom = element("li", { class: "ed-item" }, this.frame, this.fields.caption, this.fields.credit, this.fields.needs,
      this.fields.altRow, gallery.desk.writable && this.tools());
    this.dom.addEventListener("keydown", (event) => this.key(event));
    if (gallery.desk.writable) this.drag();
  }

  tools() {
    return element("div", { class: "ed-item-tools" }, this.earlier, this.later,
      button("Details", () => openDetails(this.gallery.desk, this.image)), this.remove);
  }

  show(attrs, index, count) {
    this.index = index;
    const picture = this.gallery.desk.pictures.get(attrs.image);
    showImage(this.img, picture, attrs.image);
    this.place.textContent = String(index + 1);
    this.fields.show(attrs);
    this.name(this.earlier, `Move picture ${index + 1} earlier`, index === 0);
    this.name(this.later, `Move picture ${index + 1} later`, index === count - 1);
    this.name(this.remove, `Remove picture ${index + 1}`, false);
    this.fields.caption.setAttribute("aria-label", `Caption of picture ${index + 1}`);
  }

  name(control, label, disabled) {
    control.setAttribute("aria-label", label);
    control.title = label;
    control.disabled = disabled;
  }

  move(direction) {
    this.gallery.move(this.index, this.index + direction);
  }

  key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = EARLIER.includes(event.key) ? -1 : LATER.includes(event.key) ? 1 : 0;
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(direction);
  }

  // Only the picture itself is a handle: text in the fields stays selectable.
  drag() {
    this.frame.addEventListener("pointerdown", () => { this.dom.draggable = true; });
    this.dom.addEventListener("dragstart", (event) => {
      dragged = this;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      this.dom.classList.add("ed-dragged");
    });
    this.dom.addEventListener("dragover", (event) => this.over(event));
    this.dom.addEventListener("dragleave", () => this.dom.removeAttribute("data-drop"));
    this.dom.addEventListener("drop", (event) => this.drop(event));
    this.dom.addEventListener("dragend", () => {
      dragged = null;
      this.dom.draggable = false;
      this.dom.classList.remove("ed-dragged");
    });
  }

  over(event) {
    if (dragged?.gallery !== this.gallery) return;
    event.preventDefault();
    if (dragged !== this) this.dom.dataset.drop = this.half(event) ? "after" : "before";
  }

  half(event) {
    const { left, width } = this.dom.getBoundingClientRect();
    return event.clientX > left + width / 2;
  }

  drop(event) {
    this.dom.removeAttribute("data-drop");
    if (dragged?.gallery !== this.gallery) return;
    event.preventDefault();
    event.stopPropagation();
    const target = this.index + (this.half(event) ? 1 : 0);
    const from = dragged.index;
    this.gallery.move(from, target > from ? target - 1 : target);
  }
}
