// Footnotes of word processors, as notes: the sign in the text becomes the note, its words leave the foot of the page.

const SIGN = /^\[?(?:\d{1,3}|[a-z]|[ivx]{1,5}|\*{1,3}|†|‡)\]?$/i;

export function takeNotes(page, body) {
  const taken = new Set();
  for (const link of [...body.querySelectorAll("a[href*='#']")]) {
    const name = link.getAttribute("href").split("#")[1];
    if (!SIGN.test(link.textContent.trim()) || !name) continue;
    const foot = footOf(body, name, link);
    if (foot && precedes(link, foot)) {
      link.closest("sup")?.textContent.trim() === link.textContent.trim() ? link.closest("sup").replaceWith(noteOf(page, foot)) : link.replaceWith(noteOf(page, foot));
      taken.add(foot);
    } else if (/^(?:cite_note|cite_ref|_?ftn|sdfootnote|fn)/i.test(name)) (link.closest("sup") ?? link).remove();
  }
  for (const foot of taken) remove(foot);
}

// The words at a name: the whole block around them. Word names the block, or a link inside it that leads back.
function footOf(body, name, link) {
  const target = [...body.querySelectorAll("[id], a[name]")].find((one) => one.id === name || one.getAttribute("name") === name);
  if (!target || target === link || target.contains(link)) return null;
  return target.closest("li, div[id], p") ?? target;
}

function precedes(one, other) {
  const order = [...one.ownerDocument.querySelectorAll("a, li, div, p")];
  return order.indexOf(one) < order.indexOf(other);
}

function noteOf(page, foot) {
  const copy = foot.cloneNode(true);
  for (const back of copy.querySelectorAll("a[href^='#'], a[href*='#_ftnref'], a[href*='anc']")) (back.closest("sup") ?? back).remove();
  const only = copy.querySelectorAll("a[href^='http']");
  const note = page.createElement("span");
  note.setAttribute("data-note", "");
  note.setAttribute("data-text", copy.textContent.replace(/[\s\u00a0]+/g, " ").replace(/^[\s↑^]+|[\s↩︎]+$/g, "").slice(0, 1000));
  if (only.length === 1) note.setAttribute("data-url", only[0].getAttribute("href"));
  return note;
}

// With the rule above it, and the list or the box that held it.
function remove(foot) {
  const { parentNode } = foot;
  foot.remove();
  if (parentNode.nodeType === 1 && parentNode.localName !== "body" && !parentNode.textContent.trim()) {
    const rule = parentNode.previousElementSibling;
    if (rule?.localName === "hr") rule.remove();
    parentNode.remove();
  }
}
