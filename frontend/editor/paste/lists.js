// Lists that are none: Word writes paragraphs that look like items, and its web version a list for every item.

// Word writes a list as paragraphs with "mso-list:l0 level2 lfo1" and a typed bullet or number inside.
export function wordLists(page, body) {
  let open = [];
  let last = null;
  let known = "";
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const { list, level } = wordLevel(paragraph);
    if (!level) continue;
    if (last === null || nextElement(last) !== paragraph || (level === 1 && list !== known)) open = [];
    if (level === 1) known = list;
    const start = takeMarker(paragraph);
    last = placeItem(page, open, { paragraph, level, start }) ?? last;
  }
}

function wordLevel(paragraph) {
  const style = paragraph.getAttribute("data-style") ?? "";
  const match = /mso-list\s*:\s*(l\d+)\s+level(\d)/i.exec(style);
  return match ? { list: match[1], level: Number(match[2]) } : { list: "", level: 0 };
}

function nextElement(node) {
  let next = node.nextSibling;
  while (next && next.nodeType !== 1 && !next.textContent.trim()) next = next.nextSibling;
  return next;
}

// Takes the typed marker out; answers the number that it stood for, or null for a bullet.
function takeMarker(paragraph) {
  const marked = [...paragraph.querySelectorAll("span[data-style]")]
    .find((span) => /mso-list\s*:\s*Ignore/i.test(span.getAttribute("data-style")));
  const found = /^[\s\u00a0]*(?:(\d+|[a-z])[.)]|[·•o§\u25aa\u2013-])[\s\u00a0]+/i;
  const words = (marked ?? paragraph).textContent;
  const match = found.exec(`${words} `);
  if (marked) marked.remove();
  else stripStart(paragraph, match ? match[0].trimEnd().length : 0);
  if (!match || !match[1]) return null;
  return Number(match[1]) || 1;
}

// Takes `count` characters, and the blanks after them, off the paragraph's beginning.
function stripStart(paragraph, count) {
  const texts = paragraph.ownerDocument.createTreeWalker(paragraph, 4);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const taken = Math.min(count, node.data.length);
    count -= taken;
    node.data = node.data.slice(taken).replace(/^[\s\u00a0]+/, "");
    if (node.data) return;
  }
}

// Moves the paragraph into the list of its level; answers the outermost list when that is new.
function placeItem(page, open, { paragraph, level, start }) {
  const depth = Math.min(level, open.length + 1);
  open.length = Math.min(open.length, depth);
  let list = open[depth - 1];
  let outermost = open[0] ?? null;
  if (!list) {
    list = page.createElement(start === null ? "ul" : "ol");
    if (start !== null && start !== 1) list.setAttribute("start", String(start));
    if (depth === 1) paragraph.before(list);
    else open[depth - 2].lastElementChild.append(list);
    open[depth - 1] = list;
    outermost = open[0];
  }
  const item = page.createElement("li");
  list.append(item);
  item.append(paragraph);
  return outermost;
}

// Word on the web puts each item into a list of its own, with its level in an attribute.
export function wordWebLists(page, body) {
  for (const wrapper of body.querySelectorAll(".ListContainerWrapper")) wrapper.replaceWith(...wrapper.childNodes);
  let open = [];
  let last = null;
  for (const item of [...body.querySelectorAll("li[data-aria-level]")]) {
    const list = item.parentNode;
    if (last === null || nextElement(last) !== list) open = [];
    const level = Math.min(Number(item.getAttribute("data-aria-level")) || 1, open.length + 1);
    open.length = Math.min(open.length, level);
    const home = open[level - 1];
    if (home && home.tagName === list.tagName) home.append(item);
    else if (level > 1) open[level - 2].lastElementChild.append((open[level - 1] = listLike(page, list, item)));
    else open[0] = last = list;
    if (!list.firstElementChild) list.remove();
  }
}

function listLike(page, list, item) {
  const made = page.createElement(list.tagName);
  made.append(item);
  return made;
}
