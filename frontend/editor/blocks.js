// The blocks that the menu and the toolbar offer. `run(view, desk)` acts where the writer stands.
import * as acts from "./commands.js";
import { addNote } from "./views/footnote.js";
import { choosePictures } from "./pictures/chooser.js";
import { askForAddress, chooseStory, fillCard } from "./prompts.js";
import { schema } from "./schema.js";
import { emptyTable } from "./tables.js";

const { nodes } = schema;
const command = (act) => (view) => { act(view.state, view.dispatch, view); view.focus(); };

function put(view, node) {
  view.dispatch(acts.insertBlock(view.state, node));
  view.focus();
}

const emptyText = () => nodes.paragraph.create();

function picture(view, desk) {
  choosePictures(desk, { title: "Choose a picture", onChosen: ([image]) => put(view, nodes.figure.create({ image })) });
}

function gallery(view, desk) {
  choosePictures(desk, {
    title: "Choose pictures for the gallery", many: true,
    onChosen: (ids) => put(view, galleryOf(ids)),
  });
}

export function galleryOf(ids) {
  return nodes.gallery.create(null, ids.map((image) => nodes.gallery_item.create({ image })));
}

function promotion(view) {
  put(view, nodes.promotion.create(null, emptyText()));
}

export const blocks = [
  { id: "picture", label: "Picture", hint: "With caption and credit", words: "image photo figure upload", run: picture },
  { id: "gallery", label: "Gallery", hint: "Any number of pictures", words: "images photos album", run: gallery },
  { id: "heading2", label: "Heading", hint: "Large", words: "h2 title section", run: command(acts.heading(2)) },
  { id: "heading3", label: "Subheading", hint: "Medium", words: "h3 heading", run: command(acts.heading(3)) },
  { id: "heading4", label: "Small heading", hint: "Small", words: "h4 subheading", run: command(acts.heading(4)) },
  { id: "quote", label: "Quote", hint: "With its source", words: "blockquote citation", run: command(acts.quote) },
  { id: "bullets", label: "Bullet list", hint: "- and a space", words: "unordered", run: command(acts.bullets) },
  { id: "numbers", label: "Numbered list", hint: "1. and a space", words: "ordered", run: command(acts.numbers) },
  { id: "bottomline", label: "Bottom line", hint: "The story in two sentences", words: "summary box conclusion", run: (view) => put(view, nodes.bottom_line.create(null, emptyText())) },
  { id: "factbox", label: "Fact box", hint: "Numbers and names", words: "aside panel callout sidebar", run: (view) => put(view, nodes.fact_box.create(null, emptyText())) },
  { id: "table", label: "Table", hint: "Tab goes to the next cell", words: "grid rows columns spreadsheet", run: (view) => put(view, emptyTable()) },
  { id: "footnote", label: "Note", hint: "A source, numbered", words: "footnote source reference citation", run: command(addNote) },
  { id: "readmore", label: "Read more", hint: "A link to another story", words: "related article post",
    run: (view, desk) => chooseStory(desk, (story) => put(view, nodes.read_more.create({ post: story.id }))) },
  { id: "skycard", label: "Sky card", hint: "Leads to tonight’s sky", words: "moon planets tonight object", run: (view) => put(view, nodes.sky_card.create()) },
  { id: "embed", label: "Embed", hint: "A video, a post or a page", words: "video youtube vimeo social tweet mastodon bluesky instagram x link card bookmark",
    run: (view, desk) => askForAddress(desk, "", (url) => { put(view, nodes.embed.create({ url })); fillCard(desk, view, url); }) },
  { id: "promotion", label: "Promotion", hint: "A box with a button", words: "advert offer calendar shop", run: promotion },
  { id: "webonly", label: "Web only", hint: "Left out of mails", words: "part page site", run: command(acts.onlyFor("web")) },
  { id: "mailonly", label: "Mail only", hint: "Left out of the page", words: "part email digest", run: command(acts.onlyFor("mail")) },
  { id: "codeblock", label: "Code", hint: "Three backticks", words: "pre source program", run: command(acts.codeBlock) },
  { id: "divider", label: "Divider", hint: "Three hyphens", words: "line rule hr break", run: command(acts.divider) },
];

// Those whose name or words begin with what was typed, names first.
export function matching(query) {
  const wanted = query.toLowerCase().trim();
  if (!wanted) return blocks;
  const begins = (text) => text.toLowerCase().split(/[\s-]+/).some((word) => word.startsWith(wanted)) || text.toLowerCase().startsWith(wanted);
  const named = blocks.filter((block) => begins(block.label));
  return [...named, ...blocks.filter((block) => !named.includes(block) && begins(block.words))];
}
