// Acts on the document that keys, toolbar and block menu share. Each is a ProseMirror command: (state, dispatch) => done?
import { chainCommands, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { closeHistory } from "prosemirror-history";
import { liftListItem, wrapRangeInList } from "prosemirror-schema-list";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

export const mark = (name) => toggleMark(marks[name]);

// The heading button takes itself back: a second press makes a paragraph again.
export const heading = (level) => (state, dispatch) => {
  const set = inside(state, nodes.heading, { level }) ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level });
  return set(state, dispatch);
};
export const codeBlock = (state, dispatch) =>
  (inside(state, nodes.code_block) ? setBlockType(nodes.paragraph) : setBlockType(nodes.code_block))(state, dispatch);
export const paragraph = setBlockType(nodes.paragraph);
export const quote = (state, dispatch) => (within(state, nodes.blockquote) ? lift : wrapIn(nodes.blockquote))(state, dispatch);
export const bullets = (state, dispatch) => list(nodes.bullet_list, state, dispatch);
export const numbers = (state, dispatch) => list(nodes.ordered_list, state, dispatch);

function list(type, state, dispatch) {
  const { $from, $to } = state.selection;
  const range = $from.blockRange($to);
  if (!range) return false;
  const around = listAround($from);
  if (!around) {
    const tr = dispatch ? state.tr : null;
    return wrapRangeInList(tr, range, type) && (dispatch?.(tr.scrollIntoView()), true);
  }
  if (around.node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup(around.pos, type));
  return true;
}

function listAround($pos) {
  for (let depth = $pos.depth; depth > 0; depth--) {
    const node = $pos.node(depth);
    if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) return { node, pos: $pos.before(depth) };
  }
  return null;
}

export function inside(state, type, attrs = null) {
  const { $from, node } = state.selection;
  const block = node ?? $from.parent;
  return block.type === type && (!attrs || Object.entries(attrs).every(([name, value]) => block.attrs[name] === value));
}

export function within(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === type) return true;
  return false;
}

// The block of the document itself in which the selection begins: { node, pos }.
export function topBlock(state) {
  const { selection } = state;
  const { $from } = selection;
  if ($from.depth === 0) {
    return selection.node ? { node: selection.node, pos: selection.from } : null;
  }
  return { node: $from.node(1), pos: $from.before(1) };
}

// Puts a block where the writer stands: in place of an empty paragraph, or after the block that holds the selection. `pos` puts it
// at a place between two blocks instead. A block that one cannot write in gets a paragraph after it where the story ends.
export function insertBlock(state, node, pos = null) {
  const tr = state.tr;
  const at = topBlock(state);
  let start = pos;
  if (start === null) start = at ? at.pos + at.node.nodeSize : state.selection.from;
  const empty = pos === null && at && at.node.type === nodes.paragraph && at.node.content.size === 0;
  if (empty) tr.replaceWith((start = at.pos), at.pos + at.node.nodeSize, node);
  else tr.insert(start, node);
  const end = start + node.nodeSize;
  if (end === tr.doc.content.size && !writable(node)) tr.insert(end, nodes.paragraph.create());
  return tr.setSelection(startOf(tr.doc, start, node)).scrollIntoView();
}

function writable(node) {
  return node.isTextblock || node.type === nodes.bullet_list || node.type === nodes.ordered_list;
}

function startOf(doc, start, node) {
  if (node.isAtom) return NodeSelection.create(doc, start);
  return Selection.findFrom(doc.resolve(start), 1, true) ?? Selection.near(doc.resolve(start + node.nodeSize));
}

export const divider = (state, dispatch) => {
  const tr = insertBlock(state, nodes.horizontal_rule.create());
  const after = tr.selection.to;
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(after), 1)));
  return true;
};

// Alt+Up and Alt+Down: the whole block changes places with its neighbour, and the selection goes along.
export const moveBlock = (direction) => (state, dispatch) => {
  const at = topBlock(state);
  if (!at) return false;
  const index = state.doc.resolve(at.pos).index(0);
  const neighbour = state.doc.maybeChild(index + direction);
  if (!neighbour) return false;
  if (dispatch) dispatch(swap(state, at, neighbour, direction));
  return true;
};

function swap(state, { node, pos }, neighbour, direction) {
  const target = pos + direction * neighbour.nodeSize;
  const tr = state.tr.delete(pos, pos + node.nodeSize).insert(target, node);
  const shift = target - pos;
  const { selection } = state;
  const moved = selection instanceof NodeSelection
    ? NodeSelection.create(tr.doc, selection.from + shift)
    : TextSelection.between(tr.doc.resolve(selection.anchor + shift), tr.doc.resolve(selection.head + shift));
  return closeHistory(tr.setSelection(moved).scrollIntoView());
}

// Ctrl+Enter: on to a new paragraph after the block, out of any box, list or quote; or to the empty one that is there.
export const leaveBlock = (state, dispatch) => {
  const at = topBlock(state);
  const end = at ? at.pos + at.node.nodeSize : state.selection.to;
  const next = state.doc.nodeAt(end);
  const tr = state.tr;
  if (next?.type !== nodes.paragraph || next.content.size) tr.insert(end, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
};

// Escape: the block as a whole, so that it can be moved, copied or deleted.
export const selectBlock = (state, dispatch) => {
  const at = topBlock(state);
  if (!at || state.selection instanceof NodeSelection && state.selection.from === at.pos) return false;
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, at.pos)));
  return true;
};

// Backspace at the start of a heading, or of a box's only empty line, first makes it plain text again.
export const plainAgain = chainCommands((state, dispatch) => {
  const { $from, empty } = state.selection;
  const restyled = $from.parent.type === nodes.heading || $from.parent.type === nodes.code_block;
  return empty && $from.parentOffset === 0 && restyled && paragraph(state, dispatch);
}, (state, dispatch) => {
  const { $from, empty } = state.selection;
  const box = $from.depth > 1 ? $from.node(1) : null;
  const hollow = box && (box.type === nodes.bottom_line || box.type === nodes.promotion) && box.content.size <= 2;
  if (!empty || !hollow) return false;
  const tr = state.tr.replaceWith($from.before(1), $from.after(1), nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, $from.before(1) + 1)));
  return true;
});
