// A note in the text: its number stands raised where it belongs, its words are written in a dialog and stand at the story's end.
import { pageAddress } from "../address.js";
import { openDialog } from "../dialog.js";
import { button, complain, element, field } from "../element.js";
import { schema } from "../schema.js";
import { named } from "../sources.js";

export class FootnoteView {
  constructor(desk, node, view, getPos) {
    Object.assign(this, { desk, node, view, getPos });
    this.sign = element("button", { type: "button", class: "ed-notesign", onclick: () => this.open() });
    this.dom = element("sup", { class: "ed-note", contenteditable: "false" }, this.sign);
    this.draw();
  }

  draw() {
    const { text, url, source } = this.node.attrs;
    const name = named().find(([number]) => number === source)?.[1];
    this.sign.title = text || url || (name ? `Source ${name}` : "Empty note");
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
  askForNote(view, { text: "", url: "", source: 0 }, (attrs) => {
    view.dispatch(view.state.tr.insert(Math.min(to, view.state.doc.content.size), schema.nodes.footnote.create(attrs)));
  });
  return true;
};

function askForNote(view, { text, url, source }, put, remove = null) {
  const words = element("textarea", { rows: 3, maxlength: 1000, autofocus: true });
  words.value = text;
  const address = element("input", { type: "url", autocomplete: "off", maxlength: 2000, value: url, placeholder: "https://doi.org/…" });
  const choices = [[0, "None"], ...named()];
  const from = element("select", {}, ...choices.map(([number, name]) => element("option", { value: number }, name)));
  from.value = choices.some(([number]) => number === source) ? source : 0;
  const dialog = openDialog({
    title: remove ? "Change note" : "Add a note", action: remove ? "Save note" : "Add note",
    body: [field("Words", words, "Who says so, and where. Notes stand numbered at the end of the story."), field("Address", address, "May be empty."),
      field("Source", from, "One of the story's sources, which are named beside the text.")],
    extra: remove && button("Remove note", () => { remove(); dialog.close(); }),
    submit: () => {
      const whole = address.value.trim() ? pageAddress(address.value) : "";
      complain(address, whole === null ? ["That is not a web address. It looks like https://example.org/paper."] : []);
      const said = words.value.trim();
      complain(words, said || whole || Number(from.value) ? [] : ["Write what the note says, give its address, or choose a source."]);
      if (whole === null || (!said && !whole && !Number(from.value))) return false;
      put({ text: said, url: whole, source: Number(from.value) });
      return true;
    },
    onClose: () => view.focus(),
  });
}
