// The "+" that stands between two blocks, where the pointer is; it opens the block menu at that place.
import { Plugin } from "prosemirror-state";
import { iconButton } from "./views/block.js";
import { openMenu } from "./menu.js";

export function plusBetween(desk) {
  return new Plugin({ view: (view) => new Plus(view, desk) });
}

class Plus {
  constructor(view, desk) {
    Object.assign(this, { view, desk, pos: 0 });
    this.button = iconButton("add", "Add a block here", () => this.open(), { class: "ed-plus", tabindex: "-1" });
    this.button.addEventListener("mousedown", (event) => event.preventDefault());
    this.button.hidden = true;
    desk.layer.append(this.button);
    this.follow = (event) => this.point(event);
    this.leave = () => { this.button.hidden = true; };
    desk.layer.addEventListener("pointermove", this.follow);
    desk.layer.addEventListener("pointerleave", this.leave);
  }

  // The nearest edge of the block under the pointer.
  point({ clientY, pointerType }) {
    if (pointerType === "touch") return;
    const blocks = [...this.view.dom.children].filter((one) => one.pmViewDesc?.node);
    const under = blocks.find((one) => one.getBoundingClientRect().bottom + 14 >= clientY);
    const block = under ?? blocks.at(-1);
    if (!block) return;
    const { top, bottom } = block.getBoundingClientRect();
    const before = clientY < (top + bottom) / 2;
    const pos = this.view.posAtDOM(block, 0);
    const $pos = this.view.state.doc.resolve(pos);
    const start = $pos.depth ? $pos.before(1) : pos;
    const node = this.view.state.doc.nodeAt(start);
    if (node) this.place(block, before, before ? start : start + node.nodeSize);
  }

  place(block, before, pos) {
    const neighbour = before ? block.previousElementSibling : block.nextElementSibling;
    const box = block.getBoundingClientRect();
    const edge = before ? box.top : box.bottom;
    const other = neighbour ? neighbour.getBoundingClientRect()[before ? "bottom" : "top"] : edge;
    this.pos = pos;
    this.button.hidden = false;
    this.button.style.top = `${(edge + other) / 2 - this.desk.layer.getBoundingClientRect().top}px`;
  }

  open() {
    this.button.hidden = true;
    openMenu(this.view, this.pos);
  }

  update(_view, before) {
    if (before && before.doc !== this.view.state.doc) this.button.hidden = true;
  }

  destroy() {
    this.desk.layer.removeEventListener("pointermove", this.follow);
    this.desk.layer.removeEventListener("pointerleave", this.leave);
    this.button.remove();
  }
}
