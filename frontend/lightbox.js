// The pictures of an article over the whole window. Imported by site.js when a reader first asks for it.
import PhotoSwipe from "photoswipe";

const WORDS = { closeTitle: "Close", zoomTitle: "Zoom", arrowPrevTitle: "Previous picture", arrowNextTitle: "Next picture" };

// Shows `links`, beginning with `first`; when it closes, focus goes back to `opener`.
export function show(links, first, opener) {
  const pictures = links.map(picture);
  const pswp = new PhotoSwipe({
    ...WORDS,
    dataSource: pictures,
    index: links.indexOf(first),
    bgOpacity: 1,
    loop: false,
    preload: [1, 1],
    wheelToZoom: true,
    returnFocus: false,
    errorMsg: "This picture did not load.",
    arrowKeys: true,
    trapFocus: true,
    showHideAnimationType: still() ? "none" : "zoom",
    paddingFn: (view) => ({ top: 60, bottom: view.x < 640 ? 150 : 120, left: 0, right: 0 }),
  });
  pswp.on("uiRegister", () => addWords(pswp, pictures));
  pswp.on("bindEvents", () => hush(pswp));
  pswp.on("contentErrorElement", ({ content }) => offerFile(content));
  pswp.on("keydown", (event) => keys(pswp, event));
  remember(pswp, pictures);
  pswp.on("close", () => wake());
  pswp.on("destroy", () => opener.isConnected && opener.focus());
  pswp.init();
  return pswp;
}

function picture(link) {
  const image = link.querySelector("img");
  const figure = link.closest("figure");
  return {
    element: link,
    src: link.dataset.src,
    srcset: image.srcset,
    msrc: image.currentSrc || image.src,
    width: Number(link.dataset.width),
    height: Number(link.dataset.height),
    alt: image.alt,
    id: figure?.id || "",
    page: link.href,
    caption: figure?.querySelector(".figure__caption")?.textContent.trim() ?? "",
    credit: figure?.querySelector(".credit"),
  };
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The dialog has a name, and nothing behind it can be reached.
function hush(pswp) {
  pswp.element.setAttribute("aria-label", "Pictures of this story");
  pswp.element.setAttribute("aria-modal", "true");
  pswp.counterElement?.setAttribute("aria-hidden", "true");
  for (const other of document.body.children) {
    if (other !== pswp.element && !other.inert) {
      other.inert = true;
      other.dataset.hushed = "";
    }
  }
}

function wake() {
  for (const other of document.querySelectorAll("[data-hushed]")) {
    other.inert = false;
    delete other.dataset.hushed;
  }
}

function addWords(pswp, pictures) {
  pswp.ui.registerElement({
    name: "details",
    order: 9,
    isButton: true,
    tagName: "button",
    html: "Details",
    title: "Details on or off",
    ariaLabel: "Details on or off",
    onClick: () => toggleWords(pswp),
  });
  pswp.ui.registerElement({
    name: "caption",
    appendTo: "root",
    onInit: (box) => {
      box.className = "pswp__caption";
      box.setAttribute("aria-live", "polite");
      pswp.on("change", () => box.replaceChildren(...wordsOf(pictures[pswp.currIndex], pswp.currIndex, pictures.length)));
    },
  });
}

function wordsOf(shown, index, total) {
  const lines = [];
  const count = line("unseen", [`Picture ${index + 1} of ${total}. `]);
  lines.push(count);
  if (shown.caption) lines.push(line("", [shown.caption]));
  if (shown.credit) lines.push(line("", [shown.credit.cloneNode(true)]));
  lines.push(line("pswp__more", [anchor(shown.page, "Picture page"), " · ", anchor(shown.src, "Open the file")]));
  return lines;
}

function line(name, parts) {
  const p = document.createElement("p");
  p.className = name;
  p.append(...parts);
  return p;
}

function anchor(href, words) {
  const a = document.createElement("a");
  a.href = href;
  a.textContent = words;
  return a;
}

function toggleWords(pswp) {
  pswp.element.classList.toggle("pswp--no-caption");
}

function offerFile(content) {
  const box = document.createElement("div");
  box.className = "pswp__error-msg";
  box.append("This picture did not load. ", anchor(content.data.page, "Open its page"));
  content.element = box;
}

function keys(pswp, event) {
  const { key } = event.originalEvent;
  const deeds = {
    Home: () => pswp.goTo(0),
    End: () => pswp.goTo(pswp.getNumItems() - 1),
    Enter: () => !event.originalEvent.target.closest("a, button") && pswp.toggleZoom(),
    i: () => toggleWords(pswp),
    Tab: () => keepInside(pswp, event.originalEvent),
  };
  deeds[key]?.();
}

// Tab goes round within the view: from its last control to its first, and back.
function keepInside(pswp, event) {
  const all = [...pswp.element.querySelectorAll("button, a[href]")].filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
  const at = all.indexOf(document.activeElement);
  const next = event.shiftKey ? (at <= 0 ? all.at(-1) : null) : (at === all.length - 1 || at < 0 ? all[0] : null);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

// The address names the picture that is shown, and Back closes the view.
function remember(pswp, pictures) {
  const bare = location.pathname + location.search;
  const address = () => `${bare}#${pictures[pswp.currIndex].id}`;
  let isBack = false;
  const back = () => {
    isBack = true;
    pswp.close();
  };
  pswp.on("firstUpdate", () => {
    history.pushState({ lightbox: true }, "", address());
    addEventListener("popstate", back);
  });
  pswp.on("change", () => history.state?.lightbox && history.replaceState({ lightbox: true }, "", address()));
  pswp.on("close", () => {
    removeEventListener("popstate", back);
    if (!isBack && history.state?.lightbox) history.back();
  });
}
