// The editor's icons: strokes on a 24-pixel square, in the colour of the text around them.

const PATHS = {
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h8M6 19h8M14 5l-4 14",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  superscript: "M4 8l8 11M12 8L4 19M16 10c0-4 4-4 4-1.5 0 1.5-4 2-4 3.5h4.5",
  subscript: "M4 5l8 11M12 5L4 16M16 16.5c0-4 4-4 4-1.5 0 1.5-4 2-4 3.5h4.5",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  quote: "M9 7H5v5h4c0 3-1 4-3 5M19 7h-4v5h4c0 3-1 4-3 5",
  bullets: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  numbers: "M10 6h10M10 12h10M10 18h10M4 4.5l1.5-.5v4M4 15c0-1.5 2.5-1.5 2.5 0 0 1-2.5 2-2.5 3h2.700",
  codeblock: "M4 5h16v14H4zM9 10l-2 2 2 2M15 10l2 2-2 2",
  divider: "M3 12h18",
  add: "M12 5v14M5 12h14",
  undo: "M9 8H15a5 5 0 0 1 0 10H8M9 8l3-3M9 8l3 3",
  redo: "M15 8H9a5 5 0 0 0 0 10h7M15 8l-3-3M15 8l-3 3",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  gallery: "M7 4h13v12H7zM4 8v12h13M7 13l4-3 3 3 2-2 4 3",
  bottomline: "M4 5h16v14H4zM8 10h8M8 14h5",
  readmore: "M5 4h9l5 5v11H5zM14 4v5h5M9 14h6M13 12l2 2-2 2",
  promotion: "M4 10v4h3l8 4V6l-8 4zM18 10a3 3 0 0 1 0 4",
  factbox: "M4 5h16v14H4zM12 9h.01M12 12v4",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14",
  footnote: "M4 7h9M4 12h12M4 17h12M17 8.500V4l-1.500 1",
  skycard: "M15 4a8 8 0 1 0 5 13A8 8 0 0 1 15 4z",
  webonly: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16",
  mailonly: "M4 6h16v12H4zM4 7l8 6 8-6",
  embed: "M4 6h16v12H4zM10.5 9.5v5l4-2.5z",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  left: "M19 12H5M11 6l-6 6 6 6",
  right: "M5 12h14M13 6l6 6-6 6",
  remove: "M6 7h12M10 7V5h4v2M8 7l1 12h6l1-12",
  close: "M6 6l12 12M18 6L6 18",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  upload: "M12 16V5M7 10l5-5 5 5M5 19h14",
  paragraph: "M4 7h16M4 12h16M4 17h10",
};
const LETTERS = { heading2: "H2", heading3: "H3", heading4: "H4" };

export function icon(name) {
  if (LETTERS[name]) {
    const letters = document.createElement("span");
    letters.className = "ed-letters";
    letters.setAttribute("aria-hidden", "true");
    letters.textContent = LETTERS[name];
    return letters;
  }
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "ed-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
