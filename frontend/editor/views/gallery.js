// A gallery of any number of pictures: add many at once, reorder by dragging, by buttons and by Alt+arrows.
import { choosePictures } from "../pictures/chooser.js";
import { Uploader, askForFiles, pictureFiles } from "../pictures/uploader.js";
import { button, element } from "../element.js";
import { icon } from "../icons.js";
import { schema } from "../schema.js";
import { LeafView, blockTools, inControl, setAttributes } from "./block.js";
import { GalleryItem } from "./galleryitem.js";

export class GalleryView extends LeafView {
  constructor(desk, node, view, getPos) {
    super();
    Object.assign(this, { desk, node, view, getPos, items: new Map() });
    this.title = element("p", { class: "ed-blockname" });
    this.list = element("ol", { class: "ed-gallery-items" });
    this.uploads = new Uploader(desk, { onPicture: (picture) => this.append([picture.id]) });
    this.dom = element("div", { class: "ed-gallery", contenteditable: "false", role: "group", "aria-label": "Gallery" },
      this.head(), this.list, this.uploads.dom);
    this.takeDrops();
    this.forget = desk.pictures.listen(() => this.draw());
    this.draw();
  }

  head() {
    const upload = button([icon("upload"), "Upload"], () => askForFiles((files) => this.uploads.add(files), true),
      { "aria-label": "Upload pictures to this gallery" });
    const library = button("From library", () => choosePictures(this.desk, {
      title: "Add pictures to the gallery", many: true, onChosen: (ids) => this.append(ids),
    }));
    return element("header", { class: "ed-gallery-head" }, this.title,
      this.desk.writable && [upload, library, blockTools(this.view, this.getPos, "gallery")]);
  }

  // Files from outside are new pictures; a picture of this gallery that is dragged finds its place item by item.
  takeDrops() {
    this.dom.addEventListener("dragover", (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    this.dom.addEventListener("drop", (event) => {
      const files = pictureFiles(event.dataTransfer);
      if (!files.length || !this.desk.writable) return;
      event.preventDefault();
      this.uploads.add(files);
    });
  }

  draw() {
    const count = this.node.childCount;
    this.title.textContent = `Gallery · ${count} ${count === 1 ? "picture" : "pictures"}`;
    const seen = new Map();
    const rows = this.node.content.content.map((child, index) => this.row(child, index, count, seen));
    const kept = new Set(rows);
    for (const [key, item] of this.items) if (!kept.has(item)) { item.dom.remove(); this.items.delete(key); }
    rows.forEach((item, index) => {
      if (this.list.children[index] !== item.dom) this.list.insertBefore(item.dom, this.list.children[index] ?? null);
    });
  }

  // The same picture may stand twice; its how-manieth it is tells them apart.
  row(child, index, count, seen) {
    const { image } = child.attrs;
    const nth = (seen.get(image) ?? 0) + 1;
    seen.set(image, nth);
    const key = `${image}#${nth}`;
    if (!this.items.has(key)) this.items.set(key, new GalleryItem(this, image));
    const item = this.items.get(key);
    item.show(child.attrs, index, count);
    return item;
  }

  setItem(index, attrs) {
    setAttributes(this.view, this.getPos() + 1 + index, attrs);
  }

  append(ids) {
    const made = ids.map((image) => schema.nodes.gallery_item.create({ image }));
    this.replaceItems([...this.node.content.content.filter((child) => child.attrs.image > 0), ...made]);
  }

  remove(index) {
    const rest = this.node.content.content.filter((_child, at) => at !== index);
    const next = this.list.children[Math.min(index + 1, this.node.childCount - 1)];
    next?.querySelector(".ed-item-remove")?.focus();
    if (rest.length) return this.replaceItems(rest);
    const pos = this.getPos();
    this.view.dispatch(this.view.state.tr.delete(pos, pos + this.node.nodeSize));
    this.view.focus();
  }

  move(from, to) {
    if (to < 0 || to >= this.node.childCount || from === to) return;
    const focused = document.activeElement;
    const order = [...this.node.content.content];
    order.splice(to, 0, ...order.splice(from, 1));
    this.replaceItems(order);
    if (focused?.isConnected && this.dom.contains(focused)) this.refocus(focused, to);
    this.desk.tell(`Picture ${to + 1} of ${order.length}.`);
  }

  // A button that has just become useless at an end hands its focus to its twin.
  refocus(focused, index) {
    const able = focused.disabled ? this.list.children[index].querySelector(".ed-item-move:not([disabled])") : focused;
    able?.focus();
  }

  replaceItems(children) {
    const pos = this.getPos();
    this.view.dispatch(this.view.state.tr.replaceWith(pos + 1, pos + 1 + this.node.content.size, children));
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  stopEvent(event) {
    const files = event.dataTransfer?.types?.includes("Files");
    return inControl(event) || Boolean(files) || this.list.contains(event.target);
  }

  destroy() {
    this.forget();
    this.uploads.cancelAll();
  }
}
