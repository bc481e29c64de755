import assert from "node:assert/strict";
import { test } from "node:test";
import { Arrivals } from "../editor/pictures/arrivals.js";
import { Pictures } from "../editor/pictures/store.js";
import { bodyOf, readBody } from "../editor/saving/manuscript.js";

// A server that has a picture for every address but one.
const server = (asked = []) => ({
  remote: async (url) => {
    asked.push(url);
    if (url.includes("none")) throw new Error("example.org does not hand this picture out.");
    return { id: 40 + asked.length };
  },
});

test("pictures arrive under the numbers they were awaited by, and one that does not says why", async () => {
  const arrivals = new Arrivals(server(), new Pictures());
  const [one, none] = ["https://example.org/a.png", "https://example.org/none.png"].map((src) => arrivals.expect({ src }));
  const arrived = [];
  await arrivals.bring((number, id) => arrived.push([number, id]));
  assert.deepEqual(arrived, [[one, 41]]);
  assert.deepEqual([arrivals.get(none).state, arrivals.get(none).said], ["failed", "example.org does not hand this picture out."]);
});

test("addresses of the writer's own machine are not awaited", () => {
  const arrivals = new Arrivals(server(), new Pictures());
  for (const src of ["file:///C:/a.png", "blob:https://example.org/1", "cid:part1", "data:image/svg+xml,<svg/>", "webkit-fake-url://x/a.tiff"]) {
    assert.equal(arrivals.expect({ src }), null, src);
  }
});

test("a figure whose picture is still on its way is not saved yet", () => {
  const figure = (image) => ({ type: "figure", attrs: { image, alt: null, caption: null, width: "main" } });
  const words = { type: "paragraph", content: [{ type: "text", text: "a" }] };
  const doc = readBody({ type: "doc", content: [words, figure(-1), { type: "part", attrs: { medium: "web" }, content: [figure(-2)] }, figure(7)] });
  assert.deepEqual(bodyOf(doc).content.map((node) => node.type), ["paragraph", "part", "figure"]);
});
