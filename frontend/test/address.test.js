import assert from "node:assert/strict";
import { test } from "node:test";
import { linkAddress, looksEmbeddable, pageAddress, providerOf } from "../editor/address.js";

test("an address without its beginning is made whole", () => {
  assert.equal(linkAddress("example.org/a"), "https://example.org/a");
  assert.equal(linkAddress(" reader@example.org "), "mailto:reader@example.org");
  assert.equal(linkAddress("/2026/11/story"), "/2026/11/story");
  assert.equal(pageAddress("vimeo.com/1"), "https://vimeo.com/1");
});

test("what is no address, or no web address, is refused", () => {
  for (const typed of ["", "two words", "javascript:alert(1)", "data:text/html,x", "ftp://example.org", "//example.org", "hello"]) {
    assert.equal(linkAddress(typed), null, typed);
  }
});

test("embeds are known by their hosts", () => {
  assert.equal(providerOf("https://youtu.be/abc"), "YouTube");
  assert.equal(providerOf("https://player.vimeo.com/video/1"), "Vimeo");
  assert.equal(providerOf("https://www.example.org/v"), "example.org");
  assert.ok(looksEmbeddable("https://www.youtube.com/watch?v=abc"));
  assert.ok(!looksEmbeddable("https://www.youtube.com/@channel"));
});
