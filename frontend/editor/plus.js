// What stands beside the block under the pointer: a "+" at its nearer edge, which opens the block menu there, and a handle by which the
// block is dragged. Buttons of the toolbar and Alt+arrows move blocks too.
import { NodeSelection, Plugin } from "prosemirror-state";
import { element } from "./element.js";
import { icon } from "./icons.js";
import { iconButton } from "./views/block.js";
import { openMenu } from "./menu.js";
import { schema } from "./schema.js";

export function plusBetween(desk) {
  let beside = null;
  return new Plugin({
    view: (view) => (beside = new Beside(view, desk)),
    props: {
      handleDOMEvents: { dragover: (_view, event) => beside.aim(event) },
      handleDrop: (_view, event) => beside.put(event),
    },
  });
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
    this.line = element("div", { class: "ed-dropline", hidden: true });
    this.hide();
    desk.layer.append(this.plus, this.handle, this.line);
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
    const found = this.edgeAt(clientY);
    if (!found) return;
    this.start = found.start;
    this.place(found);
  }

  // The block at a height, and its nearer edge.
  edgeAt(y) {
    const block = this.blockAt(this.view.dom, y);
    const start = block?.pmViewDesc.posBefore;
    const node = block && this.view.state.doc.nodeAt(start);
    if (!node) return null;
    const box = block.getBoundingClientRect();
    const before = y < (box.top + box.bottom) / 2;
    const neighbour = before ? block.previousElementSibling : block.nextElementSibling;
    const side = before ? box.top : box.bottom;
    const other = neighbour ? neighbour.getBoundingClientRect()[before ? "bottom" : "top"] : side;
    const layer = this.desk.layer.getBoundingClientRect().top;
    return { box, start, edge: before ? start : start + node.nodeSize, top: (side + other) / 2 - layer, layer };
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

  place({ box, edge, top, layer }) {
    this.edge = edge;
    this.plus.hidden = this.handle.hidden = false;
    this.plus.style.top = `${top}px`;
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

  // The drag also carries the block as HTML, for wherever else it may be dropped.
  lift(event) {
    this.select();
    const slice = this.view.state.selection.content();
    const { dom: copy, text } = this.view.serializeForClipboard(slice);
    event.dataTransfer.setData("text/html", copy.innerHTML);
    event.dataTransfer.setData("text/plain", text);
    event.dataTransfer.effectAllowed = "copyMove";
    const dom = this.view.nodeDOM(this.start);
    if (dom) event.dataTransfer.setDragImage(dom, 0, 0);
    this.lifted = true;
    this.view.dragging = { slice, move: true };
    this.desk.layer.classList.add("ed-lifting");
    this.plus.hidden = true;
  }

  aim(event) {
    const found = this.lifted && this.edgeAt(event.clientY);
    this.line.hidden = !found;
    if (!found) return false;
    event.preventDefault();
    this.line.style.top = `${found.top}px`;
    return true;
  }

  // Where a part cannot hold the block, ProseMirror finds the nearest place that can.
  put(event) {
    const found = this.lifted && this.edgeAt(event.clientY);
    if (!found) return false;
    const { state } = this.view;
    const { from, to, node } = state.selection;
    const parent = state.doc.resolve(found.edge).parent;
    if (!node || !parent.type.contentMatch.matchType(node.type)) return false;
    event.preventDefault();
    if (found.edge > from && found.edge < to) return true;
    const tr = state.tr.delete(from, to);
    const at = tr.mapping.map(found.edge);
    tr.insert(at, node);
    this.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, at)).setMeta("uiEvent", "drop"));
    this.view.focus();
    return true;
  }

  drop() {
    this.view.dragging = null;
    this.lifted = false;
    this.line.hidden = true;
    this.desk.layer.classList.remove("ed-lifting");
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
    this.line.remove();
  }
}
