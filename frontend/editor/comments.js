// The comment panel: what others say of a block, marked in the text, said and settled without leaving the page. The server draws the
// panel; its forms are sent from here, and the answer takes its place.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const key = new PluginKey("comments");

// The blocks with open comments, which keep their mark while the text around them is edited.
export function commentMarks() {
  return new Plugin({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, marks) => (tr.getMeta(key) ? draw(tr.doc, tr.getMeta(key)) : marks.map(tr.mapping, tr.doc)),
    },
    props: {
      decorations: (state) => key.getState(state),
      handleKeyDown: (_view, event) => {
        if (event.code !== "KeyM" || !event.altKey || !(event.ctrlKey || event.metaKey)) return false;
        document.getElementById("comment-text")?.focus();
        return true;
      },
    },
  });
}

function draw(doc, numbers) {
  const marks = [];
  doc.forEach((node, pos, index) => {
    if (numbers.includes(index + 1)) marks.push(Decoration.node(pos, pos + node.nodeSize, { class: "ed-commented" }));
  });
  return DecorationSet.create(doc, marks);
}

export class Comments {
  constructor(desk, place, form) {
    Object.assign(this, { desk, place, form, list: place.querySelector("[data-list]") });
    this.text = document.getElementById("comment-text");
    form.addEventListener("submit", (event) => this.send(event));
    document.addEventListener("selectionchange", () => { if (desk.view.hasFocus()) this.follow(); });
    this.text.addEventListener("focus", () => this.follow());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.mark();
    this.follow();
  }

  // Where a new comment would stand: the block in which the writer was last, or the one before an empty line.
  follow() {
    const { view } = this.desk;
    const { doc, selection } = view.state;
    let number = Math.min(selection.$from.index(0) + 1, doc.childCount);
    while (number > 1 && doc.child(number - 1).isTextblock && !doc.child(number - 1).content.size) number -= 1;
    this.form.elements.block.value = number;
    const words = doc.child(number - 1).textContent.trim();
    document.getElementById("comment-about").textContent = words ? `On “${words.slice(0, 60)}${words.length > 60 ? "…" : ""}”` : `On block ${number}`;
  }

  onKey(event) {
    if (event.key === "Escape") this.desk.view.focus();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit(document.getElementById("comment-send"));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async send(event) {
    event.preventDefault();
    const { submitter } = event;
    const isNew = submitter.id === "comment-send";
    // The comment is about the words as they stand here, so they are saved first.
    if (isNew && this.desk.autosave?.dirty && !(await this.desk.autosave.save())) return;
    const body = new URLSearchParams(new FormData(this.form));
    body.set("csrf_token", this.desk.server.csrf);
    const answer = await this.ask(submitter.formAction, { method: "POST", body });
    if (!answer) return this.desk.say("The comment could not be sent. Check your connection and try again.");
    if (isNew && answer.ok) {
      this.text.value = "";
      this.desk.view.focus();
    }
    this.desk.tell(answer.ok ? "Done." : this.list.querySelector("[role=alert]")?.textContent ?? "");
  }

  // Asked when somebody else's page has told of something new; what is being typed here stays.
  heard(mark) {
    const now = this.list.firstElementChild?.dataset.mark;
    const typing = this.list.contains(document.activeElement) && document.activeElement.matches("textarea");
    if (mark !== undefined && mark !== now && !typing) this.ask(this.place.dataset.comments);
  }

  refresh() {
    if (this.list.querySelector(".comment")) this.heard("");
  }

  async ask(address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { "X-Panel": "1", Accept: "text/html" } }).catch(() => null);
    if (!answer || answer.redirected || ![200, 422].includes(answer.status)) return null;
    this.list.innerHTML = await answer.text();
    this.mark();
    return answer;
  }

  mark() {
    const open = [...this.list.querySelectorAll(".comment[data-block]")].filter((one) => !one.closest("details.comment__settled"));
    const numbers = open.map((one) => Number(one.dataset.block));
    const { view } = this.desk;
    if (key.getState(view.state)) view.dispatch(view.state.tr.setMeta(key, numbers));
  }
}
