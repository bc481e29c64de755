import assert from "node:assert/strict";
import { test } from "node:test";
import { handInClick } from "../site/clicks.js";

// What the script told our server, and the address that it left behind.
function opened(address) {
  const told = [], left = [];
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true });
  define("document", { prerendering: false });
  define("location", { href: `https://news.example${address}` });
  define("history", { state: null, replaceState: (_state, _title, path) => left.push(path) });
  define("navigator", { sendBeacon: (...words) => told.push(words) });
  handInClick();
  return { told, left };
}

test("a mark is handed in and taken out of the address", () => {
  const { told, left } = opened("/2026/11/rings?page=2&via=dbg-2r-3-255s-rqxoamipi7#sources");
  assert.deepEqual(told, [["/clicks", "dbg-2r-3-255s-rqxoamipi7"]]);
  assert.deepEqual(left, ["/2026/11/rings?page=2#sources"]);
});

test("an address without a mark is left alone", () => {
  assert.deepEqual(opened("/2026/11/rings?page=2"), { told: [], left: [] });
});

test("what is no mark is taken out and told to nobody", () => {
  assert.deepEqual(opened("/news?via=a%20b"), { told: [], left: ["/news"] });
  assert.deepEqual(opened(`/news?via=${"x".repeat(81)}`), { told: [], left: ["/news"] });
});
