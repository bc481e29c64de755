// A large picture from near: OpenSeadragon with our own buttons, which have names and are large enough to hit.
import OpenSeadragon from "openseadragon";

const KEYS = "Arrow keys move, plus and minus zoom, 0 shows all of it.";

// OpenSeadragon would add a style sheet of its own, which the site's policy forbids, unless it finds one with this mark.
function keepStylesOut() {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  // Of no known kind, so that nothing reads it as a style sheet.
  const mark = document.createElementNS("urn:mark", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(mark);
}

// Stands in the place of `plate` until it is closed. `opener` tells of the tiles.
export function show(plate, opener, onClose) {
  const { tiles, width, height } = opener.dataset;
  const stage = make("div", "closer__stage");
  const box = make("div", "closer");
  box.append(stage);
  plate.hidden = opener.hidden = true;
  plate.before(box);
  keepStylesOut();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = OpenSeadragon({
    element: stage, showNavigationControl: false, drawer: "canvas", tileSources: source(tiles, Number(width), Number(height)),
    animationTime: still ? 0 : 0.8, blendTime: still ? 0 : 0.2, maxZoomPixelRatio: 2, visibilityRatio: 0.8, zoomPerScroll: 1.3,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  });
  const end = () => { viewer.destroy(); box.remove(); plate.hidden = opener.hidden = false; onClose(); };
  box.append(bar(viewer, box, end));
  const canvas = viewer.canvas;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `${plate.querySelector("img")?.alt || "The picture"}. ${KEYS}`);
  // By what the key says, not where it lies: a plus is elsewhere on other keyboards.
  box.addEventListener("keydown", (event) => {
    const act = { "+": () => zoomBy(viewer, 1.3), "=": () => zoomBy(viewer, 1.3), "-": () => zoomBy(viewer, 1 / 1.3), 0: () => viewer.viewport.goHome() }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && !document.fullscreenElement) end(); });
  canvas.focus();
  return viewer;
}

function source(tiles, width, height) {
  return {
    width, height, tileSize: 510, tileOverlap: 1, minLevel: 8,
    maxLevel: Math.ceil(Math.log2(Math.max(width, height))),
    getTileUrl: (level, column, row) => `${tiles}/${level}/${column}_${row}.jpg`,
  };
}

function zoomBy(viewer, factor) {
  viewer.viewport.zoomBy(factor);
  viewer.viewport.applyConstraints();
}

function bar(viewer, box, end) {
  const row = make("div", "closer__bar");
  const zoom = (by) => () => zoomBy(viewer, by);
  row.append(
    button("Zoom in", "+", zoom(1.6)), button("Zoom out", "−", zoom(1 / 1.6)),
    button("Show all of it", "All", () => viewer.viewport.goHome()),
  );
  if (document.fullscreenEnabled) {
    row.append(button("Full screen", "Full screen", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else box.requestFullscreen();
    }));
  }
  row.append(button("Close", "Close", end));
  return row;
}

function button(name, words, act) {
  const made = make("button", "closer__button");
  made.type = "button";
  made.textContent = words;
  if (name !== words) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}

function make(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
