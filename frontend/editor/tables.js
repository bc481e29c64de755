// Tables: rows and columns come and go, Tab goes from cell to cell, and every row stays as long as the longest.
import { Fragment, Slice } from "prosemirror-model";
import { Plugin, TextSelection } from "prosemirror-state";
import { leaveBlock } from "./commands.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const blank = () => nodes.table_cell.create();

export function emptyTable(rows = 3, columns = 3) {
  return tableOf(Array.from({ length: rows }, () => Array.from({ length: columns }, blank)));
}

function tableOf(grid, attrs = null) {
  return nodes.table.create(attrs, grid.map((row) => nodes.table_row.create(null, row)));
}

// The cell that holds a position: its table, where that stands, and its row and column. Null outside of tables.
export function cellAt($pos) {
  for (let depth = $pos.depth; depth > 1; depth--) {
    if ($pos.node(depth).type !== nodes.table_cell) continue;
    return {
      table: $pos.node(depth - 2), pos: $pos.before(depth - 2), row: $pos.index(depth - 2), column: $pos.index(depth - 1),
    };
  }
  return null;
}

const gridOf = (table) => table.content.content.map((row) => [...row.content.content]);

// A command that changes the rows of the table at hand. `change(grid, cell)` answers where the cursor goes.
const reshape = (change) => (state, dispatch) => {
  const cell = cellAt(state.selection.$from);
  if (!cell) return false;
  const grid = gridOf(cell.table);
  const goal = change(grid, cell);
  const end = cell.pos + cell.table.nodeSize;
  if (!grid.length || !grid[0].length) {
    const tr = state.tr.replaceWith(cell.pos, end, nodes.paragraph.create());
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, cell.pos + 1)));
    return true;
  }
  const tr = state.tr.replaceWith(cell.pos, end, tableOf(grid, cell.table.attrs));
  dispatch?.(intoCell(tr, cell.pos, goal).scrollIntoView());
  return true;
};

function intoCell(tr, pos, { row, column }) {
  const table = tr.doc.nodeAt(pos);
  let at = pos + 1;
  const line = Math.min(row, table.childCount - 1);
  for (let index = 0; index < line; index++) at += table.child(index).nodeSize;
  const cells = table.child(line);
  at += 1;
  const place = Math.min(column, cells.childCount - 1);
  for (let index = 0; index < place; index++) at += cells.child(index).nodeSize;
  return tr.setSelection(TextSelection.create(tr.doc, at + 1, at + 1 + cells.child(place).content.size));
}

export const addRow = (after = 1) => reshape((grid, { row, column }) => {
  grid.splice(row + after, 0, grid[row].map(blank));
  return { row: row + after, column };
});
export const addColumn = (after = 1) => reshape((grid, { row, column }) => {
  grid.forEach((line) => line.splice(column + after, 0, blank()));
  return { row, column: column + after };
});
export const removeRow = reshape((grid, { row, column }) => {
  grid.splice(row, 1);
  return { row: Math.min(row, grid.length - 1), column };
});
export const removeColumn = reshape((grid, { row, column }) => {
  grid.forEach((line) => line.splice(column, 1));
  return { row, column: Math.max(0, column - 1) };
});

// Tab and Shift+Tab. After the last cell comes a new row.
export const nextCell = (step) => (state, dispatch) => {
  const cell = cellAt(state.selection.$from);
  if (!cell) return false;
  const width = cell.table.child(0).childCount;
  const place = cell.row * width + cell.column + step;
  if (place < 0) return true;
  if (place < width * cell.table.childCount) {
    dispatch?.(intoCell(state.tr, cell.pos, { row: Math.floor(place / width), column: place % width }).scrollIntoView());
    return true;
  }
  return reshape((grid) => {
    grid.push(grid[0].map(blank));
    return { row: grid.length - 1, column: 0 };
  })(state, dispatch);
};

// Enter goes on in a new line of the cell; a cell holds no paragraphs.
export const lineInCell = (state, dispatch) => {
  if (!cellAt(state.selection.$from)) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

export const leaveTable = (state, dispatch) => Boolean(cellAt(state.selection.$from)) && leaveBlock(state, dispatch);

// Where the selection reaches over several cells of one table: the stretches of text to take out, last first.
function stretches({ $from, $to }) {
  const [first, last] = [cellAt($from), cellAt($to)];
  if (!first || !last || first.pos !== last.pos || $from.sameParent($to)) return null;
  const found = [];
  first.table.descendants((node, offset) => {
    if (node.type !== nodes.table_cell) return true;
    const start = first.pos + offset + 2;
    const [from, to] = [Math.max(start, $from.pos), Math.min(start + node.content.size, $to.pos)];
    if (from < to) found.unshift([from, to]);
    return false;
  });
  return found;
}

function cleared(state) {
  const found = stretches(state.selection);
  if (!found) return null;
  const { from } = state.selection;
  const tr = found.reduce((made, [start, end]) => made.delete(start, end), state.tr);
  return tr.setSelection(TextSelection.create(tr.doc, from));
}

// Backspace and Delete over several cells empty them, and leave the cells.
export const clearCells = (state, dispatch) => {
  const tr = cleared(state);
  if (tr) dispatch?.(tr);
  return Boolean(tr);
};

export function tables() {
  return new Plugin({
    appendTransaction: (transactions, before, state) => (transactions.some((tr) => tr.docChanged) ? evened(state, before) : null),
    props: {
      handleTextInput(view, _from, _to, text) {
        const tr = cleared(view.state);
        if (tr) view.dispatch(tr.insertText(text));
        return Boolean(tr);
      },
      handlePaste: (view, _event, slice) => pasteIntoCell(view, slice),
    },
  });
}

// Fills up the rows of tables that have changed, so that every row has as many cells as the longest.
function evened(state, before) {
  const tr = state.tr;
  const look = (node, pos, old) => node.forEach((child, offset) => {
    if (old.has(child)) return;
    const at = pos + offset;
    if (child.type === nodes.part) look(child, at + 1, new Set());
    else if (child.type === nodes.table) fill(tr, child, at);
  });
  look(state.doc, 0, new Set(before.doc.content.content));
  return tr.docChanged ? tr : null;
}

function fill(tr, table, pos) {
  const width = Math.max(...table.content.content.map((row) => row.childCount));
  table.forEach((row, offset) => {
    const lacks = width - row.childCount;
    const end = tr.mapping.map(pos + 1 + offset + row.nodeSize - 1);
    if (lacks) tr.insert(end, Array.from({ length: lacks }, blank));
  });
}

// A pasted table fills the cells from here on; anything else comes as words.
export function pasteIntoCell(view, slice) {
  const cell = cellAt(view.state.selection.$from);
  if (!cell || !cellAt(view.state.selection.$to)) return false;
  const from = cleared(view.state) ?? view.state.tr;
  const table = slice.content.childCount === 1 && slice.content.firstChild.type === nodes.table ? slice.content.firstChild : null;
  if (table) return overlay(view, cell, gridOf(table));
  view.dispatch(from.replaceSelection(new Slice(wordsOf(slice.content), 0, 0)).scrollIntoView());
  return true;
}

function overlay(view, cell, pasted) {
  return reshape((grid, { row, column }) => {
    const width = Math.max(grid[0].length, column + Math.max(...pasted.map((line) => line.length)));
    while (grid.length < row + pasted.length) grid.push([]);
    grid.forEach((line) => { while (line.length < width) line.push(blank()); });
    pasted.forEach((line, down) => line.forEach((one, along) => { grid[row + down][column + along] = one; }));
    return { row: row + pasted.length - 1, column: column + pasted.at(-1).length - 1 };
  })(view.state, view.dispatch) && cell !== null;
}

// The words of any content as one line, its blocks parted by breaks.
export function wordsOf(content) {
  const lines = [];
  const loose = [];
  content.forEach((node) => {
    if (node.isInline) loose.push(node);
    node.descendants((inner) => { if (inner.isTextblock && inner.content.size) lines.push(inner.content); return !inner.isTextblock; });
    if (node.isTextblock && node.content.size) lines.push(node.content);
  });
  if (loose.length) return Fragment.from(loose);
  return lines.reduce((all, line) => (all.size ? all.addToEnd(nodes.hard_break.create()) : all).append(line), Fragment.empty);
}
