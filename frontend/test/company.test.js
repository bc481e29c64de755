import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";
import { Company, describe } from "../editor/saving/company.js";

function desk(stands) {
  const place = { textContent: "", hidden: true };
  const seen = { said: [], newer: [] };
  const company = new Company({
    tell: async () => seen.answer, place, stands: () => stands.now,
    say: (text) => seen.said.push(text), newer: (details) => seen.newer.push(details.version),
    clock: { after: () => 0, cancel: () => {} },
  });
  const hears = (others, version = 3) => company.heard({ others, version, saved_at: "", saved_by: "Edda" });
  return { place, seen, hears };
}
const edda = { name: "Edda", is_me: false };
const me = { name: "Ada", is_me: true };

test("names who is here, in words", () => {
  assert.equal(describe([]), "");
  assert.equal(describe([edda]), "Edda is here too");
  assert.equal(describe([me]), "You, on another page, are here too");
  assert.equal(describe([edda, { name: "Arno" }]), "Edda and Arno are here too");
});

test("says it once, and again only when somebody comes or goes", () => {
  const { place, seen, hears } = desk({ now: 3 });
  hears([edda]);
  hears([edda]);
  hears([]);
  assert.deepEqual(seen.said, ["Edda is here too", "Nobody else is here any more"]);
  assert.equal(place.hidden, true);
});

test("tells of a newer version once, and not while words of our own are under way", () => {
  const stands = { now: null };
  const { seen, hears } = desk(stands);
  hears([edda], 4);
  assert.deepEqual(seen.newer, []);
  stands.now = 3;
  hears([edda], 4);
  hears([edda], 4);
  assert.deepEqual(seen.newer, [4]);
});

test("hands on what the server says of the comments", () => {
  const heard = [];
  const place = { textContent: "", hidden: true };
  const company = new Company({ place, stands: () => null, comments: (mark) => heard.push(mark), clock: {} });
  company.heard({ others: [], version: 1, comments: "3|1" });
  assert.deepEqual(heard, ["3|1"]);
});
