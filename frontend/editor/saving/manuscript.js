// The manuscript as the page holds it: the form's fields and the body, taken together for a save and put back for a restore.
import { Node } from "prosemirror-model";
import { arrange } from "../boxes.js";
import { schema, version } from "../schema.js";

const TEXTS = ["title", "dek", "slug", "search_title", "search_description", "social_title", "social_description", "canonical_url"];
const LISTS = ["author_ids", "topic_ids"];
const SOURCE = ["id", "kind", "title", "authors", "publication", "year", "doi", "url", "reviewed"];

export function collectFields(form) {
  const fields = {};
  for (const name of TEXTS) fields[name] = (form.elements[name]?.value ?? "").replace(/\s*\n\s*/g, " ");
  for (const name of LISTS) fields[name] = boxes(form, name).filter((box) => box.checked).map((box) => Number(box.value));
  fields.in_digest = Boolean(form.elements.in_digest?.checked);
  fields.lead_image = Number(form.elements.lead_image?.value) || null;
  fields.sources = JSON.parse(form.elements.sources?.value || "[]");
  return fields;
}

export function fillFields(form, fields) {
  for (const name of TEXTS) if (form.elements[name]) form.elements[name].value = fields[name] ?? "";
  for (const name of LISTS) {
    for (const box of boxes(form, name)) box.checked = (fields[name] ?? []).includes(Number(box.value));
    arrange(boxes(form, name)[0]?.closest(".ed-boxlist"), fields[name] ?? []);
  }
  if (form.elements.in_digest) form.elements.in_digest.checked = Boolean(fields.in_digest);
  if (form.elements.lead_image) form.elements.lead_image.value = fields.lead_image ?? "";
  if (form.elements.sources) form.elements.sources.value = JSON.stringify(fields.sources ?? []);
}

function boxes(form, name) {
  return [...form.querySelectorAll(`input[type="checkbox"][name="${name}"]`)];
}

// The body without what only the editor needs: empty paragraphs at its end, and pictures that have no number.
export function bodyOf(doc) {
  const body = doc.toJSON();
  const blocks = body.content = arrived(body.content);
  while (blocks.length > 1 && blocks.at(-1).type === "paragraph" && !blocks.at(-1).content) blocks.pop();
  return { ...body, doc_version: version };
}

// Figures whose picture is still on its way have a number below zero.
function arrived(blocks) {
  const kept = blocks.filter(({ type, attrs }) => type !== "figure" || attrs.image > 0).map((block) =>
    (block.type === "part" ? { ...block, content: arrived(block.content) } : block));
  return kept.length ? kept : [{ type: "paragraph" }];
}

// A body that this editor's schema does not know is answered with null, never half shown.
export function readBody(json) {
  if (json?.doc_version > version) return null;
  try {
    const doc = Node.fromJSON(schema, json?.content?.length ? json : { type: "doc", content: [{ type: "paragraph" }] });
    doc.check();
    return doc;
  } catch (error) {
    console.error(error);
    return null;
  }
}

// Do two manuscripts say the same? Blank ends and unsaid defaults make no difference.
export function sameManuscript(one, other) {
  return plain(one) === plain(other);
}

function plain({ body, ...fields }) {
  const doc = readBody(body);
  const texts = TEXTS.map((name) => (fields[name] ?? "").trim());
  const lists = LISTS.map((name) => fields[name] ?? []);
  const sources = (fields.sources ?? []).map((source) => SOURCE.map((name) => source[name] ?? null));
  return JSON.stringify([texts, lists, sources, Boolean(fields.in_digest), fields.lead_image || null, doc && bodyOf(doc)]);
}
