import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DOMParser, DOMSerializer, Node } from "prosemirror-model";
import { page } from "./page.js";
import { schema } from "../editor/schema.js";
import { bodyOf, readBody, sameManuscript } from "../editor/saving/manuscript.js";

const spec = JSON.parse(readFileSync(new URL("../../blog/posts/document.json", import.meta.url)));

const text = (words, ...marks) => ({ type: "text", ...(marks.length && { marks }), text: words });
const p = (...content) => ({ type: "paragraph", ...(content.length && { content }) });
const item = (...content) => ({ type: "list_item", content });

const everything = {
  type: "doc",
  content: [
    p(text("plain "), text("bold", { type: "strong" }), text("i", { type: "em" }), text("2", { type: "superscript" }),
      text("3", { type: "subscript" }), text("x", { type: "code" }), { type: "hard_break" },
      { type: "footnote", attrs: { text: "Said in a letter", url: "https://example.org/letter", source: 0 } },
      text("link", { type: "link", attrs: { href: "https://example.org/a?b=c" } })),
    { type: "heading", attrs: { level: 3 }, content: [text("Heading")] },
    { type: "blockquote", attrs: { source: "A log book" }, content: [p(text("Words")), { type: "bullet_list", content: [item(p(text("a")))] }] },
    { type: "ordered_list", attrs: { start: 4 }, content: [item(p(text("four")), { type: "bullet_list", content: [item(p(text("in")))] })] },
    { type: "code_block", attrs: { language: "python" }, content: [text("a = 1\n\n  b = 2")] },
    { type: "horizontal_rule" },
    { type: "figure", attrs: { image: 7, alt: null, caption: "Here", width: "wide" } },
    { type: "gallery", content: [1, 2, 3].map((image) => ({ type: "gallery_item", attrs: { image, alt: "", caption: null } })) },
    { type: "bottom_line", content: [p(text("In short"))] },
    { type: "read_more", attrs: { post: 4 } },
    { type: "promotion", attrs: { heading: "H", url: "https://example.org/", label: "Go", ends: "2027-01-31" }, content: [p(text("Offer"))] },
    { type: "embed", attrs: { url: "https://vimeo.com/76979871", title: "A flight", description: "Over Mars.", site: "Vimeo" } },
    { type: "fact_box", attrs: { heading: "Neptune" }, content: [p(text("Far"))] },
    { type: "table", attrs: { caption: "Mass", head: "both" }, content: [["", "Mass"], ["Mars", "0.1"]].map((cells) => ({
      type: "table_row", content: cells.map((words) => ({ type: "table_cell", ...(words && { content: [text(words)] }) })) })) },
    { type: "sky_card", attrs: { show: "moon" } },
    { type: "part", attrs: { medium: "mail" }, content: [p(text("Dear reader")), { type: "horizontal_rule" }] },
  ],
};

test("every node and mark of the spec is drawn, and no other", () => {
  assert.deepEqual(Object.keys(schema.nodes), Object.keys(spec.nodes));
  assert.deepEqual(Object.keys(schema.marks), Object.keys(spec.marks));
});

test("the story of every block holds every node and mark of the spec", () => {
  const found = new Set(["doc"]);
  const note = ({ type, content = [], marks = [] }) => {
    found.add(type);
    marks.forEach((mark) => found.add(mark.type));
    content.forEach(note);
  };
  note(everything);
  assert.deepEqual([...found].sort(), [...Object.keys(spec.nodes), ...Object.keys(spec.marks)].sort());
});

test("every block is the same after JSON", () => {
  const doc = readBody(everything);
  assert.deepEqual(JSON.parse(JSON.stringify(bodyOf(doc))), { ...everything, doc_version: spec.doc_version });
});

test("every block is the same after it was cut and pasted as HTML", () => {
  const doc = readBody(everything);
  const body = page().body;
  body.append(DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document: body.ownerDocument }));
  const read = DOMParser.fromSchema(schema).parse(page(body.innerHTML).body);
  assert.deepEqual(read.toJSON(), doc.toJSON());
});

test("a body of a newer kind, or with an unknown block, is not half shown", (t) => {
  t.mock.method(console, "error", () => {});
  assert.equal(readBody({ ...everything, doc_version: spec.doc_version + 1 }), null);
  assert.equal(readBody({ type: "doc", content: [{ type: "carousel" }] }), null);
});

test("an empty body opens as one empty paragraph", () => {
  assert.equal(readBody({ type: "doc" }).childCount, 1);
});

test("empty paragraphs at the end are not saved", () => {
  const doc = readBody({ type: "doc", content: [p(text("a")), p(), p()] });
  assert.equal(bodyOf(doc).content.length, 1);
});

test("a link to a script is dropped, an odd one is made safe", () => {
  const read = (html) => DOMParser.fromSchema(schema).parse(page(html).body).firstChild.firstChild.marks;
  assert.deepEqual(read('<p><a href="javascript:alert(1)">x</a></p>'), []);
  assert.equal(read('<p><a href="https://example.org/a b">x</a></p>')[0].attrs.href, "https://example.org/a%20b");
});

test("two manuscripts are the same when only blanks differ, and not when the order of authors does", () => {
  const one = { title: "A ", author_ids: [2, 1], topic_ids: [], body: everything, lead_image: null, in_digest: true };
  const other = { ...one, title: "A", body: { ...everything, doc_version: 1 } };
  assert.ok(sameManuscript(one, other));
  assert.ok(!sameManuscript(one, { ...other, title: "B" }));
  assert.ok(!sameManuscript(one, { ...other, author_ids: [1, 2] }));
});

test("attributes keep the defaults of the spec", () => {
  for (const [name, { attrs = {} }] of Object.entries(spec.nodes)) {
    for (const [key, rule] of Object.entries(attrs)) {
      if ("default" in rule) assert.equal(schema.nodes[name].spec.attrs[key].default, rule.default, `${name}.${key}`);
    }
  }
  assert.throws(() => Node.fromJSON(schema, { type: "figure" }));
});
