// Acts on the document that keys, toolbar and block menu share. Each is a ProseMirror command: (state, dispatch) => done?
import { chainCommands, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { closeHistory } from "prosemirror-history";
import { liftListItem, wrapRangeInList } from "prosemirror-schema-list";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const BOXES = [nodes.bottom_line, nodes.fact_box, nodes.promotion, nodes.part];

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

// Blocks stand in the document itself, or in a part of it that is for the web or for mails only.
export function blockDepth($pos) {
  return $pos.depth > 0 && $pos.node(1).type === nodes.part ? 2 : 1;
}

// The block in which the selection begins: { node, pos }.
export function topBlock(state) {
  const { selection } = state;
  const { $from } = selection;
  const depth = blockDepth($from);
  if ($from.depth < depth) {
    return selection.node ? { node: selection.node, pos: selection.from } : null;
  }
  return { node: $from.node(depth), pos: $from.before(depth) };
}

// Whether the selection stands in a paragraph that is a block itself, not one of a list or a box.
export function inOwnParagraph({ $from, empty }) {
  return empty && $from.depth === blockDepth($from) && $from.parent.type === nodes.paragraph;
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

// Alt+Up and Alt+Down: the whole block changes places with its neighbour, and the selection goes along. At the edge of a part it
// steps out; the only block of a part takes the part along.
export const moveBlock = (direction) => (state, dispatch) => {
  const at = topBlock(state);
  if (!at) return false;
  const $pos = state.doc.resolve(at.pos);
  const neighbour = $pos.parent.maybeChild($pos.index() + direction);
  if (neighbour) {
    if (dispatch) dispatch(moveTo(state, at, at.pos + direction * neighbour.nodeSize));
    return true;
  }
  if (!$pos.depth) return false;
  if ($pos.parent.childCount === 1) return movePart($pos, direction, state, dispatch);
  if (dispatch) dispatch(moveTo(state, at, direction < 0 ? $pos.before() : $pos.after() - at.node.nodeSize));
  return true;
};

function movePart($pos, direction, state, dispatch) {
  const at = { node: $pos.parent, pos: $pos.before() };
  const neighbour = state.doc.maybeChild($pos.index(0) + direction);
  if (neighbour && dispatch) dispatch(moveTo(state, at, at.pos + direction * neighbour.nodeSize));
  return Boolean(neighbour);
}

// `target` is a place in the document without the block.
function moveTo(state, { node, pos }, target) {
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
  if (at && leavesPart(state, at, end)) return leavePart(state, dispatch, at, end);
  if (next?.type !== nodes.paragraph || next.content.size) tr.insert(end, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
};

// From a part's last paragraph, when that is empty, on to a paragraph after the part.
function leavesPart(state, { node, pos }, end) {
  const { parent, depth } = state.doc.resolve(pos);
  const last = depth && parent.childCount > 1 && !state.doc.nodeAt(end);
  return Boolean(last) && node.type === nodes.paragraph && !node.content.size;
}

function leavePart(state, dispatch, { node, pos }, end) {
  const tr = state.tr.delete(pos, end).insert(end + 1 - node.nodeSize, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 2 - node.nodeSize)).scrollIntoView());
  return true;
}

// The web-only or mail-only part around the selection, or around its blocks anew; the same again takes the part away.
export const onlyFor = (medium) => (state, dispatch) => {
  const { $from, $to } = state.selection;
  if (within(state, nodes.part)) {
    const pos = $from.before(1);
    const part = $from.node(1);
    const tr = state.tr;
    if (part.attrs.medium === medium) tr.replaceWith(pos, pos + part.nodeSize, part.content);
    else tr.setNodeAttribute(pos, "medium", medium);
    dispatch?.(tr);
    return true;
  }
  const range = $from.depth ? $from.blockRange($to, (node) => node.type === nodes.doc) : $from.blockRange($to);
  if (!range || range.parent.type !== nodes.doc) return false;
  const inside = state.doc.slice(range.start, range.end).content;
  if (!nodes.part.validContent(inside)) return false;
  dispatch?.(state.tr.wrap(range, [{ type: nodes.part, attrs: { medium } }]).scrollIntoView());
  return true;
};

// Escape: the block as a whole, so that it can be moved, copied or deleted; once more: the part that it stands in.
export const selectBlock = (state, dispatch) => {
  const at = topBlock(state);
  const whole = at && state.selection instanceof NodeSelection && state.selection.from === at.pos;
  if (whole && state.selection.$from.depth) return selectAt(state, dispatch, state.selection.$from.before());
  if (!at || whole) return false;
  return selectAt(state, dispatch, at.pos);
};

function selectAt(state, dispatch, pos) {
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, pos)));
  return true;
}

// Backspace at the start of a heading, or of a box's only empty line, first makes it plain text again.
export const plainAgain = chainCommands((state, dispatch) => {
  const { $from, empty } = state.selection;
  const restyled = $from.parent.type === nodes.heading || $from.parent.type === nodes.code_block;
  return empty && $from.parentOffset === 0 && restyled && paragraph(state, dispatch);
}, (state, dispatch) => {
  const { $from, empty } = state.selection;
  const depth = $from.depth - 1;
  const hollow = depth > 0 && BOXES.includes($from.node(depth).type) && $from.node(depth).content.size <= 2;
  if (!empty || !hollow) return false;
  const tr = state.tr.replaceWith($from.before(depth), $from.after(depth), nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, $from.before(depth) + 1)));
  return true;
});
