// Tables as ours are: every row as long as the others, words alone in a cell. One that only lays out a page is taken apart.

export function cleanTables(page, body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    if (laysOut(table)) takeApart(page, table);
    else cleanTable(page, table);
  }
}

const rowsOf = (table) => [...table.querySelectorAll("tr")];
const cellsOf = (row) => [...row.children].filter((cell) => /^t[dh]$/i.test(cell.tagName));

function laysOut(table) {
  const rows = rowsOf(table);
  const widest = Math.max(0, ...rows.map((row) => cellsOf(row).length));
  return /presentation|none/.test(table.getAttribute("role") ?? "") || widest < 2 ||
    Boolean(table.querySelector("table, h1, h2, h3, h4, [data-image], blockquote, pre"));
}

function takeApart(page, table) {
  const pieces = rowsOf(table).flatMap(cellsOf).map((cell) => {
    const piece = page.createElement("div");
    piece.append(...cell.childNodes);
    return piece;
  });
  table.replaceWith(...pieces);
}

function cleanTable(page, table) {
  const rows = rowsOf(table);
  const head = headOf(table, rows);
  const caption = table.querySelector("caption")?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const grid = spread(page, rows);
  const made = page.createElement("table");
  made.setAttribute("data-head", head);
  if (caption) made.setAttribute("data-caption", caption);
  grid.forEach((cells, down) => {
    const row = page.createElement("tr");
    const heads = (along) => (!down && /row|both/.test(head)) || (!along && /column|both/.test(head));
    row.append(...cells.map((cell, along) => flat(page, cell, heads(along))));
    made.append(row);
  });
  table.replaceWith(made);
}

function headOf(table, rows) {
  const all = (cells, what) => cells.length > 0 && cells.every(what);
  const isHead = (cell) => cell.tagName === "TH" || boldAlone(cell);
  const first = cellsOf(rows[0]);
  const row = Boolean(table.querySelector("thead")) || all(first.filter((cell) => cell.textContent.trim()), isHead);
  const column = rows.length > 1 && all(rows.slice(1).map((one) => cellsOf(one)[0]).filter(Boolean), (cell) => cell.tagName === "TH");
  return row && column ? "both" : row ? "row" : column ? "column" : "none";
}

function boldAlone(cell) {
  const words = cell.textContent.trim();
  if (words && /font-weight\s*:\s*(?:bold|[6-9]00)/i.test(cell.getAttribute("data-style") ?? "")) return true;
  const bold = [...cell.querySelectorAll("b, strong")].map((one) => one.textContent.trim()).join("");
  return words !== "" && bold === words;
}

// Cells that reach over several places stand in the first; the others are empty.
function spread(page, rows) {
  const grid = rows.map(() => []);
  rows.forEach((row, down) => {
    let along = 0;
    for (const cell of cellsOf(row)) {
      while (grid[down][along]) along++;
      const wide = Math.min(50, Number(cell.getAttribute("colspan")) || 1);
      const tall = Math.min(rows.length - down, Number(cell.getAttribute("rowspan")) || 1);
      for (let y = 0; y < tall; y++) for (let x = 0; x < wide; x++) grid[down + y][along + x] = y || x ? page.createElement("td") : cell;
      along += wide;
    }
  });
  const width = Math.max(...grid.map((cells) => cells.length));
  return grid.map((cells) => Array.from({ length: width }, (_, at) => cells[at] ?? page.createElement("td")));
}

// Blocks in a cell become lines. What is bold because it is a heading is not bold once more.
function flat(page, cell, heads) {
  const made = page.createElement("td");
  const bold = heads && boldAlone(cell);
  const blocks = [...cell.querySelectorAll("p, div, li")].filter((block) => !block.querySelector("p, div, li"));
  if (blocks.length) {
    blocks.forEach((block, index) => made.append(...(index ? [page.createElement("br")] : []), ...block.childNodes));
  } else made.append(...cell.childNodes);
  if (bold) for (const mark of made.querySelectorAll("b, strong")) mark.replaceWith(...mark.childNodes);
  while (made.lastChild?.nodeName === "BR") made.lastChild.remove();
  return made;
}
