// A page that tells how far something has come (a delivery, an import) asks itself again and puts its newer part in place. The last
// one no longer says data-follow; where that part of it says data-reload, the whole page is another one then.
export function follow() {
  const part = document.querySelector("[data-follow]");
  if (part) setTimeout(() => look(part), Number(part.dataset.follow) * 1000);
}

async function look(part) {
  let newer = null;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    newer = page?.getElementById(part.id) ?? null;
  } catch {
    // The network is away for a moment: the numbers stay, and the next look may find it back.
  }
  if (!newer) setTimeout(() => look(part), Number(part.dataset.follow) * 1000);
  else if ("reload" in part.dataset && !newer.dataset.follow) location.reload();
  else {
    exchange(part, newer);
    follow();
  }
}

// What was folded out stays so, and the focus stays where it was.
function exchange(part, newer) {
  const held = part.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  const open = new Set([...part.querySelectorAll("details[open] > summary")].map(nameOf));
  for (const one of newer.querySelectorAll("summary")) if (open.has(nameOf(one))) one.parentElement.open = true;
  part.replaceWith(newer);
  if (held) [...newer.querySelectorAll("a, button, summary")].find((one) => nameOf(one) === held)?.focus({ preventScroll: true });
}

// The same after its numbers have changed.
function nameOf(element) {
  return `${element.localName} ${element.form?.action ?? element.getAttribute("href") ?? ""} ${element.textContent.replace(/[\d.,]+/g, "")}`;
}
