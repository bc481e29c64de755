// Judges the files of a folder by tools that are not ours, and prints as JSON what each finds wrong, by file.
// pages/*.html: HTML and JSON-LD; sitemaps/*.xml; feeds/*.json.
import { readdirSync, readFileSync, createReadStream } from "node:fs";
import { join } from "node:path";
import RichResults from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";
import { HtmlValidate } from "html-validate";
import judgeFeed from "jsonfeed-validator";
import { ErrorLevel, parseSitemap, parseSitemapIndex } from "sitemap";
import ts from "typescript";

const folder = process.argv[2];
const found = {};
const judged = { html: 0, linked: 0, sitemaps: 0, feeds: 0 };

const html = new HtmlValidate({
  extends: ["html-validate:standard", "html-validate:document"],
  rules: {
    "no-trailing-whitespace": "off",
    "long-title": "off",
    "require-sri": "off",
    "no-inline-style": "off",
  },
});

for (const [name, text] of files("pages")) {
  judged.html += 1;
  const report = await html.validateString(text, name);
  tell(name, report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)));
  tell(name, await richResults(text));
}
tell("schema.org", schemaOrg());

for (const [name, text] of files("sitemaps")) {
  judged.sitemaps += 1;
  const parse = text.includes("<sitemapindex") ? parseSitemapIndex : strictly;
  await parse(createReadStream(join(folder, "sitemaps", name))).then(
    (rows) => tell(name, rows.length ? [] : ["nothing in it"]),
    (error) => tell(name, [String(error)]),
  );
}

for (const [name, text] of files("feeds")) {
  judged.feeds += 1;
  tell(name, judgeFeed(asVersion1(JSON.parse(text))).map(({ message }) => message));
}

console.log(JSON.stringify({ judged, found }));

function* files(kind) {
  for (const name of readdirSync(join(folder, kind)).sort()) yield [name, readFileSync(join(folder, kind, name), "utf8")];
}

function tell(name, lines) {
  if (lines.length) found[name] = [...(found[name] ?? []), ...lines];
}

/** Without what version 1.1 added, which this judge does not know. */
function asVersion1({ language, authors, ...feed }) {
  return { ...feed, version: "https://jsonfeed.org/version/1", items: feed.items.map(({ language, authors, ...item }) => item) };
}

function strictly(stream) {
  return parseSitemap(stream, ErrorLevel.THROW);
}

/** What Google asks of the kinds that it shows as rich results. */
async function richResults(text) {
  const told = new WebAutoExtractor({ addLocation: true, embedSource: ["rdfa", "microdata"] }).parse(text);
  const issues = await new RichResults().validate(told);
  return issues.filter(({ severity }) => severity === "ERROR").map(({ issueMessage }) => issueMessage);
}

/** Every JSON-LD block against schema.org's own types and properties, by the compiler. */
function schemaOrg() {
  const blocks = [];
  for (const [name, text] of files("pages"))
    for (const [, json] of text.matchAll(/<script type="application\/ld\+json"[^>]*>([\s\S]*?)<\/script>/g))
      for (const block of [JSON.parse(json)].flat()) blocks.push([name, block]);
  judged.linked = blocks.length;
  const kinds = [...new Set(blocks.map(([, block]) => block["@type"]))];
  const source = [
    `import type { WithContext, ${kinds.join(", ")} } from "schema-dts";`,
    ...blocks.map(([name, block], n) => `export const n${n}: WithContext<${block["@type"]}> = ${JSON.stringify(block)}; // ${name}`),
  ];
  return compiled(source.join("\n")).map(({ line, message }) => `${source[line].split(" // ").at(-1)}: ${message}`);
}

function compiled(source) {
  const path = join(import.meta.dirname, "blocks.ts");
  const options = { strict: true, noEmit: true, types: [], moduleResolution: ts.ModuleResolutionKind.NodeJs, skipLibCheck: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? source : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...rest);
  const program = ts.createProgram([path], options, host);
  return ts.getPreEmitDiagnostics(program).map((one) => ({
    line: one.file && one.file.fileName === path ? one.file.getLineAndCharacterOfPosition(one.start).line : 0,
    message: ts.flattenDiagnosticMessageText(one.messageText, "\n"),
  }));
}
