// The editor's keyboard map. Ctrl is Cmd on a Mac.
import { baseKeymap, chainCommands, exitCode } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { addNote } from "./views/footnote.js";
import * as acts from "./commands.js";
import { clearCells, leaveTable, lineInCell, nextCell } from "./tables.js";
import { schema } from "./schema.js";

const { nodes } = schema;

const lineBreak = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

// "```" and Enter, as well as "``` ".
const fence = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const match = empty && $from.parent.type === nodes.paragraph && /^```([a-z0-9+#-]{0,30})$/.exec($from.parent.textContent);
  if (!match || $from.parentOffset !== $from.parent.content.size) return false;
  const language = { language: match[1] };
  dispatch?.(state.tr.delete($from.start(), $from.end()).setBlockType($from.start(), $from.start(), nodes.code_block, language));
  return true;
};

export function keys(openLink) {
  return [
    keymap({
      "Mod-b": acts.mark("strong"), "Mod-i": acts.mark("em"), "Mod-e": acts.mark("code"),
      "Mod-.": acts.mark("superscript"), "Mod-,": acts.mark("subscript"),
      "Mod-k": openLink, "Mod-Alt-f": addNote,
      "Mod-Alt-2": acts.heading(2), "Mod-Alt-3": acts.heading(3), "Mod-Alt-4": acts.heading(4), "Mod-Alt-0": acts.paragraph,
      "Mod-Shift-7": acts.numbers, "Mod-Shift-8": acts.bullets, "Mod-Shift-9": acts.quote,
      "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo,
      "Alt-ArrowUp": acts.moveBlock(-1), "Alt-ArrowDown": acts.moveBlock(1),
      "Mod-Enter": chainCommands(leaveTable, acts.leaveBlock), "Shift-Enter": lineBreak, Escape: acts.selectBlock,
      Enter: chainCommands(lineInCell, fence, splitListItem(nodes.list_item)),
      Tab: chainCommands(nextCell(1), sinkListItem(nodes.list_item)), "Shift-Tab": chainCommands(nextCell(-1), liftListItem(nodes.list_item)),
      Backspace: chainCommands(undoInputRule, clearCells, acts.plainAgain), Delete: clearCells,
    }),
    keymap(baseKeymap),
  ];
}
