// The small questions: a link's address, an embed's address, another story.
import { toggleMark } from "prosemirror-commands";
import { linkAddress, pageAddress } from "./address.js";
import { cleanAddress } from "./paste/links.js";
import { openDialog } from "./dialog.js";
import { button, complain, element, field } from "./element.js";
import { schema } from "./schema.js";

const { link } = schema.marks;

// Ctrl+K. With nothing selected and no link underneath, the address itself becomes the text.
export const openLink = (state, dispatch, view) => {
  const range = linkAround(state);
  const { parent } = state.selection.$from;
  if (!parent.isTextblock || parent.type.spec.code) return false;
  if (dispatch && view) askForLink(view, range);
  return true;
};

function askForLink(view, range) {
  const input = element("input", { type: "text", inputmode: "url", autocomplete: "off", maxlength: 2000, value: range?.href ?? "" });
  const dialog = openDialog({
    title: range ? "Change link" : "Add a link", action: range ? "Save link" : "Add link",
    body: field("Address", input, "A web address, a mail address, or a path on this site."),
    extra: range && button("Remove link", () => { setLink(view, range, null); dialog.close(); }),
    submit: () => takeLink(view, range, input),
    onClose: () => view.focus(),
  });
  input.select();
}

function takeLink(view, range, input) {
  const href = linkAddress(input.value);
  complain(input, href ? [] : ["Enter an address, like https://example.org."]);
  if (!href) return false;
  setLink(view, range, href);
  return true;
}

function setLink(view, range, href) {
  const { state } = view;
  const { from, to, empty } = state.selection;
  const tr = state.tr;
  if (range) {
    tr.removeMark(range.from, range.to, link);
    if (href) tr.addMark(range.from, range.to, link.create({ href }));
  } else if (empty) {
    tr.insert(from, schema.text(href.replace(/^mailto:/, ""), [link.create({ href })]));
  } else if (toggleMark(link)(state)) tr.addMark(from, to, link.create({ href }));
  view.dispatch(tr.setStoredMarks([]));
}

// The whole of the link in which the selection begins.
export function linkAround(state) {
  const { $from, $to, empty } = state.selection;
  const { parent } = $from;
  if (!parent.isTextblock || !$from.sameParent($to)) return null;
  const index = $from.index();
  const found = [index, empty ? index - 1 : index].map((at) => hrefAt(parent, at)).find(Boolean);
  if (!found) return null;
  let first = found.at;
  let last = found.at;
  while (hrefAt(parent, first - 1)?.href === found.href) first--;
  while (hrefAt(parent, last + 1)?.href === found.href) last++;
  const offset = (upTo) => parent.content.content.slice(0, upTo).reduce((sum, child) => sum + child.nodeSize, 0);
  return { from: $from.start() + offset(first), to: $from.start() + offset(last + 1), href: found.href };
}

function hrefAt(parent, at) {
  const mark = at >= 0 && at < parent.childCount && link.isInSet(parent.child(at).marks);
  return mark ? { at, href: mark.attrs.href } : null;
}

// Title, sentence and site of an embed, as its page gives them; what the writer has filled in meanwhile stays.
export async function fillCard(desk, view, url) {
  try {
    const card = await desk.server.card(url);
    const tr = view.state.tr;
    view.state.doc.descendants((node, pos) => {
      if (node.type.name === "embed" && node.attrs.url === url) {
        for (const [name, words] of Object.entries(card)) if (words && !node.attrs[name]) tr.setNodeAttribute(pos, name, words);
      }
      return !node.isTextblock;
    });
    if (tr.docChanged) view.dispatch(tr.setMeta("addToHistory", false));
  } catch (error) {
    desk.tell(error.message);
  }
}

export function askForAddress(desk, url, onAddress) {
  const input = element("input", { type: "url", autocomplete: "off", maxlength: 2000, value: url, placeholder: "https://www.youtube.com/watch?v=…" });
  openDialog({
    title: "Embed", action: url ? "Save address" : "Add embed",
    body: field("Address", input, "A video or a post (YouTube, Vimeo, X, Bluesky, Mastodon, Instagram), loaded when the reader clicks. Any other page becomes a card with a link."),
    submit: () => {
      const address = pageAddress(input.value);
      complain(input, address ? [] : ["Paste the address of the page that shows it, like https://vimeo.com/76979871."]);
      if (!address) return false;
      onAddress(cleanAddress(address));
      return true;
    },
  });
}

export function chooseStory(desk, onStory) {
  const search = element("input", { type: "search", autocomplete: "off" });
  const status = element("p", { class: "ed-hint", role: "status" });
  const list = element("ul", { class: "ed-stories" });
  const dialog = openDialog({ title: "Read more: choose a story", body: [field("Search stories", search), status, list] });
  const choose = (story) => {
    desk.stories.set(story.id, story);
    dialog.close();
    onStory(story);
  };
  const load = () => listStories(desk, search.value.trim(), { list, status, choose });
  let timer = 0;
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(load, 250); });
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  load();
}

async function listStories(desk, query, { list, status, choose }) {
  const turn = (list.turn = (list.turn ?? 0) + 1);
  status.textContent = "Loading…";
  try {
    const { stories } = await desk.server.stories(query);
    if (turn !== list.turn) return;
    list.replaceChildren(...stories.map((story) => element("li", {},
      element("button", { type: "button", class: "ed-story", onclick: () => choose(story) }, story.title || "Untitled",
        element("span", { class: "ed-hint" }, story.path ?? "not published yet")))));
    status.textContent = stories.length ? "" : `Nothing for “${query}”. Try another word.`;
  } catch (error) {
    status.textContent = error.message;
  }
}

