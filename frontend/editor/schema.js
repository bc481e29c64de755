// The body's schema, made from blog/posts/document.json, which the server reads too: kinds, order, attributes and marks stand
// there alone. This file adds only how each kind is drawn into, and read from, HTML.
import { Schema } from "prosemirror-model";
import { safeHref } from "./address.js";
import spec from "../../blog/posts/document.json" with { type: "json" };

const integer = (dom, name) => Number.parseInt(dom.getAttribute(name) ?? "", 10) || 0;
const text = (dom, name) => dom.getAttribute(name) ?? "";
const textOrNull = (dom, name) => dom.getAttribute(name);

// Attributes of a block that HTML knows nothing of travel as data-*: this is how our own blocks are cut and pasted.
const data = (attrs) => Object.fromEntries(
  Object.entries(attrs).filter(([, value]) => value !== null).map(([name, value]) => [`data-${name}`, String(value)]));

// A word that the spec knows for the attribute, else its default.
function choice(node, name, dom) {
  const rule = spec.nodes[node].attrs[name];
  const given = text(dom, `data-${name}`);
  return rule.enum.includes(given) ? given : rule.default;
}

const webAddress = (dom) => (/^https?:/.test(text(dom, "data-url")) ? safeHref(text(dom, "data-url")) ?? "" : "");

const nodeLooks = {
  paragraph: { parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.min(4, Math.max(2, level)) } })),
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  },
  blockquote: {
    defining: true,
    parseDOM: [{ tag: "blockquote", getAttrs: (dom) => ({ source: text(dom, "data-source") }) }],
    toDOM: (node) => ["blockquote", data(node.attrs), 0],
  },
  bullet_list: { parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  ordered_list: {
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: dom.hasAttribute("start") ? integer(dom, "start") : 1 }) }],
    toDOM: (node) => (node.attrs.start === 1 ? ["ol", 0] : ["ol", { start: node.attrs.start }, 0]),
  },
  list_item: { defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  code_block: {
    code: true,
    defining: true,
    parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: (dom) => ({ language: text(dom, "data-language") }) }],
    toDOM: (node) => ["pre", data(node.attrs), ["code", 0]],
  },
  horizontal_rule: { parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
  figure: {
    draggable: true,
    parseDOM: [{ tag: "figure[data-image]", getAttrs: pictureAttrs }],
    toDOM: (node) => ["figure", data(node.attrs)],
  },
  gallery: {
    draggable: true, isolating: true, atom: true,
    parseDOM: [{ tag: "div[data-gallery]" }],
    toDOM: () => ["div", { "data-gallery": "" }, 0],
  },
  gallery_item: {
    parseDOM: [{ tag: "div[data-image]", getAttrs: pictureAttrs }],
    toDOM: (node) => ["div", data(node.attrs)],
  },
  bottom_line: {
    defining: true, isolating: true,
    parseDOM: [{ tag: "aside[data-bottom-line]" }],
    toDOM: () => ["aside", { "data-bottom-line": "" }, 0],
  },
  fact_box: {
    defining: true, isolating: true,
    parseDOM: [{ tag: "aside[data-fact-box]", getAttrs: (dom) => ({ heading: text(dom, "data-heading") }) }],
    toDOM: (node) => ["aside", { "data-fact-box": "", ...data(node.attrs) }, 0],
  },
  part: {
    defining: true,
    parseDOM: [{ tag: "section[data-medium]", getAttrs: (dom) => ({ medium: text(dom, "data-medium") === "mail" ? "mail" : "web" }) }],
    toDOM: (node) => ["section", data(node.attrs), 0],
  },
  sky_card: {
    draggable: true,
    parseDOM: [{ tag: "div[data-show]", getAttrs: (dom) => ({ show: choice("sky_card", "show", dom) }) }],
    toDOM: (node) => ["div", data(node.attrs)],
  },
  table: {
    isolating: true, draggable: true,
    parseDOM: [
      { tag: "caption, colgroup", ignore: true },
      { tag: "table", getAttrs: (dom) => ({ caption: text(dom, "data-caption").slice(0, 300), head: choice("table", "head", dom) }) },
    ],
    toDOM: (node) => ["table", data(node.attrs), ["tbody", 0]],
  },
  table_row: { parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
  table_cell: { isolating: true, selectable: false, parseDOM: [{ tag: "td, th" }], toDOM: () => ["td", 0] },
  footnote: {
    inline: true, atom: true, draggable: true,
    parseDOM: [{ tag: "span[data-note]", getAttrs: (dom) => ({ text: text(dom, "data-text").slice(0, 1000), url: webAddress(dom) }) }],
    toDOM: (node) => ["span", { "data-note": "", ...data(node.attrs) }],
  },
  read_more: {
    draggable: true,
    parseDOM: [{ tag: "div[data-post]", getAttrs: (dom) => integer(dom, "data-post") > 0 && { post: integer(dom, "data-post") } }],
    toDOM: (node) => ["div", data(node.attrs)],
  },
  promotion: {
    defining: true, isolating: true,
    parseDOM: [{ tag: "aside[data-label]", getAttrs: (dom) => ({
      heading: text(dom, "data-heading"), url: text(dom, "data-url"),
      label: text(dom, "data-label"), ends: textOrNull(dom, "data-ends"),
    }) }],
    toDOM: (node) => ["aside", data(node.attrs), 0],
  },
  embed: {
    draggable: true,
    parseDOM: [{ tag: "div[data-url]", getAttrs: (dom) =>
      webAddress(dom) !== "" && {
        url: webAddress(dom), title: text(dom, "data-title"), description: text(dom, "data-description"), site: text(dom, "data-site"),
      } }],
    toDOM: (node) => ["div", data(node.attrs)],
  },
  hard_break: { inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
};

const markLooks = {
  link: {
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: linkAttrs }],
    toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener" }, 0],
  },
  strong: {
    parseDOM: [{ tag: "strong" }, { tag: "b" }],
    toDOM: () => ["strong", 0],
  },
  em: {
    parseDOM: [{ tag: "em" }, { tag: "i" }],
    toDOM: () => ["em", 0],
  },
  superscript: { parseDOM: [{ tag: "sup" }], toDOM: () => ["sup", 0] },
  subscript: { parseDOM: [{ tag: "sub" }], toDOM: () => ["sub", 0] },
  code: { code: true, parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
};

function pictureAttrs(dom) {
  const image = integer(dom, "data-image");
  const width = dom.getAttribute("data-width");
  return image !== 0 && {
    image, alt: textOrNull(dom, "data-alt"), caption: textOrNull(dom, "data-caption"), ...(width ? { width } : {}),
  };
}

function linkAttrs(dom) {
  const href = safeHref(text(dom, "href"));
  return href !== null && { href };
}

// A gallery needs at least one picture, and ProseMirror wants to be able to make one out of nothing: picture 0, which is never saved.
const unlessGiven = { gallery_item: { image: 0 } };

function nodeSpec([name, { group, content, marks, attrs }]) {
  const shape = { ...(group && { group }), ...(content && { content }), ...(marks !== undefined && { marks }) };
  return [name, { ...shape, ...(attrs && { attrs: attributes(name, attrs) }), ...nodeLooks[name] }];
}

function markSpec([name, { excludes, attrs }]) {
  return [name, { ...(excludes && { excludes }), ...(attrs && { attrs: attributes(name, attrs) }), ...markLooks[name] }];
}

function attributes(owner, attrs) {
  return Object.fromEntries(Object.entries(attrs).map(([name, rule]) => {
    const validate = (rule.type === "integer" ? "number" : rule.type) + (rule.nullable ? "|null" : "");
    const start = "default" in rule ? rule.default : unlessGiven[owner]?.[name];
    return [name, start === undefined ? { validate } : { validate, default: start }];
  }));
}

export const version = spec.doc_version;
export const schema = new Schema({
  topNode: "doc",
  nodes: Object.fromEntries(Object.entries(spec.nodes).map(nodeSpec)),
  marks: Object.fromEntries(Object.entries(spec.marks).map(markSpec)),
});
