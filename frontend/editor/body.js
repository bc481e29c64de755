// The body's ProseMirror view, with every plugin in the order in which keys and pastes reach them.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { commentMarks } from "./comments.js";
import { dropping } from "./dropping.js";
import { keys } from "./keys.js";
import { blockMenu } from "./menu.js";
import { pasting } from "./pasting.js";
import { placeholder } from "./placeholder.js";
import { plusBetween } from "./plus.js";
import { openLink } from "./prompts.js";
import { schema } from "./schema.js";
import { markdownStarts } from "./starts.js";
import { tables } from "./tables.js";
import { toolbar } from "./toolbar.js";
import { BottomLineView, CodeView, FactBoxView, PromotionView, QuoteView } from "./views/boxes.js";
import { EmbedView, ReadMoreView, SkyCardView } from "./views/cards.js";
import { FigureView } from "./views/figure.js";
import { FootnoteView } from "./views/footnote.js";
import { GalleryView } from "./views/gallery.js";
import { PartView } from "./views/part.js";
import { TableView } from "./views/table.js";

const VIEWS = {
  figure: FigureView, gallery: GalleryView, blockquote: QuoteView, bottom_line: BottomLineView,
  promotion: PromotionView, code_block: CodeView, read_more: ReadMoreView, embed: EmbedView,
  fact_box: FactBoxView, table: TableView, sky_card: SkyCardView, part: PartView, footnote: FootnoteView,
};

export function openBody(desk, place, bar, doc) {
  const view = new EditorView(place, {
    state: EditorState.create({ doc, plugins: plugins(desk, bar) }),
    editable: () => desk.writable,
    attributes: {
      id: "body-text", class: "ed-prose", role: "textbox", "aria-multiline": "true", "aria-label": "Body of the story",
      spellcheck: "true", ...(desk.writable ? {} : { "aria-readonly": "true", tabindex: "0" }),
    },
    nodeViews: Object.fromEntries(Object.entries(VIEWS).map(([name, View]) =>
      [name, (node, view, getPos) => new View(desk, node, view, getPos)])),
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged) desk.changed();
    },
    handleClickOn: (_view, _pos, _node, _at, event) => followLink(event),
  });
  if (desk.writable) place.addEventListener("mousedown", (event) => writeBelow(event, view, place));
  return view;
}

function plugins(desk, bar) {
  if (!desk.writable) return [];
  return [
    blockMenu(desk), markdownStarts(), ...keys(openLink), dropping(desk), pasting(desk), tables(),
    history(), dropCursor({ color: "var(--action)", width: 3 }), gapCursor(),
    placeholder(), commentMarks(), plusBetween(desk), toolbar(bar),
  ];
}

// Ctrl+click opens a link as a reader would.
function followLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || !(event.ctrlKey || event.metaKey)) return false;
  window.open(link.href, "_blank", "noopener");
  return true;
}

// A click in the empty space under the last block goes on writing there.
function writeBelow(event, view, place) {
  if (event.target !== place) return;
  event.preventDefault();
  const { doc, tr } = view.state;
  const last = doc.lastChild;
  if (last.type !== schema.nodes.paragraph) tr.insert(doc.content.size, schema.nodes.paragraph.create());
  view.dispatch(tr.setSelection(TextSelection.atEnd(tr.doc)));
  view.focus();
}
