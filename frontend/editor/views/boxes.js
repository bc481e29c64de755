// Blocks with text inside and fields around it: quote with its source, bottom line, fact box, promotion, code with its language.
import { pageAddress } from "../address.js";
import { complain, element, field, uniqueId } from "../element.js";
import { BoxView, blockTools, mirror, setAttributes } from "./block.js";

export class Box extends BoxView {
  constructor(desk, node, view, getPos) {
    super();
    Object.assign(this, { desk, node, view, getPos });
  }

  set(attrs) {
    setAttributes(this.view, this.getPos(), attrs);
  }

  line(name, props = {}) {
    const input = element("input", { type: "text", id: uniqueId("ed-box"), autocomplete: "off", ...props });
    input.readOnly = !this.desk.writable;
    input.addEventListener("input", () => this.set({ [name]: input.value }));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.view.focus(); }
    });
    return input;
  }

  tools(what) {
    return this.desk.writable ? blockTools(this.view, this.getPos, what) : null;
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  draw() {}
}

export class QuoteView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("div", { class: "ed-quote-text" });
    this.source = this.line("source", { maxlength: 200, class: "ed-quote-source", placeholder: "Who said it, and where", "aria-label": "Source of the quote" });
    this.dom = element("blockquote", { class: "ed-quote" }, this.contentDOM,
      element("footer", { contenteditable: "false" }, this.source));
    this.draw();
  }

  draw() {
    mirror(this.source, this.node.attrs.source);
  }
}

export class BottomLineView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("div", { class: "ed-box-text" });
    this.dom = element("div", { class: "ed-bottomline", role: "group", "aria-label": "Bottom line" },
      element("header", { class: "ed-box-head", contenteditable: "false" },
        element("p", { class: "ed-blockname" }, "Bottom line"), this.tools("bottom line")),
      this.contentDOM);
  }
}

export class FactBoxView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("div", { class: "ed-box-text" });
    this.heading = this.line("heading", { maxlength: 120, class: "ed-boxheading", placeholder: "Facts", "aria-label": "Heading of the fact box" });
    this.dom = element("div", { class: "ed-factbox", role: "group", "aria-label": "Fact box" },
      element("header", { class: "ed-box-head", contenteditable: "false" },
        element("p", { class: "ed-blockname" }, "Fact box"), this.tools("fact box")),
      element("div", { contenteditable: "false" }, this.heading), this.contentDOM);
    this.draw();
  }

  draw() {
    mirror(this.heading, this.node.attrs.heading);
  }
}

export class PromotionView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("div", { class: "ed-box-text" });
    this.heading = this.line("heading", { maxlength: 120 });
    this.label = this.line("label", { maxlength: 60 });
    this.url = element("input", { type: "url", autocomplete: "off", maxlength: 2000, placeholder: "https://" });
    this.ends = element("input", { type: "date" });
    this.url.addEventListener("change", () => this.takeAddress());
    this.ends.addEventListener("change", () => this.set({ ends: this.ends.value || null }));
    [this.url, this.ends].forEach((control) => { control.readOnly = !this.desk.writable; });
    this.dom = element("div", { class: "ed-promotion", role: "group", "aria-label": "Promotion" },
      element("header", { class: "ed-box-head", contenteditable: "false" },
        element("p", { class: "ed-blockname" }, "Promotion"), this.tools("promotion")),
      element("div", { contenteditable: "false" }, field("Heading", this.heading)),
      this.contentDOM, this.settings());
    this.draw();
  }

  settings() {
    return element("div", { class: "ed-pair", contenteditable: "false" },
      field("Button address", this.url), field("Button words", this.label),
      field("Last day", this.ends, "After it the box leaves every story. Leave empty for no end."));
  }

  // Half an address is never saved: the server would refuse the whole story for it.
  takeAddress() {
    const typed = this.url.value.trim();
    const address = typed ? pageAddress(typed) : "";
    complain(this.url, address === null ? ["That is not a web address. It looks like https://example.org/offer."] : []);
    if (address === null) return;
    this.url.value = address;
    this.set({ url: address });
  }

  draw() {
    const { heading, url, label, ends } = this.node.attrs;
    mirror(this.heading, heading);
    mirror(this.label, label);
    if (!this.url.getAttribute("aria-invalid")) mirror(this.url, url);
    mirror(this.ends, ends ?? "");
  }
}

export class CodeView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("code");
    this.language = this.line("language", { maxlength: 30, class: "ed-language", placeholder: "language", "aria-label": "Language of the code" });
    this.dom = element("div", { class: "ed-code" },
      element("div", { class: "ed-code-head", contenteditable: "false" }, this.language),
      element("pre", { spellcheck: "false" }, this.contentDOM));
    this.draw();
  }

  draw() {
    mirror(this.language, this.node.attrs.language);
  }
}
