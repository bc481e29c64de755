// What the clipboards of real programs hold, and the document that comes of each. Files made for this test, in the programs' own shapes:
// paste/NAME.html or .md, and paste/NAME.txt with the document as an outline. `UPDATE=1 node --test` writes the outlines anew, to be read.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { DOMParser } from "prosemirror-model";
import { page } from "./page.js";
import { outline } from "./outline.js";
import { cleanPasted, hideStyles } from "../editor/paste/cleaning.js";
import { isCodeColours, looksLikeMarkdown, markdownToHtml } from "../editor/paste/markdown.js";
import { schema } from "../editor/schema.js";

const folder = new URL("./paste/", import.meta.url);
const names = readdirSync(folder).filter((name) => /\.(html|md)$/.test(name)).sort();

export function pasted(html) {
  const source = page(hideStyles(html).replace(/^[\s\S]*?<body[^>]*>|<\/body>[\s\S]*$/gi, ""));
  const asked = [];
  cleanPasted(source, ({ src }) => (/^(https?|data):/.test(src) ? -asked.push(src) : asked.push(`left out: ${src}`) && null));
  return { doc: DOMParser.fromSchema(schema).parse(source.body), asked };
}

for (const name of names) {
  test(`a paste of ${name}`, () => {
    const given = readFileSync(new URL(name, folder), "utf8");
    const markdown = name.endsWith(".md");
    assert.equal(looksLikeMarkdown(given) || !markdown, true, "known as Markdown");
    const { doc, asked } = pasted(markdown ? markdownToHtml(given) : given);
    doc.check();
    const told = outline(doc) + asked.map((src) => `picture ${src.slice(0, 80)}\n`).join("");
    const expected = new URL(name.replace(/\.\w+$/, ".txt"), folder);
    if (process.env.UPDATE) writeFileSync(expected, told);
    assert.equal(told, readFileSync(expected, "utf8"));
  });
}

test("what a code editor colours is text, a page is a page", () => {
  assert.ok(isCodeColours(`<meta charset='utf-8'><div style="color: #ccc;font-family: Menlo, Monaco, 'Courier New', monospace;white-space: pre;"><div><span># Title</span></div></div>`));
  assert.ok(!isCodeColours("<h1>Title</h1><p>Text</p>"));
});

test("plain words, a sum and a single dash are no Markdown", () => {
  for (const text of ["Just words.\n\nAnd more.", "2 * 3 * 4 = 24", "- a thought", "#hashtag and #another", "snake_case_names here"]) {
    assert.ok(!looksLikeMarkdown(text), text);
  }
});
