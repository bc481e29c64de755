// A story's sources: a list in the settings panel, kept in a hidden field of the form. Each is moved by its buttons, by Alt+arrows and by
// dragging, changed in a dialog, and found out about by pasting a DOI or an address.
import { openDialog } from "./dialog.js";
import { button, complain, element, field } from "./element.js";
import { icon } from "./icons.js";
import { reorderable } from "./ordering.js";

const KINDS = ["paper", "preprint", "press release", "data set", "other"];
const REVIEWED = [["peer-reviewed", "Peer-reviewed"], ["not peer-reviewed yet", "Not peer-reviewed yet"], ["", "Says nothing of it"]];
const USUALLY = { paper: "peer-reviewed", preprint: "not peer-reviewed yet" };
const WORDS = [["title", "Title", "", 500], ["authors", "Authors", "As the source names them, with commas between.", 1000],
  ["publication", "Publication", "The journal, archive or newsroom.", 200], ["doi", "DOI", "Like 10.1038/s41586-021-03819-2.", 240], ["url", "Address", "Where it can be read.", 2000]];

const blank = { id: 0, kind: "paper", title: "", authors: "", publication: "", year: null, doi: "", url: "", reviewed: "peer-reviewed" };
const nameOf = (source) => source.title || source.doi || source.url;

// [number, name] of each source that the page's form holds.
export function named(page = document) {
  const all = JSON.parse(page.getElementById("manuscript")?.elements.sources?.value || "[]");
  return all.map((source, at) => [source.id, `${at + 1}. ${nameOf(source)}`]);
}

export class Sources {
  constructor(desk, place, input) {
    Object.assign(this, { desk, place, input });
    this.list = element("ol", { class: "ed-sourcelist" });
    this.none = element("p", { class: "ed-hint" }, "None named yet.");
    place.replaceChildren(this.list, this.none);
    if (desk.writable) place.append(button([icon("add"), "Add a source"], () => this.ask()));
    reorderable(this.list, { item: ".ed-source", moved: (from, to) => this.move(from, to), say: desk.tell });
    this.draw();
  }

  get all() {
    return JSON.parse(this.input.value || "[]");
  }

  put(all) {
    this.input.value = JSON.stringify(all);
    this.draw();
    this.desk.changed();
  }

  // A number that no source has, and that no note in the text means.
  next() {
    let highest = Math.max(0, ...this.all.map((source) => source.id));
    this.desk.view?.state.doc.descendants((node) => { if (node.type.name === "footnote") highest = Math.max(highest, node.attrs.source); });
    return highest + 1;
  }

  add(source) {
    const made = { ...source, id: this.next() };
    this.put([...this.all, made]);
    return made.id;
  }

  move(from, to) {
    const all = this.all;
    all.splice(to, 0, ...all.splice(from, 1));
    this.put(all);
  }

  remove(at) {
    this.put(this.all.filter((_, n) => n !== at));
    (this.list.children[Math.min(at, this.list.children.length - 1)] ?? this.place).querySelector("button")?.focus();
  }

  // Asks for a DOI or an address, then for the rest; `done` hears the number of the new source.
  ask(done = () => {}) {
    const pasted = element("input", { type: "text", autocomplete: "off", maxlength: 2000, placeholder: "10.1038/… or https://…", autofocus: true });
    const byHand = button("Fill it in by hand", () => { dialog.close(); this.write(blank, "", done); });
    const dialog = openDialog({
      title: "Add a source", action: "Look it up", extra: byHand,
      body: field("DOI or address", pasted, "We ask what it is; what cannot be found out, you write yourself."),
      submit: async () => {
        const { source, said } = await this.desk.server.source(pasted.value);
        setTimeout(() => this.write(source, said, done));
        return true;
      },
    });
  }

  write(source, said, done = () => {}) {
    const at = source.id ? this.all.findIndex((one) => one.id === source.id) : -1;
    const { body, read } = form(source, said);
    openDialog({
      title: at < 0 ? "Add a source" : "Change the source", action: at < 0 ? "Add it" : "Save it", body,
      submit: () => {
        const written = read();
        if (!written) return false;
        if (at < 0) done(this.add(written));
        else this.put(this.all.map((one, n) => (n === at ? { ...written, id: source.id } : one)));
        return true;
      },
    });
  }

  draw() {
    const all = this.all;
    this.none.hidden = all.length > 0;
    this.list.hidden = !all.length;
    this.list.replaceChildren(...all.map((source, at) => this.item(source, at, all.length)));
  }

  item(source, at, count) {
    const name = nameOf(source);
    const act = (sign, label, onclick, disabled) => button(icon(sign), onclick, { class: "ed-iconbutton", "aria-label": `${label}: ${name}`, title: label, disabled });
    return element("li", { class: "ed-source", draggable: this.desk.writable ? "true" : null },
      this.desk.writable ? button(name, () => this.write(source, ""), { class: "ed-linkbutton", "aria-label": `Change ${name}` }) : name,
      element("span", { class: "ed-hint" }, [source.kind, source.reviewed].filter(Boolean).join(", ")),
      this.desk.writable && element("span", { class: "ed-toolrow" },
        act("up", "Move up", () => this.step(at, -1), at === 0), act("down", "Move down", () => this.step(at, 1), at === count - 1),
        act("close", "Take out", () => this.remove(at))));
  }

  step(at, by) {
    this.move(at, at + by);
    this.list.children[at + by]?.querySelector(by < 0 ? "[title='Move up']:not([disabled]), [title='Move down']" : "[title='Move down']:not([disabled]), [title='Move up']")?.focus();
  }
}

function form(source, said) {
  const select = (choices, value) => {
    const made = element("select", {}, ...choices.map(([each, label]) => element("option", { value: each }, label)));
    made.value = value;
    return made;
  };
  const kind = select(KINDS.map((each) => [each, each[0].toUpperCase() + each.slice(1)]), source.kind);
  const reviewed = select(REVIEWED, source.reviewed);
  kind.addEventListener("change", () => { reviewed.value = USUALLY[kind.value] ?? ""; });
  const inputs = Object.fromEntries(WORDS.map(([name,, , most]) => [name, element("input", { type: "text", autocomplete: "off", maxlength: most, value: source[name] })]));
  const year = element("input", { type: "text", inputmode: "numeric", maxlength: 4, value: source.year ?? "" });
  const boxes = WORDS.map(([name, label, hint]) => field(label, inputs[name], hint));
  const body = [said && element("p", { class: "ed-notice", role: "status" }, said), field("What it is", kind), ...boxes.slice(0, 3), field("Year", year), ...boxes.slice(3), field("Reviewed by peers", reviewed)];
  return { body, read: () => read({ kind, reviewed, year, inputs }) };
}

// What the form says, or null with sentences under its fields.
function read({ kind, reviewed, year, inputs }) {
  const words = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
  const found = /^(?:(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*))?(10\.\d{4,9}(?:\.\d+)*\/\S+)$/i.exec(words.doi);
  const faults = {
    title: words.title || words.doi || words.url ? [] : ["Give it a title, a DOI or an address."],
    doi: !words.doi || found ? [] : ["That is no DOI. One looks like 10.1038/s41586-021-03819-2."],
    url: !words.url || /^https?:\/\/[^\s/]+/i.test(words.url) ? [] : ["That is no address on the web. One begins with https://."],
  };
  for (const [name, sentences] of Object.entries(faults)) complain(inputs[name], sentences);
  const dated = !year.value.trim() || /^[1-9]\d{3}$/.test(year.value.trim());
  complain(year, dated ? [] : ["Write four digits, like 2026."]);
  if (!dated || Object.values(faults).some((sentences) => sentences.length)) return null;
  return { ...words, doi: found ? found[1] : "", kind: kind.value, reviewed: reviewed.value, year: Number(year.value) || null };
}
