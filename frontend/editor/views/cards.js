// Blocks that stand for something elsewhere: another story, tonight's sky, or an embed, which is never loaded in the studio.
import { plays, providerOf } from "../address.js";
import { button, element, uniqueId } from "../element.js";
import { icon } from "../icons.js";
import { askForAddress, chooseStory, fillCard } from "../prompts.js";
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
      change && button("Change", change), blockTools(this.view, this.getPos, what));
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

const SKIES = [["tonight", "The sky tonight"], ["moon", "The Moon tonight"], ["planets", "The planets tonight"]];

export class SkyCardView extends Card {
  constructor(...given) {
    super(...given);
    this.show = element("select", { id: uniqueId("ed-sky") }, SKIES.map(([value, label]) => element("option", { value }, label)));
    this.show.disabled = !this.desk.writable;
    this.show.addEventListener("change", () => this.set({ show: this.show.value }));
    this.frame("skycard", "sky card", null, element("p", { class: "ed-blockname" }, "Sky card · leads to tonight’s sky"),
      element("div", { class: "ed-altrow" }, element("label", { for: this.show.id }, "Shows"), this.show));
    this.draw();
  }

  draw() {
    if (document.activeElement !== this.show) this.show.value = this.node.attrs.show;
  }
}

export class EmbedView extends Card {
  constructor(...given) {
    super(...given);
    this.provider = element("p", { class: "ed-blockname" });
    this.address = element("p", { class: "ed-hint ed-address" });
    this.title = this.line("title", 200, "What it shows");
    this.description = this.line("description", 300, "A sentence about it");
    const change = () => askForAddress(this.desk, this.node.attrs.url, (url) => {
      this.set({ url, title: "", description: "", site: "" });
      fillCard(this.desk, this.view, url);
    });
    const row = (label, input) => element("div", { class: "ed-altrow" }, element("label", { for: input.id }, label), input);
    this.frame("embed", "embed", change, this.provider, row("Title", this.title), row("About", this.description), this.address);
    this.draw();
  }

  line(name, maxlength, placeholder) {
    const input = element("input", { type: "text", id: uniqueId("ed-embed"), maxlength, autocomplete: "off", placeholder });
    input.readOnly = !this.desk.writable;
    input.addEventListener("input", () => this.set({ [name]: input.value }));
    return input;
  }

  draw() {
    const { url, title, description } = this.node.attrs;
    this.provider.textContent = `${providerOf(url)} · ${plays(url) ? "loads when the reader clicks" : "a card with a link"}`;
    mirror(this.description, description);
    this.address.textContent = url;
    mirror(this.title, title);
  }
}
