// The toolbar: one Tab stop, arrow keys inside; each button shows whether it holds for the selection and whether it can act.
import { redo, undo } from "prosemirror-history";
import { Plugin } from "prosemirror-state";
import * as acts from "./commands.js";
import { addNote } from "./views/footnote.js";
import { element } from "./element.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { linkAround, openLink } from "./prompts.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const apple = /Mac|iP(hone|ad)/.test(globalThis.navigator?.platform ?? "");
const ctrl = apple ? "⌘" : "Ctrl+";

const markTool = (name, icon, label, keys) => ({
  icon, label, keys, act: acts.mark(name), on: (state) => markHolds(state, marks[name]),
});
const tools = [
  [markTool("strong", "bold", "Bold", "B"), markTool("em", "italic", "Italic", "I"),
    { icon: "link", label: "Link", keys: "K", act: openLink, on: (state) => Boolean(linkAround(state)) }],
  [{ icon: "heading2", label: "Heading", act: acts.heading(2), on: (state) => acts.inside(state, nodes.heading, { level: 2 }) },
    { icon: "heading3", label: "Subheading", act: acts.heading(3), on: (state) => acts.inside(state, nodes.heading, { level: 3 }) }],
  [{ icon: "quote", label: "Quote", act: acts.quote, on: (state) => acts.within(state, nodes.blockquote) },
    { icon: "bullets", label: "Bullet list", act: acts.bullets, on: (state) => acts.within(state, nodes.bullet_list) },
    { icon: "numbers", label: "Numbered list", act: acts.numbers, on: (state) => acts.within(state, nodes.ordered_list) }],
  [markTool("superscript", "superscript", "Superscript", "."), markTool("subscript", "subscript", "Subscript", ","),
    markTool("code", "code", "Code", "E"),
    { icon: "footnote", label: "Note", keys: apple ? "⌥F" : "Alt+F", act: addNote }],
  [{ icon: "up", label: "Move block up", act: acts.moveBlock(-1) }, { icon: "down", label: "Move block down", act: acts.moveBlock(1) }],
  [{ icon: "undo", label: "Undo", keys: "Z", act: undo }, { icon: "redo", label: "Redo", keys: apple ? "⇧Z" : "Y", act: redo }],
];

function markHolds(state, type) {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

export function toolbar(bar) {
  return new Plugin({ view: (view) => new Toolbar(view, bar) });
}

class Toolbar {
  constructor(view, bar) {
    Object.assign(this, { view, bar });
    this.buttons = [];
    const add = this.make({ icon: "add", label: "Add a block", words: "Add", run: () => openMenu(view) });
    bar.append(add, ...tools.map((group) => element("div", { class: "ed-toolgroup", role: "group" }, group.map((tool) => this.make(tool)))));
    bar.addEventListener("keydown", (event) => this.rove(event));
    this.buttons.forEach(({ dom }, index) => { dom.tabIndex = index ? -1 : 0; });
    this.update(view);
  }

  make(tool) {
    const title = tool.keys ? `${tool.label} (${ctrl}${tool.keys})` : tool.label;
    const dom = element("button", {
      type: "button", class: tool.words ? "ed-tool ed-worded" : "ed-tool", title, "aria-label": tool.label,
      "aria-pressed": tool.on ? "false" : null,
      onclick: () => (tool.run ? tool.run() : this.run(tool)),
    }, icon(tool.icon), tool.words);
    dom.addEventListener("mousedown", (event) => event.preventDefault());
    this.buttons.push({ dom, tool });
    return dom;
  }

  run(tool) {
    this.view.focus();
    tool.act(this.view.state, this.view.dispatch, this.view);
  }

  update(view, before) {
    const { state } = view;
    if (before && before.doc === state.doc && before.selection.eq(state.selection) && before.storedMarks === state.storedMarks) return;
    for (const { dom, tool } of this.buttons) {
      if (tool.on) dom.setAttribute("aria-pressed", String(tool.on(state)));
      if (tool.act) dom.setAttribute("aria-disabled", String(!tool.act(state)));
    }
  }

  rove(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: this.buttons.length - 1 }[event.key];
    if (!step && end === undefined) return;
    event.preventDefault();
    const doms = this.buttons.map(({ dom }) => dom);
    const at = doms.indexOf(document.activeElement);
    const next = end ?? (at + step + doms.length) % doms.length;
    doms.forEach((dom, index) => { dom.tabIndex = index === next ? 0 : -1; });
    doms[next].focus();
  }

  destroy() {
    this.bar.replaceChildren();
  }
}
