// What stands beside the block under the pointer: a "+" at its nearer edge, which opens the block menu there, and a handle by which the
// block is dragged. Buttons of the toolbar and Alt+arrows move blocks too.
import { NodeSelection, Plugin } from "prosemirror-state";
import { element } from "./element.js";
import { icon } from "./icons.js";
import { iconButton } from "./views/block.js";
import { openMenu } from "./menu.js";
import { schema } from "./schema.js";

export function plusBetween(desk) {
  return new Plugin({ view: (view) => new Beside(view, desk) });
}

class Beside {
  constructor(view, desk) {
    Object.assign(this, { view, desk, edge: 0, start: 0 });
    this.plus = iconButton("add", "Add a block here", () => this.open(), { class: "ed-iconbutton ed-plus", tabindex: "-1" });
    this.plus.addEventListener("mousedown", (event) => event.preventDefault());
    this.handle = element("button", {
      type: "button", class: "ed-handle", tabindex: "-1", draggable: "true", title: "Drag to move. Click to select.", "aria-label": "Drag this block, or select it",
      onclick: () => this.select(), ondragstart: (event) => this.lift(event), ondragend: () => this.drop(),
    }, icon("grip"));
    this.hide();
    desk.layer.append(this.plus, this.handle);
    this.follow = (event) => this.point(event);
    this.leave = () => this.hide();
    desk.layer.addEventListener("pointermove", this.follow);
    desk.layer.addEventListener("pointerleave", this.leave);
  }

  hide() {
    this.plus.hidden = this.handle.hidden = true;
  }

  point({ clientY, pointerType, target, buttons }) {
    if (pointerType === "touch" || buttons || target === this.handle || this.handle.contains(target)) return;
    const block = this.blockAt(this.view.dom, clientY);
    const start = block && this.startOf(block);
    const node = block && this.view.state.doc.nodeAt(start);
    if (!node) return;
    const { top, bottom } = block.getBoundingClientRect();
    const before = clientY < (top + bottom) / 2;
    this.start = start;
    this.place(block, before, before ? start : start + node.nodeSize);
  }

  // The block at a height, found by halving: a long story has hundreds. In a part, the block of the part.
  blockAt(parent, y) {
    const blocks = [...parent.children].filter((one) => one.pmViewDesc?.node);
    let [low, high] = [0, blocks.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks[middle].getBoundingClientRect().bottom + 14 >= y) high = middle;
      else low = middle + 1;
    }
    const block = blocks[low];
    if (block?.pmViewDesc.node.type !== schema.nodes.part) return block;
    const inner = block.pmViewDesc.contentDOM;
    const { top, bottom } = inner.getBoundingClientRect();
    return y > top && y < bottom ? this.blockAt(inner, y) : block;
  }

  startOf(block) {
    return block.pmViewDesc.posBefore;
  }

  place(block, before, edge) {
    const neighbour = before ? block.previousElementSibling : block.nextElementSibling;
    const box = block.getBoundingClientRect();
    const side = before ? box.top : box.bottom;
    const other = neighbour ? neighbour.getBoundingClientRect()[before ? "bottom" : "top"] : side;
    const layer = this.desk.layer.getBoundingClientRect().top;
    this.edge = edge;
    this.plus.hidden = this.handle.hidden = false;
    this.plus.style.top = `${(side + other) / 2 - layer}px`;
    this.handle.style.top = `${box.top + Math.min(box.height / 2, 16) - 10 - layer}px`;
  }

  open() {
    this.hide();
    openMenu(this.view, this.edge);
  }

  select() {
    const { state } = this.view;
    this.view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, this.start)));
    this.view.focus();
  }

  // ProseMirror takes it from here, as if the block had been dragged by itself.
  lift(event) {
    this.select();
    const { selection } = this.view.state;
    const slice = selection.content();
    const dom = this.view.nodeDOM(this.start);
    const { dom: copy, text } = this.view.serializeForClipboard(slice);
    event.dataTransfer.clearData();
    event.dataTransfer.setData("text/html", copy.innerHTML);
    event.dataTransfer.setData("text/plain", text);
    event.dataTransfer.effectAllowed = "copyMove";
    if (dom) event.dataTransfer.setDragImage(dom, 0, 0);
    this.view.dragging = { slice, move: true, node: selection };
    this.plus.hidden = true;
  }

  drop() {
    this.view.dragging = null;
    this.hide();
  }

  update(_view, before) {
    if (before && before.doc !== this.view.state.doc) this.hide();
  }

  destroy() {
    this.desk.layer.removeEventListener("pointermove", this.follow);
    this.desk.layer.removeEventListener("pointerleave", this.leave);
    this.plus.remove();
    this.handle.remove();
  }
}
