// A part of a story that is for the page only, or for mails only.
import { button, element } from "../element.js";
import { Box } from "./boxes.js";

const WORDS = {
  web: ["On the web only", "Left out of mails."],
  mail: ["In mails only", "Mails say this of the story in the place of its dek. The page leaves it out."],
};

export class PartView extends Box {
  constructor(...given) {
    super(...given);
    this.contentDOM = element("div", { class: "ed-part-text" });
    this.name = element("p", { class: "ed-blockname" });
    this.about = element("p", { class: "ed-hint" });
    this.dom = element("div", { class: "ed-part", role: "group" },
      element("header", { class: "ed-box-head", contenteditable: "false" }, this.name, this.about,
        this.desk.writable && button("Show everywhere", () => this.open()), this.tools("part")),
      this.contentDOM);
    this.draw();
  }

  open() {
    const pos = this.getPos();
    this.view.dispatch(this.view.state.tr.replaceWith(pos, pos + this.node.nodeSize, this.node.content));
    this.view.focus();
  }

  draw() {
    const { medium } = this.node.attrs;
    [this.name.textContent, this.about.textContent] = WORDS[medium];
    this.dom.dataset.medium = medium;
    this.dom.setAttribute("aria-label", WORDS[medium][0]);
  }
}
