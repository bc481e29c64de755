// Names to choose from (authors, topics): the chosen ones stand first and in their order, and move by buttons, Alt+arrows and dragging.
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import { reorderable } from "./ordering.js";

export class Boxes {
  constructor(desk, place) {
    Object.assign(this, { desk, place, list: place.querySelector(".ed-boxlist") });
    if (!desk.writable) return;
    this.list.addEventListener("change", (event) => this.chosen(event.target));
    reorderable(this.list, { item: ".ed-row.ed-chosen", moved: (from, to) => this.move(from, to), say: desk.tell });
    this.draw();
  }

  get rows() {
    return [...this.list.querySelectorAll(".ed-row")];
  }

  get ticked() {
    return this.rows.filter((row) => box(row).checked);
  }

  // A name that is ticked goes behind the others that are; one that is not any more, behind all of them.
  chosen(input) {
    const row = input.closest(".ed-row");
    const others = this.ticked.filter((one) => one !== row);
    const last = others.at(-1);
    if (last) last.after(row);
    else if (input.checked) this.list.prepend(row);
    input.focus();
    this.draw();
    this.desk.changed();
  }

  move(from, to) {
    const { ticked } = this;
    ticked[to][from < to ? "after" : "before"](ticked[from]);
    this.draw();
    this.desk.changed();
  }

  add({ id, name }) {
    const input = element("input", { type: "checkbox", name: this.place.id, value: id, checked: true });
    this.list.querySelector(".ed-hint")?.remove();
    this.list.append(element("div", { class: "ed-row" }, element("label", { class: "ed-check" }, input, " ", element("span", {}, name))));
    this.chosen(input);
  }

  draw() {
    const { ticked } = this;
    for (const row of this.rows) {
      const at = ticked.indexOf(row);
      const movable = at >= 0 && ticked.length > 1;
      row.classList.toggle("ed-chosen", at >= 0);
      row.draggable = movable;
      row.querySelector(".ed-rowacts")?.remove();
      if (movable) row.append(this.acts(row, at, ticked.length));
    }
  }

  acts(row, at, count) {
    const name = row.querySelector("label span").textContent;
    const act = (sign, label, by, disabled) => button(icon(sign), () => this.step(at, by, label), { class: "ed-iconbutton", "aria-label": `${label}: ${name}`, title: label, disabled });
    return element("span", { class: "ed-rowacts" }, act("up", "Move up", -1, at === 0), act("down", "Move down", 1, at === count - 1));
  }

  step(at, by, label) {
    this.move(at, at + by);
    const row = this.ticked[at + by];
    (row.querySelector(`[title="${label}"]:not([disabled])`) ?? row.querySelector("button:not([disabled])")).focus();
    this.desk.tell(`Place ${at + by + 1} of ${this.ticked.length}`);
  }
}

const box = (row) => row.querySelector("input[type=checkbox]");

// The rows in the order of `ids`, before those that are not among them.
export function arrange(list, ids) {
  for (const id of [...ids].reverse()) {
    const row = list?.querySelector(`input[value="${Number(id)}"]`)?.closest(".ed-row");
    if (row) list.prepend(row);
  }
}
