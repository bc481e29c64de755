import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, NodeSelection, TextSelection } from "prosemirror-state";
import "./page.js";
import * as acts from "../editor/commands.js";
import { schema } from "../editor/schema.js";

const { nodes } = schema;
const p = (text) => nodes.paragraph.create(null, text ? schema.text(text) : null);
const figure = nodes.figure.create({ image: 7 });

function stateOf(...blocks) {
  return EditorState.create({ doc: nodes.doc.create(null, blocks) });
}
const at = (state, pos) => state.apply(state.tr.setSelection(TextSelection.create(state.doc, pos)));
const after = (state, act) => {
  let next = state;
  act(state, (tr) => { next = state.apply(tr); });
  return next;
};
const shape = (state) => state.doc.content.content.map((node) => node.textContent || node.type.name);

test("Alt+Down moves the block and the cursor with it", () => {
  const moved = after(at(stateOf(p("one"), p("two"), p("three")), 2), acts.moveBlock(1));
  assert.deepEqual(shape(moved), ["two", "one", "three"]);
  assert.equal(moved.selection.$from.parent.textContent, "one");
  assert.equal(moved.selection.$from.parentOffset, 1);
});

test("Alt+Up moves a selected picture, and the first block stays", () => {
  const state = stateOf(p("one"), figure);
  const selected = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, 5)));
  const moved = after(selected, acts.moveBlock(-1));
  assert.deepEqual(shape(moved), ["figure", "one"]);
  assert.equal(moved.selection.node.type.name, "figure");
  assert.equal(acts.moveBlock(-1)(moved), false);
});

test("a block takes the place of an empty paragraph, and a paragraph follows it at the end", () => {
  const state = at(stateOf(p("one"), p("")), 6);
  assert.deepEqual(shape(state.apply(acts.insertBlock(state, figure))), ["one", "figure", "paragraph"]);
});

test("a block comes after the paragraph that has words", () => {
  const state = at(stateOf(p("one"), p("two")), 2);
  assert.deepEqual(shape(state.apply(acts.insertBlock(state, figure))), ["one", "figure", "two"]);
});

test("Ctrl+Enter leaves a box for a new paragraph after it", () => {
  const left = after(at(stateOf(nodes.bottom_line.create(null, p("in short")), p("two")), 4), acts.leaveBlock);
  assert.deepEqual(shape(left), ["in short", "paragraph", "two"]);
  assert.equal(left.selection.$from.depth, 1);
});

test("Escape selects the whole block", () => {
  const selected = after(at(stateOf(nodes.bottom_line.create(null, p("in short"))), 4), acts.selectBlock);
  assert.equal(selected.selection.node.type.name, "bottom_line");
});

test("the list buttons make a list, change its kind and take it away", () => {
  const made = after(at(stateOf(p("one")), 2), acts.bullets);
  assert.deepEqual(made.doc.firstChild.type.name, "bullet_list");
  const changed = after(made, acts.numbers);
  assert.deepEqual(changed.doc.firstChild.type.name, "ordered_list");
  assert.deepEqual(after(changed, acts.numbers).doc.firstChild.type.name, "paragraph");
});

test("Backspace in an empty box gives a paragraph back", () => {
  const plain = after(at(stateOf(nodes.bottom_line.create(null, p(""))), 2), acts.plainAgain);
  assert.deepEqual(shape(plain), ["paragraph"]);
});

const part = (...blocks) => nodes.part.create({ medium: "web" }, blocks);
const inParts = (state) => state.doc.content.content.map((node) =>
  (node.type === nodes.part ? node.content.content.map((one) => one.textContent) : node.textContent));

test("blocks move inside a part, and step out of it at its edge", () => {
  const state = at(stateOf(p("a"), part(p("b"), p("c")), p("d")), 8);
  const up = after(state, acts.moveBlock(-1));
  assert.deepEqual(inParts(up), ["a", ["c", "b"], "d"]);
  const out = after(up, acts.moveBlock(-1));
  assert.deepEqual(inParts(out), ["a", "c", ["b"], "d"]);
  assert.equal(out.selection.$from.parent.textContent, "c");
  assert.deepEqual(inParts(after(after(state, acts.moveBlock(1)), acts.moveBlock(1))), ["a", ["b"], "d", "c"]);
});

test("the only block of a part takes the part along", () => {
  assert.deepEqual(inParts(after(at(stateOf(p("a"), part(p("b"))), 5), acts.moveBlock(-1))), [["b"], "a"]);
});

test("web only wraps the block at hand, turns mail only around, and unwraps", () => {
  const wrapped = after(at(stateOf(p("a"), p("b")), 4), acts.onlyFor("web"));
  assert.deepEqual(inParts(wrapped), ["a", ["b"]]);
  const turned = after(wrapped, acts.onlyFor("mail"));
  assert.equal(turned.doc.child(1).attrs.medium, "mail");
  assert.deepEqual(inParts(after(turned, acts.onlyFor("mail"))), ["a", "b"]);
});

test("Escape selects the block of a part, then the part; Ctrl+Enter in its empty end leaves it", () => {
  const state = at(stateOf(part(p("b"), p(""))), 5);
  const twice = after(after(state, acts.selectBlock), acts.selectBlock);
  assert.equal(twice.selection.node.type, nodes.part);
  assert.deepEqual(inParts(after(state, acts.leaveBlock)), [["b"], ""]);
});
