import assert from "node:assert/strict";
import { test } from "node:test";
import { DOMParser } from "prosemirror-model";
import { page } from "./page.js";
import { cleanPasted, hideStyles } from "../editor/paste/cleaning.js";
import { schema } from "../editor/schema.js";

function pasted(html) {
  const source = page(hideStyles(html));
  const asked = [];
  cleanPasted(source, ({ src }) => asked.push(src) && null);
  const doc = DOMParser.fromSchema(schema).parse(source.body);
  return { doc, asked, shape: doc.content.content.map((node) => node.type.name) };
}

test("a link through Google's redirect leads to the page itself", () => {
  const { doc } = pasted('<p><a href="https://www.google.com/url?q=https://example.org/x%3Fa%3D1&amp;sa=D&amp;ust=1">x</a></p>');
  assert.equal(doc.firstChild.firstChild.marks[0].attrs.href, "https://example.org/x?a=1");
});

test("raised and lowered text becomes superscript and subscript", () => {
  const { doc } = pasted('<p>10<span style="font-size:0.6em;vertical-align:super">-14</span> H<span style="vertical-align:sub">2</span>O</p>');
  const marks = doc.firstChild.content.content.map((node) => node.marks.map((mark) => mark.type.name).join());
  assert.deepEqual(marks, ["", "superscript", "", "subscript", ""]);
});

test("what Google Docs calls bold and italic is, and its wrapper is not", () => {
  const { doc } = pasted('<b style="font-weight:normal;" id="docs-internal-guid"><p><span style="font-weight:400">a</span><span style="font-weight:700">b</span><span style="font-style:italic">c</span></p></b><br>');
  const marks = doc.firstChild.content.content.map((node) => node.marks.map((mark) => mark.type.name).join());
  assert.deepEqual(marks, ["", "strong", "em"]);
  assert.equal(doc.childCount, 1);
});

const word = (level, marker, text) =>
  `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><span style='mso-list:Ignore'>${marker}<span>&nbsp;&nbsp; </span></span>${text}</p>`;

test("no style is left, and words that speak of style are", () => {
  const source = page(hideStyles('<p style="color:red">a style="b"</p>'));
  cleanPasted(source);
  assert.equal(source.body.innerHTML, '<p>a style="b"</p>');
});

test("Word's bulleted paragraphs become a list", () => {
  const { doc, shape } = pasted(`<p>Before</p>${word(1, "·", "Item one")}${word(1, "·", "Item two")}<p>After</p>`);
  assert.deepEqual(shape, ["paragraph", "bullet_list", "paragraph"]);
  assert.deepEqual(doc.child(1).content.content.map((item) => item.textContent), ["Item one", "Item two"]);
});

test("Word's numbered paragraphs become a numbered list that starts where it did", () => {
  const { doc } = pasted(word(1, "3.", "Three") + word(1, "4.", "Four"));
  assert.equal(doc.firstChild.type.name, "ordered_list");
  assert.equal(doc.firstChild.attrs.start, 3);
  assert.equal(doc.firstChild.childCount, 2);
});

test("Word's levels become lists in lists", () => {
  const { doc } = pasted(word(1, "·", "A") + word(2, "o", "A1") + word(2, "o", "A2") + word(1, "·", "B"));
  assert.equal(doc.childCount, 1);
  assert.deepEqual(doc.firstChild.content.content.map((item) => item.firstChild.textContent), ["A", "B"]);
  assert.equal(doc.firstChild.firstChild.child(1).childCount, 2);
});

test("a typed marker without Word's own span is taken away too", () => {
  const { doc } = pasted("<p style='mso-list:l0 level1 lfo1'>·&nbsp;&nbsp; Item one</p>");
  assert.equal(doc.textContent, "Item one");
});

test("empty paragraphs that only part others are dropped", () => {
  const { doc } = pasted("<p>a</p><p><br></p><p>b</p><p><br></p><br class='Apple-interchange-newline'>");
  assert.deepEqual(doc.content.content.map((node) => node.textContent), ["a", "b"]);
});

test("pictures from elsewhere are asked for, and those that nobody brings are left out; tracking dots are never asked for", () => {
  const { asked, shape } = pasted('<p>a<img src="https://lh3.example.org/x"></p><img width="1" src="https://t.example.org/p.gif"><p>b</p>');
  assert.deepEqual(asked, ["https://lh3.example.org/x"]);
  assert.deepEqual(shape, ["paragraph", "paragraph"]);
});

test("our own picture blocks survive a paste", () => {
  const { doc } = pasted('<figure data-image="7" data-caption="Here" data-width="full"></figure>');
  assert.deepEqual({ ...doc.firstChild.attrs }, { image: 7, alt: null, caption: "Here", width: "full" });
});

test("headings of any level land between two and four", () => {
  const { doc } = pasted("<h1>a</h1><h3>b</h3><h6>c</h6>");
  assert.deepEqual(doc.content.content.map((node) => node.attrs.level), [2, 3, 4]);
});
