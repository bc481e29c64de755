// A note in the text: its number stands raised where it belongs, its words are written in a dialog and stand at the story's end.
import { pageAddress } from "../address.js";
import { openDialog } from "../dialog.js";
import { button, complain, element, field } from "../element.js";
import { schema } from "../schema.js";

export class FootnoteView {
  constructor(desk, node, view, getPos) {
    Object.assign(this, { desk, node, view, getPos });
    this.sign = element("button", { type: "button", class: "ed-notesign", onclick: () => this.open() });
    this.dom = element("sup", { class: "ed-note", contenteditable: "false" }, this.sign);
    this.draw();
  }

  draw() {
    const { text, url } = this.node.attrs;
    this.sign.title = text || url || "Empty note";
    this.sign.setAttribute("aria-label", `Note: ${this.sign.title}`);
  }

  open() {
    if (!this.desk.writable) return;
    const put = (attrs) => {
      const pos = this.getPos();
      this.view.dispatch(this.view.state.tr.setNodeMarkup(pos, null, attrs));
    };
    const remove = () => this.view.dispatch(this.view.state.tr.delete(this.getPos(), this.getPos() + 1));
    askForNote(this.view, this.node.attrs, put, remove);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  stopEvent(event) {
    return event.type === "mousedown" || event.type === "click";
  }

  ignoreMutation() {
    return true;
  }
}

// Ctrl+Alt+F, as in word processors.
export const addNote = (state, dispatch, view) => {
  const { $from, to } = state.selection;
  const able = $from.parent.inlineContent && !$from.parent.type.spec.code;
  if (!able || !dispatch || !view) return able;
  askForNote(view, { text: "", url: "" }, (attrs) => {
    view.dispatch(view.state.tr.insert(Math.min(to, view.state.doc.content.size), schema.nodes.footnote.create(attrs)));
  });
  return true;
};

function askForNote(view, { text, url }, put, remove = null) {
  const words = element("textarea", { rows: 3, maxlength: 1000, autofocus: true });
  words.value = text;
  const address = element("input", { type: "url", autocomplete: "off", maxlength: 2000, value: url, placeholder: "https://doi.org/…" });
  const dialog = openDialog({
    title: remove ? "Change note" : "Add a note", action: remove ? "Save note" : "Add note",
    body: [field("Words", words, "Who says so, and where. Notes stand numbered at the end of the story."), field("Address", address, "May be empty.")],
    extra: remove && button("Remove note", () => { remove(); dialog.close(); }),
    submit: () => {
      const whole = address.value.trim() ? pageAddress(address.value) : "";
      complain(address, whole === null ? ["That is not a web address. It looks like https://example.org/paper."] : []);
      const said = words.value.trim();
      complain(words, said || whole ? [] : ["Write what the note says, or give its address."]);
      if (whole === null || (!said && !whole)) return false;
      put({ text: said, url: whole });
      return true;
    },
    onClose: () => view.focus(),
  });
}
