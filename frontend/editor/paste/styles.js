// What a style attribute says of words, as elements; and what only looks like something else, as what it is.

const STYLES = [
  ["sup", /vertical-align\s*:\s*super/i], ["sub", /vertical-align\s*:\s*sub/i],
  ["strong", /font-weight\s*:\s*(bold|[6-9]00)/i], ["em", /font-style\s*:\s*italic/i],
];

// Formats that stand in style attributes become elements, for the styles go.
// Google Docs wraps all it copies in a <b> that is not bold.
export function stylesToMarks(page, body) {
  for (const bold of body.querySelectorAll("b[data-style]")) {
    if (/font-weight\s*:\s*normal/i.test(bold.getAttribute("data-style"))) bold.replaceWith(...bold.childNodes);
  }
  for (const span of body.querySelectorAll("span[data-style], font[data-style]")) {
    if (span.closest("h1, h2, h3, h4, h5, h6") && bare(span)) continue;
    for (const [tag] of STYLES.filter(([, style]) => style.test(span.getAttribute("data-style")))) {
      const marked = page.createElement(tag);
      marked.append(...span.childNodes);
      span.append(marked);
    }
  }
}

// A heading is bold by itself: a format over all of it says nothing.
function bare(span) {
  const heading = span.closest("h1, h2, h3, h4, h5, h6");
  return heading.textContent.trim() === span.textContent.trim();
}

export function plainHeadings(page, body) {
  for (const line of body.querySelectorAll("p, div")) if (looksLikeHeading(line)) line.setAttribute("role", "heading");
  for (const looks of body.querySelectorAll("p[role='heading'], div[role='heading']")) {
    const level = Math.min(6, Math.max(1, Number(looks.getAttribute("aria-level")) || 2));
    const heading = page.createElement(`h${level}`);
    heading.append(...looks.childNodes);
    looks.replaceWith(heading);
  }
  for (const heading of body.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    for (const bold of heading.querySelectorAll("b, strong")) {
      if (bold.textContent.trim() === heading.textContent.trim()) bold.replaceWith(...bold.childNodes);
    }
  }
}

// Apple's notes have no headings, only large bold lines.
function looksLikeHeading(line) {
  const words = line.textContent.trim();
  const large = [...line.querySelectorAll("span, font")].find((one) => one.textContent.trim() === words &&
    /font-size\s*:\s*(?:1[89]|[2-9]\d)(?:\.\d+)?px/i.test(one.getAttribute("data-style") ?? ""));
  return words !== "" && Boolean(large) && [...line.querySelectorAll("b, strong")].some((one) => one.textContent.trim() === words);
}

// Who is quoted stands in a field of the quote.
export function quoteSources(body) {
  for (const quote of body.querySelectorAll("blockquote")) {
    const source = [...quote.querySelectorAll("footer, cite")].find((one) => !one.parentNode.closest("footer"));
    const words = source?.textContent.trim() ?? "";
    if (!words || words === quote.textContent.trim() || !quote.textContent.trim().endsWith(words)) continue;
    quote.setAttribute("data-source", words.replace(/^[—–-]\s*/, "").replace(/\s+/g, " ").slice(0, 200));
    source.remove();
  }
}

// Hard spaces that a browser puts in to keep two blanks apart are blanks; one that stands alone was meant.
export function plainBlanks(body) {
  body.normalize();
  for (const blank of body.querySelectorAll(".Apple-converted-space")) blank.replaceWith(" ");
  const texts = body.ownerDocument.createTreeWalker(body, 4);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (/\u00a0/.test(node.data) && !node.parentNode.closest("pre")) node.data = node.data.replace(/[ \n\t]*\u00a0[ \n\t\u00a0]+|[ \n\t]+\u00a0/g, " ");
  }
}

// Two line breaks in a row part paragraphs.
export function breaksToParagraphs(page, body) {
  for (const block of [body, ...body.querySelectorAll("p, div")]) {
    if (block.closest("table, pre, li")) continue;
    for (const first of [...block.childNodes].filter((node) => node.nodeName === "BR" && nextMeaning(node)?.nodeName === "BR")) {
      if (!first.parentNode) continue;
      let next = nextMeaning(first);
      while (next?.nodeName === "BR") {
        const after = nextMeaning(next);
        next.remove();
        next = after;
      }
      first.replaceWith(page.createElement("hr-gap"));
    }
    splitAtGaps(page, block);
  }
}

function nextMeaning(node) {
  let next = node.nextSibling;
  while (next && (next.nodeType === 8 || (next.nodeType === 3 && !next.data.trim()))) next = next.nextSibling;
  return next;
}

function splitAtGaps(page, block) {
  const gaps = [...block.children].filter((child) => child.localName === "hr-gap");
  if (!gaps.length) return;
  const pieces = [[]];
  for (const child of [...block.childNodes]) {
    if (gaps.includes(child)) pieces.push([]);
    else pieces.at(-1).push(child);
  }
  const made = pieces.filter((piece) => piece.length).map((piece) => {
    const paragraph = page.createElement("div");
    paragraph.append(...piece);
    return paragraph;
  });
  if (block.localName === "p") block.replaceWith(...made);
  else block.replaceChildren(...made);
}
