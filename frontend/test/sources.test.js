import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./page.js";
import { reorderable } from "../editor/ordering.js";
import { sameManuscript } from "../editor/saving/manuscript.js";
import { named } from "../editor/sources.js";

const source = { id: 4, kind: "paper", title: "", authors: "", publication: "", year: null, doi: "10.1234/x", url: "", reviewed: "" };
const body = { type: "doc", content: [{ type: "paragraph" }] };

test("two manuscripts differ where their sources or the order of these do", () => {
  const other = { ...source, id: 5, title: "Rings" };
  assert.ok(sameManuscript({ body, sources: [source] }, { body, sources: [Object.fromEntries(Object.entries(source).reverse())] }));
  assert.ok(!sameManuscript({ body, sources: [source, other] }, { body, sources: [other, source] }));
  assert.ok(sameManuscript({ body }, { body, sources: [] }));
});

test("notes are offered the sources that the page's form holds, by place and name", () => {
  const form = { elements: { sources: { value: JSON.stringify([source, { ...source, id: 9, title: "Rings" }]) } } };
  assert.deepEqual(named({ getElementById: () => form }), [[4, "1. 10.1234/x"], [9, "2. Rings"]]);
  assert.deepEqual(named({ getElementById: () => null }), []);
});

test("Alt and an arrow move an item, and nothing else does", () => {
  const document = page('<ol><li class="it"><button>a</button></li><li class="it"><button>b</button></li></ol>');
  const moves = [];
  reorderable(document.querySelector("ol"), { item: ".it", moved: (from, to) => moves.push([from, to]) });
  const press = (at, key, altKey = true) => {
    const event = new (document.defaultView.Event)("keydown", { bubbles: true, cancelable: true });
    Object.assign(event, { key, altKey });
    document.querySelectorAll("button")[at].dispatchEvent(event);
  };
  press(0, "ArrowDown");
  press(1, "ArrowUp");
  press(0, "ArrowUp");
  press(1, "ArrowDown");
  press(0, "ArrowDown", false);
  assert.deepEqual(moves, [[0, 1], [1, 0]]);
});
