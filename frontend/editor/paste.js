// Cleans HTML from Google Docs, Word and web pages before ProseMirror reads it. `cleanPasted` works on any DOM document;
// `transformPasted` is what the editor's view calls.

export function transformPasted(html, onDropped) {
  const page = new DOMParser().parseFromString(hideStyles(html), "text/html");
  const dropped = cleanPasted(page);
  if (dropped) onDropped(dropped);
  return page.body.innerHTML;
}

// The page's security policy forbids style attributes, and the browser complains of each that it meets, even in a paste.
// Under another name they can be read in peace.
export function hideStyles(html) {
  return html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
}

// Returns how many remote pictures were left out.
export function cleanPasted(page) {
  const { body } = page;
  unwrapRedirects(body);
  stylesToMarks(page, body);
  wordLists(page, body);
  body.querySelectorAll("[data-style]").forEach((styled) => styled.removeAttribute("data-style"));
  dropEmptyEnds(body);
  return dropPictures(body);
}

// Google hands every link out as google.com/url?q=<the real one>.
function unwrapRedirects(body) {
  for (const link of body.querySelectorAll("a[href]")) {
    const match = /^https?:\/\/(?:www\.)?google\.[a-z.]+\/url\?(.*)$/i.exec(link.getAttribute("href"));
    const target = match && (new URLSearchParams(match[1]).get("q") ?? new URLSearchParams(match[1]).get("url"));
    if (target) link.setAttribute("href", target);
  }
}

const STYLES = [
  ["sup", /vertical-align\s*:\s*super/i], ["sub", /vertical-align\s*:\s*sub/i],
  ["strong", /font-weight\s*:\s*(bold|[6-9]00)/i], ["em", /font-style\s*:\s*italic/i],
];

// Formats that stand in style attributes become elements, for the styles go.
// Google Docs wraps all it copies in a <b> that is not bold.
function stylesToMarks(page, body) {
  for (const bold of body.querySelectorAll("b[data-style]")) {
    if (/font-weight\s*:\s*normal/i.test(bold.getAttribute("data-style"))) bold.replaceWith(...bold.childNodes);
  }
  for (const span of body.querySelectorAll("span[data-style], font[data-style]")) {
    for (const [tag] of STYLES.filter(([, style]) => style.test(span.getAttribute("data-style")))) {
      const marked = page.createElement(tag);
      marked.append(...span.childNodes);
      span.append(marked);
    }
  }
}

// Word writes a list as paragraphs with "mso-list:l0 level2 lfo1" and a typed bullet or number inside.
function wordLists(page, body) {
  let open = [];
  let last = null;
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const level = wordLevel(paragraph);
    if (!level) continue;
    if (last === null || nextElement(last) !== paragraph) open = [];
    const start = takeMarker(paragraph);
    last = placeItem(page, open, { paragraph, level, start }) ?? last;
  }
}

function wordLevel(paragraph) {
  const style = paragraph.getAttribute("data-style") ?? "";
  const match = /mso-list\s*:\s*l\d+\s+level(\d)/i.exec(style);
  return match ? Number(match[1]) : 0;
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

function dropEmptyEnds(body) {
  for (const empty of body.querySelectorAll("p, br.Apple-interchange-newline")) {
    const bare = !empty.textContent.replace(/[\s\u00a0]/g, "") && !empty.querySelector("img, [data-image]");
    if (bare && (empty.tagName === "BR" || !followed(empty, body))) empty.remove();
  }
  while (body.lastElementChild?.tagName === "BR" && !body.lastElementChild.nextSibling?.textContent?.trim()) {
    body.lastElementChild.remove();
  }
}

function followed(node, body) {
  for (let at = node; at && at !== body; at = at.parentNode) {
    for (let next = at.nextSibling; next; next = next.nextSibling) {
      if (next.nodeType !== 8 && next.textContent.trim()) return true;
      if (next.nodeType === 1 && (next.matches("hr, img, [data-image], [data-post], [data-url]"))) return true;
    }
  }
  return false;
}

function dropPictures(body) {
  const pictures = [...body.querySelectorAll("img, picture, svg, iframe, video, object")];
  const shown = pictures.filter((one) => one.tagName === "IMG" && !(Number(one.getAttribute("width")) === 1));
  pictures.forEach((one) => one.remove());
  return shown.length;
}
