import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, told } from "../editor/found.js";

test("cards say what search engines say, and these what the story says, where nothing else is written", () => {
  const story = { title: "Rings", dek: "Ice." };
  assert.deepEqual(told(story), { search: { title: "Rings", description: "Ice." }, card: { title: "Rings", description: "Ice." } });
  assert.deepEqual(told({ ...story, search_title: "S" }).card, { title: "S", description: "Ice." });
  assert.deepEqual(told({ ...story, search_title: "S", social_title: "C", social_description: "D" }),
    { search: { title: "S", description: "Ice." }, card: { title: "C", description: "D" } });
});

test("counts what people see, and says when it is too much to show", () => {
  assert.equal(counted("  ", 60), "About 60 characters show.");
  assert.equal(counted("🪐 ab", 60), "4 of about 60 characters.");
  assert.equal(counted("x".repeat(61), 60), "61 characters; about 60 show.");
});
