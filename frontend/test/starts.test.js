import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, TextSelection } from "prosemirror-state";
import "./page.js";
import { schema } from "../editor/schema.js";
import { markdownStarts } from "../editor/starts.js";

// Types into an empty story one letter after the other, as the view would.
function type(text) {
  const plugin = markdownStarts();
  let state = EditorState.create({ schema, plugins: [plugin] });
  const view = { get state() { return state; }, dispatch(tr) { state = state.apply(tr); }, composing: false };
  for (const letter of text) {
    const { from, to } = state.selection;
    if (!plugin.props.handleTextInput.call(plugin, view, from, to, letter)) view.dispatch(state.tr.insertText(letter, from, to));
  }
  return state;
}

const kinds = (state) => state.doc.content.content.map((node) => node.type.name);

test("hashes and a space make headings, one hash the largest that a story may have", () => {
  assert.deepEqual(["# ", "## ", "### ", "#### "].map((start) => type(`${start}x`).doc.firstChild.attrs.level), [2, 2, 3, 4]);
});

test("a hyphen, an asterisk and a number make lists", () => {
  assert.deepEqual(kinds(type("- a")), ["bullet_list"]);
  assert.deepEqual(kinds(type("* a")), ["bullet_list"]);
  const numbered = type("7. a").doc.firstChild;
  assert.equal(numbered.type.name, "ordered_list");
  assert.equal(numbered.attrs.start, 7);
});

test("a greater-than sign makes a quote", () => {
  assert.deepEqual(kinds(type("> a")), ["blockquote"]);
});

test("three hyphens make a divider and a paragraph to go on in", () => {
  const state = type("---");
  assert.deepEqual(kinds(state), ["horizontal_rule", "paragraph"]);
  assert.ok(state.selection instanceof TextSelection);
  assert.equal(state.selection.$from.parent.type.name, "paragraph");
});

test("three backticks and a language make a code block", () => {
  const block = type("```python x").doc.firstChild;
  assert.equal(block.type.name, "code_block");
  assert.equal(block.attrs.language, "python");
});

test("the same signs in the middle of a line stay text", () => {
  assert.equal(type("a ## b - c > d").doc.textContent, "a ## b - c > d");
});
