// One picture in the text.
import { choosePictures } from "../pictures/chooser.js";
import { openDetails } from "../pictures/details.js";
import { button, element } from "../element.js";
import { LeafView, blockTools, setAttributes } from "./block.js";
import { PictureFields, showImage } from "./picture.js";

const WIDTHS = [["main", "Text width"], ["wide", "Wide"], ["full", "Full width"]];

export class FigureView extends LeafView {
  constructor(desk, node, view, getPos) {
    super();
    Object.assign(this, { desk, node, view, getPos });
    const set = (attrs) => setAttributes(view, getPos(), attrs);
    this.fields = new PictureFields(desk, set);
    this.image = element("img", { decoding: "async", draggable: "false" });
    this.lost = element("p", { class: "ed-lost" });
    this.widths = WIDTHS.map(([width, label]) => button(label, () => set({ width }), { "data-width": width, class: "ed-segment" }));
    this.dom = element("figure", { class: "ed-figure", contenteditable: "false" },
      this.frame = element("div", { class: "ed-frame" }, this.image, this.lost),
      this.fields.caption, this.fields.credit, this.fields.needs, this.tools(set));
    this.again = button("Try again", () => desk.arrivals.again(this.node.attrs.image), { hidden: true });
    this.frame.append(this.again);
    const unheard = [desk.pictures.listen(() => this.draw()), desk.arrivals.listen(() => this.draw())];
    this.forget = () => unheard.forEach((stop) => stop());
    this.draw();
  }

  tools(set) {
    const details = button("Details", () => openDetails(this.desk, this.node.attrs.image));
    const replace = button("Replace", () => choosePictures(this.desk, {
      title: "Choose another picture", onChosen: ([image]) => set({ image, alt: null, caption: null }),
    }));
    return element("div", { class: "ed-tools ed-own" }, this.fields.altRow,
      element("div", { class: "ed-toolrow" },
        element("div", { class: "ed-segments", role: "group", "aria-label": "Width" }, this.widths),
        details, replace, blockTools(this.view, this.getPos, "picture")));
  }

  draw() {
    const { image, width } = this.node.attrs;
    const picture = this.desk.pictures.get(image);
    showImage(this.image, picture, image);
    this.lost.hidden = Boolean(picture);
    this.awaited(image);
    this.dom.dataset.width = width;
    this.widths.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.width === width)));
    this.fields.show(this.node.attrs);
  }

  awaited(image) {
    const awaited = image < 0 ? this.desk.arrivals.get(image) : null;
    this.lost.textContent = awaited?.said ?? `Picture ${image} is shown when the page is loaded again.`;
    this.lost.classList.toggle("ed-refused", awaited?.state === "failed");
    this.again.hidden = awaited?.state !== "failed" || !awaited.src;
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  destroy() {
    this.forget();
  }
}
