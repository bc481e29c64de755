// Markdown as HTML, for what is pasted as plain text from an editor. The HTML goes the way of every paste: it is cleaned, and the
// schema takes what it knows. Speaks CommonMark's everyday part, GitHub's tables, footnotes, and a little of Obsidian.

const STRONG_SIGNS = [
  /^#{1,6} \S/m, /^(?:```|~~~)/m, /^\|? *:?-{3,}:? *\|/m, /\[[^\]\n]+\]\((?:https?:|\/|#|mailto:)[^)\n]*\)/, /^!\[/m, /\*\*[^*\s][^*\n]*\*\*/,
  /^\[\^[^\]\n]+\]:/m, /\[\[[^\]\n]+\]\]/, /^\S[^\n]*\n(?:={3,}|-{3,})\s*$/m, /^---\n[\s\S]*?\n---\n/,
];

export function looksLikeMarkdown(text) {
  if (STRONG_SIGNS.some((sign) => sign.test(text))) return true;
  return (text.match(/^ {0,3}(?:[-*+]|\d{1,4}[.)]|>) \S/gm) ?? []).length > 1;
}

// HTML that a code editor puts beside the text it copies: colours, no meaning.
export function isCodeColours(html) {
  const start = html.replace(/<!--[\s\S]*?-->|<meta[^>]*>|<\/?(?:html|body|head)[^>]*>/gi, "").trim();
  return /^<(?:div|pre)[^>]*style="[^"]*(?:monospace|Consolas|Menlo|Monaco|Courier|Fira|JetBrains)/i.test(start) &&
    !/<(?:h[1-6]|ul|ol|li|p|table|blockquote|a)\b/i.test(start);
}

export function markdownToHtml(text) {
  const reader = { notes: new Map(), links: new Map() };
  const lines = text.replace(/\r\n?/g, "\n").replace(/^---\n[\s\S]*?\n(?:---|\.\.\.)\n/, "").replace(/%%[\s\S]*?%%|<!--[\s\S]*?-->/g, "").split("\n");
  return blocks(takeDefinitions(lines, reader), reader);
}

// "[name]: address" and "[^1]: words" leave the text.
function takeDefinitions(lines, reader) {
  const kept = [];
  let fenced = false;
  for (let at = 0; at < lines.length; at++) {
    if (/^ {0,3}(?:```|~~~)/.test(lines[at])) fenced = !fenced;
    const note = !fenced && /^ {0,3}\[\^([^\]]+)\]:\s*(.*)$/.exec(lines[at]);
    const link = !fenced && !note && /^ {0,3}\[([^\]]+)\]:\s*<?(\S+?)>?(?:\s+["'(].*)?$/.exec(lines[at]);
    if (note) {
      const words = [note[2]];
      while (/^(?: {2,}|\t)\S/.test(lines[at + 1] ?? "")) words.push(lines[++at].trim());
      reader.notes.set(note[1], words.join(" "));
    } else if (link) reader.links.set(link[1].toLowerCase(), link[2]);
    else kept.push(lines[at]);
  }
  return kept;
}

const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|\t|$)(.*)$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;

// Each reads a block from the start of `lines` and answers its HTML and how many lines it took, or null.
const KINDS = [fence, heading, rule, quote, list, table, paragraph];

function blocks(lines, reader) {
  let html = "";
  for (let at = 0; at < lines.length;) {
    if (!lines[at].trim()) { at++; continue; }
    const rest = lines.slice(at);
    for (const kind of KINDS) {
      const found = kind(rest, reader);
      if (!found) continue;
      html += found.html;
      at += found.took;
      break;
    }
  }
  return html;
}

function fence(lines) {
  const open = /^ {0,3}(`{3,}|~{3,})\s*([\w+#-]*)/.exec(lines[0]);
  if (!open) return null;
  const end = lines.findIndex((line, index) => index > 0 && line.trim().startsWith(open[1]) && !line.trim().replace(/[`~]/g, ""));
  const stop = end < 0 ? lines.length : end;
  const language = open[2] ? ` data-language="${open[2].toLowerCase()}"` : "";
  return { html: `<pre${language}><code>${escape(lines.slice(1, stop).join("\n"))}</code></pre>`, took: stop + 1 };
}

function heading(lines, reader) {
  const hashes = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(lines[0]);
  if (hashes) return { html: `<h${hashes[1].length}>${inline(hashes[2], reader)}</h${hashes[1].length}>`, took: 1 };
  const under = lines.length > 1 && !ITEM.test(lines[0]) && !/^ {0,3}>/.test(lines[0]) && /^ {0,3}(=+|-{2,})\s*$/.exec(lines[1]);
  if (!under) return null;
  const level = under[1][0] === "=" ? 1 : 2;
  return { html: `<h${level}>${inline(lines[0].trim(), reader)}</h${level}>`, took: 2 };
}

function rule(lines) {
  return RULE.test(lines[0]) ? { html: "<hr>", took: 1 } : null;
}

function quote(lines, reader) {
  if (!/^ {0,3}>/.test(lines[0])) return null;
  let took = 0;
  while (took < lines.length && (/^ {0,3}>/.test(lines[took]) || (lines[took].trim() && took && lines[took - 1].replace(/^ {0,3}> ?/, "").trim()))) took++;
  const inside = lines.slice(0, took).map((line) => line.replace(/^ {0,3}> ?/, "")).flatMap((line) => (/^\[!\w+\]/.test(line) ? [line.replace(/^\[!\w+\][+-]?\s*/, ""), ""] : [line]));
  return { html: `<blockquote>${blocks(inside, reader)}</blockquote>`, took };
}

function list(lines, reader) {
  const first = ITEM.exec(lines[0]);
  if (!first) return null;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let at = 0;
  while (at < lines.length) {
    const item = ITEM.exec(lines[at]);
    if (!item || /\d/.test(item[2]) !== ordered || RULE.test(lines[at])) break;
    const indent = item[1].length + item[2].length + (item[3] === "\t" ? 1 : Math.min(item[3].length || 1, 4));
    const inside = [item[4]];
    at++;
    for (; at < lines.length; at++) {
      const width = /^[ \t]*/.exec(lines[at])[0].replace(/\t/g, "    ").length;
      const blank = !lines[at].trim();
      if (blank && !(lines[at + 1] ?? "").trim()) break;
      if (!blank && width < item[1].length + 2 && (ITEM.test(lines[at]) || !inside.at(-1).trim())) break;
      if (blank && !/^[ \t]{2,}/.test(lines[at + 1] ?? "")) break;
      inside.push(lines[at].replace(/\t/g, "    ").slice(Math.min(indent, width)));
    }
    items.push(inside);
    while (at < lines.length && !lines[at].trim() && ITEM.test(lines[at + 1] ?? "")) at++;
  }
  const start = ordered && Number.parseInt(first[2], 10) !== 1 ? ` start="${Number.parseInt(first[2], 10)}"` : "";
  const tag = ordered ? "ol" : "ul";
  const html = items.map((inside) => `<li>${blocks([inside[0].replace(/^\[[ xX]\]\s+/, ""), ...inside.slice(1)], reader)}</li>`).join("");
  return { html: `<${tag}${start}>${html}</${tag}>`, took: Math.max(at, 1) };
}

function table(lines, reader) {
  if (!/\|/.test(lines[0]) || !/^ {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/.test(lines[1] ?? "")) return null;
  let took = 2;
  while (took < lines.length && lines[took].trim() && /\|/.test(lines[took])) took++;
  const cells = (line) => line.trim().replace(/^\||(?<!\\)\|$/g, "").split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replace(/\\\|/g, "|"), reader));
  const row = (line, tag) => `<tr>${cells(line).map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return { html: `<table><thead>${row(lines[0], "th")}</thead><tbody>${lines.slice(2, took).map((line) => row(line, "td")).join("")}</tbody></table>`, took };
}

function paragraph(lines, reader) {
  let took = 1;
  const other = (rest) => [fence, rule, quote].some((kind) => kind(rest, reader)) || /^ {0,3}#{1,6}\s/.test(rest[0]) || /^ {0,3}(?:[-*+]|1[.)]) \S/.test(rest[0]);
  while (took < lines.length && lines[took].trim() && !other(lines.slice(took))) took++;
  return { html: `<p>${inline(lines.slice(0, took).map((line) => line.trimStart()).join("\n"), reader)}</p>`, took };
}

const escape = (text) => text.replace(/&(?!#?\w{1,31};)/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

// What is finished stands aside under a number, so that no later rule looks into it.
function inline(text, reader) {
  const done = [];
  const aside = (html) => `\u0001${done.push(html) - 1}\u0002`;
  const link = (words, address) => aside(`<a href="${escape(address)}">`) + words + aside("</a>");
  const told = text
    .replace(/(`+)([\s\S]*?[^`])\1(?!`)/g, (_all, _ticks, code) => aside(`<code>${escape(code.replace(/\n/g, " ").replace(/^ (.*) $/, "$1"))}</code>`))
    .replace(/\\([!-/:-@[-`{-~])/g, (_all, sign) => aside(escape(sign)))
    .replace(/!\[\[([^\]|]+)(?:\|[^\]]*)?\]\]/g, (_all, name) => aside(`<img src="file:///${escape(name)}" alt="">`))
    .replace(/!\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+["']([^"']*)["'])?\s*\)/g, (_all, alt, address, title) => aside(picture(alt, address, title)))
    .replace(/\[\[([^\]|]+\|)?([^\]]+)\]\]/g, "$2")
    .replace(/\[\^([^\]]+)\]/g, (all, name) => (reader.notes.has(name) ? aside(note(reader.notes.get(name))) : all))
    .replace(/\^\[([^\]]+)\]/g, (_all, words) => aside(note(words)))
    .replace(/\[([^\]]+)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+["'][^"']*["'])?\s*\)/g, (_all, words, address) => link(words, address))
    .replace(/\[([^\]]+)\]\[([^\]]*)\]/g, (all, words, name) => (reader.links.has((name || words).toLowerCase()) ? link(words, reader.links.get((name || words).toLowerCase())) : all))
    .replace(/\[([^\][]+)\](?![[(:])/g, (all, name) => (reader.links.has(name.toLowerCase()) ? link(name, reader.links.get(name.toLowerCase())) : all))
    .replace(/<((?:https?:\/\/|mailto:)[^\s<>]+)>/g, (_all, address) => link(escape(address), address))
    .replace(/<([^\s<>@]+@[^\s<>@]+)>/g, (_all, address) => link(escape(address), `mailto:${address}`))
    .replace(/<(\/?)(sup|sub|br|em|strong|b|i)\s*\/?>/gi, (_all, end, tag) => aside(`<${end}${tag}>`))
    .replace(/(?<![\w"'=/\u0002])https?:\/\/[^\s<>\u0001]*[^\s<>\u0001.,;:!?'")\]]/g, (address) => link(escape(address), address))
    .replace(/(?: {2,}|\\)\n/g, () => aside("<br>"));
  return emphasis(escape(told)).replace(/\n/g, " ").replace(/\u0001(\d+)\u0002/g, (_all, at) => restore(done, at));
}

const restore = (done, at) => done[at].replace(/\u0001(\d+)\u0002/g, (_all, inner) => restore(done, inner));

function emphasis(text) {
  return text
    .replace(/(\*\*|__)(?=\S)(?<!\w__)([\s\S]*?\S)\1/g, "<strong>$2</strong>")
    .replace(/\*(?=\S)([^*]*?[^\s*])\*/g, "<em>$1</em>")
    .replace(/(?<![\w_])_(?=\S)([^_]*?[^\s_])_(?![\w_])/g, "<em>$1</em>")
    .replace(/~~(?=\S)([\s\S]*?\S)~~|==(?=\S)([\s\S]*?\S)==/g, "$1$2");
}

function picture(alt, address, title = "") {
  const image = `<img src="${escape(address)}" alt="${escape(alt)}">`;
  return title ? `<figure>${image}<figcaption>${escape(title)}</figcaption></figure>` : image;
}

function note(words) {
  const address = /<?(https?:\/\/[^\s<>)]+)>?/.exec(words)?.[1]?.replace(/[.,;]$/, "") ?? "";
  const said = words.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replace(/[*_`]/g, "").replace(address && words.trim() !== address ? new RegExp(`<?${address.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}>?`) : /$^/, "").replace(/\s+/g, " ").trim().replace(/[\s,;:]+\.?$/, "");
  return `<span data-note="" data-text="${escape(said === address ? "" : said)}"${address ? ` data-url="${escape(address)}"` : ""}></span>`;
}
