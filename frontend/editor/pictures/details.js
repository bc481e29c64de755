// "Picture details": what is kept with the picture itself, for every place that shows it.
import { openDialog } from "../dialog.js";
import { complain, element, field } from "../element.js";

const LICENCES = ["Public domain", "CC0 1.0", "CC BY 4.0", "CC BY 3.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "Used with permission", "Own work"];

export function openDetails(desk, id) {
  const picture = desk.pictures.get(id);
  if (!picture) return;
  const fields = makeFields(picture);
  openDialog({
    title: "Picture details", wide: true, action: "Save details",
    body: [preview(picture), layout(fields)],
    submit: () => send(desk, id, fields),
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
    caption: area("caption", 3, 2000),
    credit: line("credit", { maxlength: 500, "aria-required": "true" }),
    licence: line("licence", { maxlength: 120, list: "ed-licences", "aria-required": "true" }),
    source_url: line("source_url", { type: "url", maxlength: 2000, placeholder: "https://" }),
    long_description: area("long_description", 4, 10000),
  };
}

function preview(picture) {
  return element("div", { class: "ed-details-preview" },
    element("img", { src: picture.thumb, alt: "" }),
    element("p", { class: "ed-hint" }, `${picture.filename} · ${picture.width} × ${picture.height}`));
}

function layout(fields) {
  const counter = element("span", { class: "ed-counter" });
  const count = () => { counter.textContent = `${fields.alt.value.length} of 150`; };
  fields.alt.addEventListener("input", count);
  count();
  return element("div", { class: "ed-stack" },
    field("Alt text", fields.alt, "What is seen, for people who cannot see it. Not “image of”."), counter,
    element("div", { class: "ed-check" }, fields.decorative, element("label", { for: "ed-decorative" }, "Decorative: says nothing the text does not say")),
    field("Caption", fields.caption),
    element("div", { class: "ed-pair" },
      field("Credit (required)", fields.credit, "Exactly as the source gives it."),
      field("Licence (required)", fields.licence)),
    element("datalist", { id: "ed-licences" }, LICENCES.map((value) => element("option", { value }))),
    field("Source address", fields.source_url),
    field("Long description", fields.long_description, "For charts and showpieces: all that the picture tells."));
}

function showDecorative({ alt, decorative }) {
  alt.disabled = decorative.checked;
}

async function send(desk, id, fields) {
  for (const control of Object.values(fields)) complain(control, []);
  const lacking = ["credit", "licence"].filter((name) => !fields[name].value.trim());
  lacking.forEach((name) => complain(fields[name], [`Enter the ${name}.`]));
  if (lacking.length) {
    fields[lacking[0]].focus();
    return false;
  }
  const details = Object.fromEntries(Object.entries(fields).map(([name, control]) =>
    [name, name === "decorative" ? control.checked : control.value.trim()]));
  try {
    desk.pictures.put(await desk.server.describe(id, details));
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
