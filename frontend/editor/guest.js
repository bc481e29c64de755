// A guest author, made from the editor: a name, a few words and a link. The new name goes behind the others of the byline.
import { openDialog } from "./dialog.js";
import { complain, element, field } from "./element.js";

export function offerGuests(desk, link, authors) {
  link?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(desk, authors);
  });
}

function ask(desk, authors) {
  const name = element("input", { type: "text", autocomplete: "off", maxlength: 120, autofocus: true });
  const words = element("textarea", { rows: 3, maxlength: 1000 });
  const link = element("input", { type: "url", autocomplete: "off", maxlength: 500, placeholder: "https://" });
  openDialog({
    title: "Add a guest author", action: "Add the guest",
    body: [field("Name", name, "Gets a page and a place in the byline, and needs no account."),
      field("Who that is", words, "A sentence or two, for the page behind the name."), field("Link", link, "A page of theirs. May be left empty.")],
    submit: async () => {
      complain(name, name.value.trim() ? [] : ["Enter the guest's name."]);
      if (!name.value.trim()) return false;
      try {
        authors.add(await desk.server.guest({ name: name.value, words: words.value, link: link.value }));
      } catch (error) {
        const { fields = {} } = error.answer ?? {};
        complain(name, fields.name ?? []);
        complain(words, fields.biography ?? []);
        complain(link, fields.links ?? []);
        if (!Object.keys(fields).length) throw error;
        return false;
      }
      return true;
    },
  });
}
