// Pictures open over the page. The lightbox itself is fetched when a reader first points at one, never before.
const here = document.querySelector("script[data-lightbox]");
let fetched;

// Rows of pictures line up by tenths without us; with the exact shapes they line up to the pixel.
export function lineUpRows() {
  for (const item of document.querySelectorAll("[data-ratio]")) item.style.setProperty("--r", item.dataset.ratio);
}

export function openPicturesInPlace() {
  const links = document.querySelectorAll(".figure__link[data-src]");
  if (!links.length || !here) return;
  for (const link of links) {
    link.addEventListener("pointerenter", fetchLightbox, { once: true, passive: true });
    link.addEventListener("focus", fetchLightbox, { once: true });
    link.addEventListener("click", (event) => open(event, link));
  }
  for (const larger of document.querySelectorAll(".figure__larger")) {
    const link = larger.closest("figure")?.querySelector(".figure__link[data-src]");
    if (link) larger.addEventListener("click", (event) => open(event, link, larger));
  }
}

function open(event, link, opener = link) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  fetchLightbox()
    .then((lightbox) => lightbox.show([...document.querySelectorAll(".figure__link[data-src]")], link, opener))
    .catch(() => { location.href = link.href; });
}

function fetchLightbox() {
  return fetched ??= Promise.all([import(here.dataset.lightbox), style(here.dataset.lightboxCss)]).then(([module]) => module);
}

function style(href) {
  return new Promise((resolve, reject) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: reject });
    document.head.append(sheet);
  });
}
