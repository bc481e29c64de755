// A document as lines that a person can read and check: one block a line, what it holds indented.

export function outline(doc) {
  return doc.content.content.flatMap((node) => lines(node, "")).join("\n") + "\n";
}

function lines(node, indent) {
  const head = `${indent}${nameOf(node)}${attributes(node)}`;
  if (node.isTextblock) return [`${head}${node.content.size ? ` ${words(node)}` : ""}`];
  if (node.type.name === "table_row") return [`${indent}| ${node.content.content.map(words).join(" | ")} |`];
  return [head, ...node.content.content.flatMap((child) => lines(child, `${indent}  `))];
}

const SHORT = { paragraph: "p", bullet_list: "ul", ordered_list: "ol", list_item: "li", blockquote: "quote", horizontal_rule: "hr", code_block: "code" };

function nameOf(node) {
  return node.type.name === "heading" ? `h${node.attrs.level}` : SHORT[node.type.name] ?? node.type.name;
}

function attributes(node) {
  const rules = node.type.spec.attrs ?? {};
  const told = Object.entries(node.attrs).filter(([name, value]) => name !== "level" && value !== rules[name]?.default);
  return told.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join("");
}

const SIGNS = { strong: "**", em: "*", superscript: "^", subscript: "~", code: "`" };

function words(block) {
  return block.content.content.map((node) => {
    const text = node.isText ? node.text.replaceAll("\n", "⏎").replaceAll("\u00a0", "⍽") : node.type.name === "footnote" ? `{note: ${node.attrs.text}${node.attrs.url && ` | ${node.attrs.url}`}}` : "⏎";
    return [...node.marks].reverse().reduce((told, mark) =>
      (mark.type.name === "link" ? `[${told}](${mark.attrs.href})` : SIGNS[mark.type.name] + told + SIGNS[mark.type.name]), text);
  }).join("");
}
