// What comes by the clipboard as text: HTML is cleaned, Markdown is read, an address alone becomes an embed or a link, and pictures from
// elsewhere are brought here.
import { DOMParser as Reader } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { linkAddress, looksEmbeddable } from "./address.js";
import { inOwnParagraph, insertBlock } from "./commands.js";
import { fillCard } from "./prompts.js";
import { transformPasted } from "./paste/cleaning.js";
import { cleanAddress } from "./paste/links.js";
import { isCodeColours, looksLikeMarkdown, markdownToHtml } from "./paste/markdown.js";
import { schema } from "./schema.js";
import { pasteIntoCell } from "./tables.js";

const { nodes, marks } = schema;

export function pasting(desk) {
  const clean = (html) => {
    let leftOut = 0;
    const cleaned = transformPasted(html, (picture) => {
      const number = desk.arrivals.expect(picture);
      if (number === null) leftOut++;
      return number;
    });
    if (leftOut) desk.say(sentence(leftOut));
    setTimeout(() => desk.arrivals.bring((number, id) => settle(desk.view, number, id)));
    return cleaned;
  };
  return new Plugin({
    appendTransaction: (transactions, _before, state) => (transactions.some((tr) => tr.getMeta("history$")) ? late(desk, state) : null),
    props: {
      handlePaste: (view, event) => takeAddress(desk, view, event) || takeMarkdown(view, event, clean),
      transformPastedHTML: clean,
    },
  });
}

function sentence(count) {
  const [what, them] = count === 1 ? ["1 picture was", "it"] : [`${count} pictures were`, "them"];
  return `${what} left out of the paste: only your own computer can open ${them}. Upload ${them}, or choose from the library.`;
}

function figures(doc, number) {
  const found = [];
  doc.descendants((node, pos) => {
    if (node.type === nodes.figure && (number ? node.attrs.image === number : node.attrs.image < 0)) found.push({ pos, number: node.attrs.image });
    return !node.isTextblock;
  });
  return found;
}

// The picture has come: its figures get its number. That is no act of the writer's, so it is not one to undo.
function settle(view, number, id) {
  const found = figures(view.state.doc, number);
  if (!found.length) return;
  view.dispatch(found.reduce((tr, { pos }) => tr.setNodeAttribute(pos, "image", id), view.state.tr).setMeta("addToHistory", false));
}

// Undo and redo may bring back a figure whose picture has come meanwhile.
function late(desk, state) {
  const found = figures(state.doc).filter(({ number }) => desk.arrivals.get(number).id);
  if (!found.length) return null;
  return found.reduce((tr, { pos, number }) => tr.setNodeAttribute(pos, "image", desk.arrivals.get(number).id), state.tr).setMeta("addToHistory", false);
}

// An address alone: what can be played becomes an embed in an empty paragraph; over selected words it becomes their link.
function takeAddress(desk, view, event) {
  const given = event.clipboardData.getData("text/plain").trim();
  if (!/^https?:\/\/\S+$/i.test(given) || !linkAddress(given)) return false;
  const text = linkAddress(cleanAddress(given)) ?? given;
  const { state } = view;
  const { from, to, empty, $from } = state.selection;
  if (looksEmbeddable(text) && inOwnParagraph(state.selection) && !$from.parent.content.size) {
    const tr = insertBlock(state, nodes.embed.create({ url: text }));
    view.dispatch(tr);
    fillCard(desk, view, text);
    return true;
  }
  if ($from.parent.type.spec.code || !$from.parent.isTextblock) return false;
  const link = marks.link.create({ href: text });
  view.dispatch(empty ? state.tr.replaceSelectionWith(schema.text(text, [link]), false) : state.tr.addMark(from, to, link));
  return true;
}

// Markdown comes as plain text. Ctrl+Shift+V pastes it as it is.
function takeMarkdown(view, event, clean) {
  const text = event.clipboardData.getData("text/plain");
  const html = event.clipboardData.getData("text/html");
  const literal = view.input?.shiftKey || view.state.selection.$from.parent.type.spec.code;
  if (literal || (html && !isCodeColours(html)) || !looksLikeMarkdown(text)) return false;
  const dom = document.createElement("div");
  dom.append(...new DOMParser().parseFromString(clean(markdownToHtml(text)), "text/html").body.childNodes);
  const slice = Reader.fromSchema(schema).parseSlice(dom, { context: view.state.selection.$from });
  if (pasteIntoCell(view, slice)) return true;
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta("paste", true).setMeta("uiEvent", "paste"));
  return true;
}
