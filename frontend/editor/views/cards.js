// Blocks that stand for something elsewhere: another story, or an embed, which is never loaded in the studio.
import { providerOf } from "../address.js";
import { button, element, uniqueId } from "../element.js";
import { icon } from "../icons.js";
import { askForAddress, chooseStory } from "../prompts.js";
import { LeafView, blockTools, mirror, setAttributes } from "./block.js";

class Card extends LeafView {
  constructor(desk, node, view, getPos) {
    super();
    Object.assign(this, { desk, node, view, getPos });
  }

  set(attrs) {
    setAttributes(this.view, this.getPos(), attrs);
  }

  frame(sign, what, change, ...inside) {
    const tools = this.desk.writable && element("div", { class: "ed-cardtools ed-own" },
      button("Change", change), blockTools(this.view, this.getPos, what));
    this.dom = element("div", { class: "ed-linkcard", contenteditable: "false" },
      element("span", { class: "ed-cardsign" }, icon(sign)), element("div", { class: "ed-cardtext" }, ...inside), tools);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }
}

export class ReadMoreView extends Card {
  constructor(...given) {
    super(...given);
    this.title = element("p", { class: "ed-cardtitle" });
    this.path = element("p", { class: "ed-hint" });
    this.frame("readmore", "link to a story", () => chooseStory(this.desk, (story) => this.set({ post: story.id })),
      element("p", { class: "ed-blockname" }, "Read more"), this.title, this.path);
    this.draw();
  }

  draw() {
    const story = this.desk.stories.get(this.node.attrs.post);
    this.title.textContent = story?.title || `Story ${this.node.attrs.post}`;
    this.path.textContent = story?.path ?? "Not published yet: readers see this link once it is.";
  }
}

export class EmbedView extends Card {
  constructor(...given) {
    super(...given);
    this.provider = element("p", { class: "ed-blockname" });
    this.address = element("p", { class: "ed-hint ed-address" });
    this.title = element("input", { type: "text", id: uniqueId("ed-embed"), maxlength: 200, autocomplete: "off", placeholder: "What it shows" });
    this.title.readOnly = !this.desk.writable;
    this.title.addEventListener("input", () => this.set({ title: this.title.value }));
    const change = () => askForAddress(this.desk, this.node.attrs.url, (url) => this.set({ url }));
    this.frame("embed", "embed", change, this.provider,
      element("div", { class: "ed-altrow" }, element("label", { for: this.title.id }, "Title"), this.title), this.address);
    this.draw();
  }

  draw() {
    const { url, title } = this.node.attrs;
    this.provider.textContent = `${providerOf(url)} · loads when the reader clicks`;
    this.address.textContent = url;
    mirror(this.title, title);
  }
}
