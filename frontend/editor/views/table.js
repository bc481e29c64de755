// A table: its cells are written in like text; rows, columns and headings are worked from the bar above it.
import { Selection } from "prosemirror-state";
import { element, uniqueId } from "../element.js";
import { addColumn, addRow, cellAt, removeColumn, removeRow } from "../tables.js";
import { button } from "../element.js";
import { Box } from "./boxes.js";

const HEADS = [["row", "First row"], ["column", "First column"], ["both", "Both"], ["none", "None"]];

export class TableView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("tbody");
    this.caption = this.line("caption", { maxlength: 300, class: "ed-tablecaption", placeholder: "What the table shows", "aria-label": "Caption of the table" });
    this.head = element("select", { id: uniqueId("ed-head") }, HEADS.map(([value, label]) => element("option", { value }, label)));
    this.head.disabled = !this.desk.writable;
    this.head.addEventListener("change", () => this.set({ head: this.head.value }));
    this.grid = element("table", { class: "ed-grid" }, this.contentDOM);
    this.dom = element("div", { class: "ed-table", role: "group", "aria-label": "Table" },
      this.bar(), element("div", { class: "ed-tablescroll" }, this.grid),
      element("div", { contenteditable: "false" }, this.caption));
    this.draw();
  }

  bar() {
    const act = (label, name, command) => button(label, () => this.act(command), { "aria-label": name, title: name });
    return element("header", { class: "ed-box-head", contenteditable: "false" },
      element("p", { class: "ed-blockname" }, "Table"),
      this.desk.writable && [
        act("+ Row", "Add a row below", addRow()), act("+ Column", "Add a column to the right", addColumn()),
        act("− Row", "Remove this row", removeRow), act("− Column", "Remove this column", removeColumn)],
      element("span", { class: "ed-headings" }, element("label", { for: this.head.id }, "Headings"), this.head),
      this.tools("table"));
  }

  // Where the cursor stands elsewhere, the last cell is meant.
  act(command) {
    const { view } = this;
    const here = cellAt(view.state.selection.$from);
    if (here?.pos !== this.getPos()) {
      const end = view.state.doc.resolve(this.getPos() + this.node.nodeSize - 1);
      view.dispatch(view.state.tr.setSelection(Selection.near(end, -1)));
    }
    command(view.state, view.dispatch);
    view.focus();
  }

  draw() {
    const { caption, head } = this.node.attrs;
    this.grid.dataset.head = head;
    mirrorValue(this.head, head);
    mirrorValue(this.caption, caption);
  }
}

function mirrorValue(control, value) {
  if (document.activeElement !== control) control.value = value;
}
