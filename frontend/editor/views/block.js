// What every block's view shares: setting attributes, the small tools on its edge, and keeping ProseMirror out of its controls.
import { NodeSelection } from "prosemirror-state";
import { moveBlock } from "../commands.js";
import { button, element } from "../element.js";
import { icon } from "../icons.js";

// Attribute steps leave the selection and the focus where they are.
export function setAttributes(view, pos, attrs) {
  const node = view.state.doc.nodeAt(pos);
  const changed = Object.entries(attrs).filter(([name, value]) => node.attrs[name] !== value);
  if (!changed.length) return;
  view.dispatch(changed.reduce((tr, [name, value]) => tr.setNodeAttribute(pos, name, value), view.state.tr));
}

export function inControl(event) {
  return Boolean(event.target.closest?.("input, textarea, select, button, label, progress, a, .ed-own"));
}

export function iconButton(name, label, onclick, props = {}) {
  return button(icon(name), onclick, { class: "ed-iconbutton", "aria-label": label, title: label, ...props });
}

export function blockTools(view, getPos, what, extra = []) {
  const move = (direction) => {
    view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, getPos())));
    moveBlock(direction)(view.state, view.dispatch);
    view.focus();
  };
  const remove = () => {
    const pos = getPos();
    view.dispatch(view.state.tr.delete(pos, pos + view.state.doc.nodeAt(pos).nodeSize));
    view.focus();
  };
  return element("div", { class: "ed-blocktools", contenteditable: "false" }, extra,
    iconButton("up", `Move ${what} up`, () => move(-1)),
    iconButton("down", `Move ${what} down`, () => move(1)),
    iconButton("remove", `Remove ${what}`, remove));
}

// Keeps a control's text as the node has it, unless the editor is typing in it just now.
export function mirror(control, value) {
  if (document.activeElement !== control && control.value !== value) {
    control.value = value;
    control.dispatchEvent(new CustomEvent("mirrored"));
  }
}

// A view for a block that draws all of itself and has no text of its own.
export class LeafView {
  stopEvent(event) {
    return inControl(event);
  }

  ignoreMutation() {
    return true;
  }

  selectNode() {
    this.dom.classList.add("ProseMirror-selectednode");
    this.dom.draggable = true;
  }

  deselectNode() {
    this.dom.classList.remove("ProseMirror-selectednode");
    this.dom.removeAttribute("draggable");
  }
}

// A view for a block with text inside and controls around it.
export class BoxView {
  stopEvent(event) {
    return !this.contentDOM.contains(event.target) && inControl(event);
  }

  ignoreMutation(mutation) {
    return mutation.type === "selection" ? false : !this.contentDOM.contains(mutation.target);
  }
}
