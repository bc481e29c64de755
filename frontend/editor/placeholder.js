// Words in the empty paragraph where the writer stands, and in an empty story.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { inOwnParagraph } from "./commands.js";
import { schema } from "./schema.js";

const INVITATION = "Write, or type / for pictures and other blocks";

export function placeholder() {
  return new Plugin({ props: { decorations } });
}

function decorations(state) {
  const { doc, selection } = state;
  const { $from } = selection;
  const hollow = doc.childCount === 1 && doc.firstChild.type === schema.nodes.paragraph && !doc.firstChild.content.size;
  const here = inOwnParagraph(selection) && !$from.parent.content.size;
  if (!hollow && !here) return DecorationSet.empty;
  const pos = hollow ? 0 : $from.before();
  const classes = hollow ? "ed-empty ed-hollow" : "ed-empty";
  return DecorationSet.create(doc, [Decoration.node(pos, pos + 2, { class: classes, "data-placeholder": INVITATION })]);
}
