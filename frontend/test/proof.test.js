import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256, solve } from "../site/proof.js";

const hex = (words) => [...words].map((word) => word.toString(16).padStart(8, "0")).join("");

test("the hash is that of everybody else, at every length around a block", () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 200]) {
    const text = "perijove".repeat(30).slice(0, length);
    assert.equal(hex(sha256(text)), createHash("sha256").update(text).digest("hex"), `${length} characters`);
  }
});

test("a solution begins with as many zero bits as were asked for", async () => {
  const nonce = await solve("WzE3OTU0MzI0MDAsIjEyMyJd.sig", 12);
  assert.match(createHash("sha256").update(`WzE3OTU0MzI0MDAsIjEyMyJd.sig${nonce}`).digest("hex"), /^000/);
});
