// The block menu: opens on "/" in an empty paragraph or from a "+", filters as one types, and is worked by the arrow keys.
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { matching } from "./blocks.js";
import { inOwnParagraph, topBlock } from "./commands.js";
import { element } from "./element.js";
import { icon } from "./icons.js";
import { schema } from "./schema.js";

const key = new PluginKey("menu");
const closed = { open: false };

export function blockMenu(desk) {
  return new Plugin({
    key,
    state: { init: () => closed, apply },
    props: {
      handleKeyDown,
      attributes: (state) => {
        const { open, matches, at } = key.getState(state);
        return open && matches.length ? { "aria-controls": "ed-menu", "aria-activedescendant": `ed-option-${matches[at].id}` } : {};
      },
      handleDOMEvents: { blur: (view) => { close(view); return false; } },
    },
    view: (view) => new MenuView(view, desk),
  });
}

// Opens the menu in an empty paragraph: the one at hand, or a new one at `pos`.
export function openMenu(view, pos = null) {
  const block = topBlock(view.state);
  const here = pos === null && block?.node.type === schema.nodes.paragraph && !block.node.content.size;
  const tr = view.state.tr;
  const start = pos ?? (block ? block.pos + block.node.nodeSize : view.state.selection.to);
  if (!here) tr.insert(start, schema.nodes.paragraph.create()).setSelection(TextSelection.create(tr.doc, start + 1));
  view.dispatch(tr.setMeta(key, "open").scrollIntoView());
  view.focus();
}

function apply(tr, before, _old, state) {
  const meta = tr.getMeta(key);
  if (meta === "close") return closed;
  const { $from } = state.selection;
  if (!inOwnParagraph(state.selection)) return closed;
  const text = $from.parent.textContent;
  const slash = text.startsWith("/");
  if (meta === "open") return opened($from, "", false, 0);
  if (!before.open) return tr.docChanged && text === "/" && !tr.getMeta("history$") ? opened($from, "", true, 0) : closed;
  if ($from.start() !== tr.mapping.map(before.start, -1) || (before.slash && !slash) || /\s\S*\s/.test(text)) return closed;
  const query = text.slice(before.slash ? 1 : 0);
  const at = typeof meta === "number" ? meta : query === before.query ? before.at : 0;
  return opened($from, query, before.slash, at);
}

function opened($from, query, slash, at) {
  return { open: true, start: $from.start(), query, slash, at, matches: matching(query) };
}

function close(view) {
  if (key.getState(view.state).open) view.dispatch(view.state.tr.setMeta(key, "close"));
}

function handleKeyDown(view, event) {
  const { open, matches, at } = key.getState(view.state);
  if (!open || event.isComposing) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close(view);
  else if (!matches.length || event.altKey) return false;
  else if (step) view.dispatch(view.state.tr.setMeta(key, (at + step + matches.length) % matches.length));
  else if (event.key === "Enter" || event.key === "Tab") view.menu.choose(matches[at]);
  else return false;
  return true;
}

class MenuView {
  constructor(view, desk) {
    Object.assign(this, { view, desk });
    this.list = element("div", { class: "ed-menu", id: "ed-menu", role: "listbox", "aria-label": "Blocks", tabindex: "0", hidden: true });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    desk.layer.append(this.list);
    view.menu = this;
  }

  update(view) {
    const state = key.getState(view.state);
    if (state === this.shown) return;
    const moved = !this.shown?.open || this.shown.matches !== state.matches;
    this.shown = state;
    this.list.hidden = !state.open || !state.matches.length;
    if (this.list.hidden) return;
    this.list.replaceChildren(...state.matches.map((block, index) => this.option(block, index === state.at)));
    if (moved) this.place(state.start);
    this.list.children[state.at].scrollIntoView({ block: "nearest" });
  }

  option(block, selected) {
    return element("div", {
      class: "ed-option", role: "option", id: `ed-option-${block.id}`, "aria-selected": String(selected),
      onclick: () => this.choose(block),
    }, icon(block.id), element("span", { class: "ed-option-name" }, block.label), element("span", { class: "ed-option-hint" }, block.hint));
  }

  // Below the line, or above it where there is more room.
  place(pos) {
    const line = this.view.coordsAtPos(pos);
    const layer = this.desk.layer.getBoundingClientRect();
    const bar = matchMedia("(max-width: 767px)").matches ? 72 : 0; // the studio's bar of rooms at the foot of a small screen
    const below = window.innerHeight - bar - line.bottom;
    this.list.style.maxHeight = "";
    const { offsetHeight, offsetWidth } = this.list;
    const above = below < offsetHeight + 16 && line.top - 60 > below;
    this.list.style.maxHeight = `${Math.max(176, Math.min(536, (above ? line.top - 120 : below - 16)))}px`;
    this.list.style.top = `${(above ? line.top - this.list.offsetHeight - 6 : line.bottom + 6) - layer.top}px`;
    this.list.style.left = `${Math.max(0, Math.min(line.left - layer.left, layer.width - offsetWidth))}px`;
  }

  choose(block) {
    const { start } = key.getState(this.view.state);
    const { to } = this.view.state.selection;
    this.view.dispatch(this.view.state.tr.delete(start, to).setMeta(key, "close"));
    block.run(this.view, this.desk);
  }

  destroy() {
    this.list.remove();
  }
}
