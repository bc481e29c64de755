import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanAddress } from "../editor/paste/links.js";

const unwrapped = {
  "https://www.google.com/url?q=https://example.org/x%3Fa%3D1&sa=D": "https://example.org/x?a=1",
  "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F%3Ffbclid%3Dx&h=A": "https://example.org/",
  "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05": "https://example.org/a",
  "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.org": "https://example.org",
  "https://urldefense.com/v3/__https://example.org/a?b=1*26c=2__;JQ!!abc!xyz$": "https://example.org/a?b=1%26c=2",
  "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a&d=Dw": "https://example.org/a",
  "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2F%3Futm_source%3Dddg%26id%3D7": "https://example.org/?id=7",
};
const kept = [
  "https://example.org/a%20b?q=%C3%A4&q=2#part", "mailto:desk@example.org", "/2026/11/story", "#s-part", "https://www.google.com/search?q=mars",
  "https://www.google.com/url?q=javascript:alert(1)", "https://example.org/?s=1&t=2", "https://urldefense.com/v3/nothing", "not an address",
];

test("redirects are opened, one in another too", () => {
  for (const [given, meant] of Object.entries(unwrapped)) assert.equal(cleanAddress(given), meant);
  const twice = `https://www.google.com/url?q=${encodeURIComponent(Object.keys(unwrapped)[2])}`;
  assert.equal(cleanAddress(twice), "https://example.org/a");
});

test("marks that follow readers go, all else stays to the letter", () => {
  assert.equal(cleanAddress("https://example.org/?utm_source=a&id=%20&gclid=b#:~:text=x"), "https://example.org/?id=%20");
  assert.equal(cleanAddress("https://x.com/a/status/1?s=20&t=abc"), "https://x.com/a/status/1");
  assert.equal(cleanAddress("https://youtu.be/abc?si=def&t=42"), "https://youtu.be/abc?t=42");
  for (const address of kept) assert.equal(cleanAddress(address), address);
});
