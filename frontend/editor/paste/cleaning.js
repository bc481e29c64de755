// Cleans HTML from word processors, mail programs and web pages before ProseMirror reads it. `cleanPasted` works on any DOM document;
// `transformPasted` is what the editor's view calls. Copies of our own blocks keep what they are.
import { cleanLinks } from "./links.js";
import { wordLists, wordWebLists } from "./lists.js";
import { takeNotes } from "./notes.js";
import { takePictures } from "./pictures.js";
import { breaksToParagraphs, plainBlanks, plainHeadings, quoteSources, stylesToMarks } from "./styles.js";
import { cleanTables } from "./tables.js";

// `onPicture({src, alt, caption})` answers the number under which a picture from elsewhere is awaited, or null to leave it out.
export function transformPasted(html, onPicture) {
  const page = new DOMParser().parseFromString(hideStyles(html), "text/html");
  try {
    cleanPasted(page, onPicture);
  } catch (error) {
    // Words that come untidy are better than none.
    console.error(error);
    page.body.querySelectorAll("img, [data-image]").forEach((one) => one.remove());
  }
  return page.body.innerHTML;
}

// The page's security policy forbids style attributes, and the browser complains of each that it meets, even in a paste.
// Under another name they can be read in peace.
export function hideStyles(html) {
  return html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
}

const UNSEEN = "style, script, meta, link, title, template, noscript, xml, .gmail_signature, .EOP, [data-style*='display:none'], [data-style*='display: none'], [data-style*='mso-hide:all']";

export function cleanPasted(page, onPicture = () => null) {
  const { body } = page;
  const own = Boolean(body.querySelector("[data-pm-slice]"));
  body.querySelectorAll(UNSEEN).forEach((one) => one.remove());
  for (const odd of [...body.querySelectorAll("*")].filter((one) => /^(o|w|v|st1):/i.test(one.tagName) && !one.querySelector("img"))) odd.replaceWith(...odd.childNodes);
  cleanLinks(body);
  plainHeadings(page, body);
  stylesToMarks(page, body);
  wordLists(page, body);
  wordWebLists(page, body);
  if (!own) takeNotes(page, body);
  takePictures(page, body, onPicture);
  if (!own) cleanTables(page, body);
  if (!own) quoteSources(body);
  plainBlanks(body);
  if (!own) breaksToParagraphs(page, body);
  body.querySelectorAll("[data-style]").forEach((styled) => styled.removeAttribute("data-style"));
  if (!own) dropEmpty(body);
}

const BLOCK = /^(?:p|div|h[1-6]|ul|ol|li|table|blockquote|pre|hr|figure|section|article|aside)$/i;

function besideWords(line, way) {
  let next = line[way];
  while (next && (next.nodeType === 8 || (next.nodeType === 3 && !next.data.trim()))) next = next[way];
  return Boolean(next) && !BLOCK.test(next.nodeName) && next.nodeName !== "BR";
}

// A foreign text parts its paragraphs by empty ones; ours stand apart by themselves.
function dropEmpty(body) {
  body.querySelectorAll("br.Apple-interchange-newline").forEach((one) => one.remove());
  for (const empty of body.querySelectorAll("p, div, h1, h2, h3, h4, h5, h6")) {
    const kept = empty.closest("td, th, [data-image], [data-note]") || empty.querySelector("hr, img, [data-image], [data-note], table, pre");
    if (!kept && !empty.textContent.replace(/[\s\u00a0\u200b]/g, "") && ![...empty.attributes].some(({ name }) => name.startsWith("data-"))) empty.remove();
  }
  for (const line of body.querySelectorAll("br")) if (!besideWords(line, "previousSibling") && !besideWords(line, "nextSibling") && !line.closest("td, li, pre")) line.remove();
  // A break at the very end, as Google Docs leaves one, is no line.
  for (let last = body.lastChild; last && (last.nodeName === "BR" || (last.nodeType === 3 && !last.data.trim()) || last.nodeType === 8); last = body.lastChild) last.remove();
}
