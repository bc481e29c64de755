// Markdown starts: what is typed at the start of a paragraph turns it into another block.
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { Selection } from "prosemirror-state";
import { blockDepth } from "./commands.js";
import { schema } from "./schema.js";

const { nodes } = schema;

function dividerRule() {
  return new InputRule(/^(?:---|—-|\*\*\*)$/, (state, _match, start) => {
    const $start = state.doc.resolve(start);
    if ($start.parent.type !== nodes.paragraph || $start.depth !== blockDepth($start)) return null;
    const from = $start.before();
    const tr = state.tr.replaceWith(from, $start.after(), [nodes.horizontal_rule.create(), nodes.paragraph.create()]);
    return tr.setSelection(Selection.near(tr.doc.resolve(from + 2)));
  });
}

// "^[Said in a letter.]" becomes a note.
function noteRule() {
  return new InputRule(/\^\[([^\][]{1,1000})\]$/, (state, match, start, end) => {
    const { parent } = state.doc.resolve(start);
    if (!parent.inlineContent || parent.type.spec.code) return null;
    return state.tr.replaceWith(start, end, nodes.footnote.create({ text: match[1].trim() }));
  });
}

const emptyQuote = (_match, node) => node.type === nodes.blockquote && node.attrs.source === "";

export const starts = [
  textblockTypeInputRule(/^(#{1,4})\s$/, nodes.heading, (match) => ({ level: Math.max(2, match[1].length) })),
  wrappingInputRule(/^\s*([-+*•])\s$/, nodes.bullet_list),
  wrappingInputRule(/^(\d{1,4})[.)]\s$/, nodes.ordered_list, (match) => ({ start: Number(match[1]) }),
    (match, node) => node.childCount + node.attrs.start === Number(match[1])),
  wrappingInputRule(/^\s*>\s$/, nodes.blockquote, null, emptyQuote),
  textblockTypeInputRule(/^```([a-z0-9+#-]{0,30})\s$/, nodes.code_block, (match) => ({ language: match[1] })),
  dividerRule(),
  noteRule(),
];

export function markdownStarts() {
  return inputRules({ rules: starts });
}
