// Files that are dropped on the story or pasted into it. A file's bars stand where it will stand.
import { Fragment, Slice } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import { dropPoint } from "prosemirror-transform";
import { Decoration, DecorationSet } from "prosemirror-view";
import { galleryOf } from "./blocks.js";
import { insertBlock, topBlock } from "./commands.js";
import { element } from "./element.js";
import { Uploader, pictureFiles } from "./pictures/uploader.js";
import { schema } from "./schema.js";

const key = new PluginKey("dropping");
const { nodes } = schema;

export function dropping(desk) {
  return new Plugin({
    key,
    state: { init: () => DecorationSet.empty, apply },
    props: {
      decorations: (state) => key.getState(state),
      handleDrop: (view, event, _slice, moved) => !moved && takeDrop(desk, view, event),
      handlePaste: (view, event) => takeFiles(desk, view, event),
    },
  });
}

function apply(tr, set) {
  const mapped = set.map(tr.mapping, tr.doc);
  const meta = tr.getMeta(key);
  if (meta?.add) return mapped.add(tr.doc, [meta.add]);
  return meta?.remove ? mapped.remove(mapped.find(undefined, undefined, (spec) => spec.id === meta.remove)) : mapped;
}

function takeDrop(desk, view, event) {
  const files = pictureFiles(event.dataTransfer);
  if (!files.length) return false;
  event.preventDefault();
  const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
  const slice = new Slice(Fragment.from(nodes.figure.create({ image: 1 })), 0, 0);
  upload(desk, view, files, dropPoint(view.state.doc, found?.pos ?? 0, slice) ?? view.state.doc.content.size);
  return true;
}

// A picture on the clipboard. Where text came with it, the text is what was meant.
function takeFiles(desk, view, event) {
  const files = pictureFiles(event.clipboardData);
  if (!files.length || event.clipboardData.getData("text/plain").trim()) return false;
  const block = topBlock(view.state);
  upload(desk, view, files, block ? block.pos + block.node.nodeSize : view.state.selection.to);
  return true;
}

let uploads = 0;

function upload(desk, view, files, pos) {
  const id = `drop-${++uploads}`;
  const arrived = [];
  const uploader = new Uploader(desk, {
    onPicture: (picture) => arrived.push(picture.id),
    onSettled: () => settle(view, id, arrived),
  });
  const place = element("div", { class: "ed-arriving ed-own", contenteditable: "false" }, uploader.dom);
  const widget = Decoration.widget(pos, place, { id, key: id, side: -1, stopEvent: () => true, ignoreSelection: true });
  view.dispatch(view.state.tr.setMeta(key, { add: widget }));
  uploader.add(files);
}

// One picture stands as itself; several that came together stand as a gallery.
function settle(view, id, ids) {
  const [found] = key.getState(view.state).find(undefined, undefined, (spec) => spec.id === id);
  if (!found) return;
  const { state } = view;
  const node = ids.length > 1 ? galleryOf(ids) : ids.length ? nodes.figure.create({ image: ids[0] }) : null;
  const tr = node ? insertBlock(state, node, found.from) : state.tr;
  view.dispatch(tr.setMeta(key, { remove: id }));
}
