// "Picture details": what is kept with the picture itself, for every place that shows it.
import { openDialog } from "../dialog.js";
import { complain, element, field } from "../element.js";

const LICENCES = ["Public domain", "CC0 1.0", "CC BY 4.0", "CC BY 3.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "Used with permission", "Own work"];

export function openDetails(desk, id) {
  const picture = desk.pictures.get(id);
  if (!picture) return;
  const fields = makeFields(picture);
  const ticks = makeTicks(picture);
  openDialog({
    title: "Picture details", wide: true, action: "Save details",
    body: [preview(picture), layout(fields, ticks)],
    submit: () => send(desk, picture, fields, ticks),
  });
  fields.decorative.addEventListener("change", () => showDecorative(fields));
  showDecorative(fields);
}

function makeFields(picture) {
  const area = (name, rows, maxlength) => element("textarea", { name, rows, maxlength, value: picture[name] ?? "" });
  const line = (name, props = {}) => element("input", { type: "text", name, value: picture[name] ?? "", autocomplete: "off", ...props });
  return {
    alt: area("alt", 3, 500),
    decorative: element("input", { type: "checkbox", name: "decorative", id: "ed-decorative", checked: picture.decorative }),
    title: line("title", { maxlength: 300 }),
    caption: area("caption", 3, 2000),
    credit: line("credit", { maxlength: 500, "aria-required": "true" }),
    licence: line("licence", { maxlength: 120, list: "ed-licences", "aria-required": "true" }),
    rights: line("rights", { maxlength: 1000 }),
    source_url: line("source_url", { type: "url", maxlength: 2000, placeholder: "https://" }),
    objects: line("objects", { maxlength: 500 }),
    instrument: line("instrument", { maxlength: 300 }),
    position: line("position", { maxlength: 100 }),
    long_description: area("long_description", 4, 10000),
  };
}

// Words that came with the file wait for somebody to say that they are right; a changed field needs no tick.
function makeTicks(picture) {
  return Object.fromEntries((picture.unconfirmed ?? []).map((name) =>
    [name, element("input", { type: "checkbox", id: `ed-told-${name}` })]));
}

function told(tick, name, label, control, hint) {
  const box = field(label, control, hint);
  if (!tick) return box;
  box.append(element("div", { class: "ed-check ed-told" }, tick, element("label", { for: `ed-told-${name}` }, `From the file: this ${label.replace(/ \(.*/, "").toLowerCase()} is right`)));
  return box;
}

function preview(picture) {
  return element("div", { class: "ed-details-preview" },
    element("img", { src: picture.thumb, alt: "" }),
    element("p", { class: "ed-hint" }, `${picture.filename} · ${picture.width} × ${picture.height}`));
}

function layout(fields, ticks) {
  const one = (name, label, hint) => told(ticks[name], name, label, fields[name], hint);
  const counter = element("span", { class: "ed-counter" });
  const count = () => { counter.textContent = `${fields.alt.value.length} of 150`; };
  fields.alt.addEventListener("input", count);
  count();
  return element("div", { class: "ed-stack" },
    field("Alt text", fields.alt, "What is seen, for people who cannot see it. Not “image of”."), counter,
    element("div", { class: "ed-check" }, fields.decorative, element("label", { for: "ed-decorative" }, "Decorative: says nothing the text does not say")),
    one("caption", "Caption"),
    element("div", { class: "ed-pair" },
      one("credit", "Credit (required)", "Exactly as the source gives it."),
      one("licence", "Licence (required)")),
    element("datalist", { id: "ed-licences" }, LICENCES.map((value) => element("option", { value }))),
    element("div", { class: "ed-pair" }, one("rights", "Copyright"), one("source_url", "Source address")),
    element("div", { class: "ed-pair" }, one("title", "Title"), one("objects", "Objects", "With commas between.")),
    element("div", { class: "ed-pair" }, one("instrument", "Telescope or instrument"), one("position", "Position in the sky")),
    field("Long description", fields.long_description, "For charts and showpieces: all that the picture tells."));
}

function showDecorative({ alt, decorative }) {
  alt.disabled = decorative.checked;
}

async function send(desk, picture, fields, ticks) {
  for (const control of Object.values(fields)) complain(control, []);
  const lacking = ["credit", "licence"].filter((name) => !fields[name].value.trim());
  lacking.forEach((name) => complain(fields[name], [`Enter the ${name}.`]));
  if (lacking.length) {
    fields[lacking[0]].focus();
    return false;
  }
  // Only what was changed here: somebody else may have mended another field since this page was opened.
  const details = Object.fromEntries(Object.entries(fields).map(([name, control]) =>
    [name, name === "decorative" ? control.checked : control.value.trim()])
    .filter(([name, value]) => value !== (picture[name] ?? "")));
  details.confirmed = Object.keys(ticks).filter((name) => ticks[name].checked);
  try {
    desk.pictures.put(await desk.server.describe(picture.id, details));
  } catch (error) {
    return refused(error, fields);
  }
  desk.say("Picture details saved.");
  return true;
}

function refused(error, fields) {
  const named = Object.entries(error.answer?.fields ?? {}).filter(([name]) => fields[name]);
  if (!named.length) throw error;
  named.forEach(([name, sentences]) => complain(fields[name], [sentences].flat()));
  fields[named[0][0]].focus();
  return false;
}
