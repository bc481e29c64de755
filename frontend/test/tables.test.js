import assert from "node:assert/strict";
import { test } from "node:test";
import { Fragment } from "prosemirror-model";
import { EditorState, TextSelection } from "prosemirror-state";
import "./page.js";
import { schema } from "../editor/schema.js";
import * as acts from "../editor/tables.js";

const { nodes } = schema;
const cell = (text) => nodes.table_cell.create(null, text ? schema.text(text) : null);
const table = (...rows) => nodes.table.create(null, rows.map((row) => nodes.table_row.create(null, row.map(cell))));
const words = (node) => node.content.content.map((row) => row.content.content.map((one) => one.textContent));

// The cursor in the cell that says `text`.
function standing(text, ...rows) {
  const state = EditorState.create({ doc: nodes.doc.create(null, [table(...rows)]), plugins: [acts.tables()] });
  let at = 0;
  state.doc.descendants((node, pos) => { if (node.isText && node.text === text) at = pos; });
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)));
}
const after = (state, act) => {
  let next = state;
  act(state, (tr) => { next = state.apply(tr); });
  return next;
};

test("Tab goes to the next cell, and after the last one to a new row", () => {
  const next = after(standing("a", ["a", "b"]), acts.nextCell(1));
  assert.equal(next.selection.$from.parent.textContent, "b");
  const grown = after(next, acts.nextCell(1));
  assert.deepEqual(words(grown.doc.firstChild), [["a", "b"], ["", ""]]);
  assert.equal(acts.cellAt(grown.selection.$from).row, 1);
});

test("Shift+Tab goes back and stays in the first cell", () => {
  const state = standing("b", ["a", "b"]);
  const back = after(state, acts.nextCell(-1));
  assert.equal(back.selection.$from.parent.textContent, "a");
  assert.equal(acts.nextCell(-1)(back), true);
});

test("rows and columns come and go beside the cursor", () => {
  const state = standing("b", ["a", "b"], ["c", "d"]);
  assert.deepEqual(words(after(state, acts.addRow()).doc.firstChild), [["a", "b"], ["", ""], ["c", "d"]]);
  assert.deepEqual(words(after(state, acts.addColumn()).doc.firstChild), [["a", "b", ""], ["c", "d", ""]]);
  assert.deepEqual(words(after(state, acts.removeRow).doc.firstChild), [["c", "d"]]);
  assert.deepEqual(words(after(state, acts.removeColumn).doc.firstChild), [["a"], ["c"]]);
});

test("the last row taken away takes the table away", () => {
  assert.equal(after(standing("a", ["a", "b"]), acts.removeRow).doc.firstChild.type, nodes.paragraph);
});

test("Backspace over several cells empties them and keeps them", () => {
  const state = standing("a", ["a", "b"], ["c", "d"]);
  let end = 0;
  state.doc.descendants((node, pos) => { if (node.isText && node.text === "c") end = pos + 1; });
  const over = state.apply(state.tr.setSelection(TextSelection.create(state.doc, state.selection.from, end)));
  assert.deepEqual(words(after(over, acts.clearCells).doc.firstChild), [["", ""], ["", "d"]]);
});

test("a row that lost a cell is filled up", () => {
  const state = standing("a", ["a", "b"], ["c", "d"]);
  const torn = state.apply(state.tr.delete(state.selection.from - 1, state.selection.from + 2));
  assert.deepEqual(words(torn.doc.firstChild), [["b", ""], ["c", "d"]]);
});

test("blocks become lines of one cell", () => {
  const list = nodes.bullet_list.create(null, nodes.list_item.create(null, nodes.paragraph.create(null, schema.text("two"))));
  const made = acts.wordsOf(Fragment.from([nodes.paragraph.create(null, schema.text("one")), list]));
  assert.deepEqual(made.content.map((node) => node.text ?? "/"), ["one", "/", "two"]);
});
