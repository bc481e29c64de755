// What an editor can do where two wrote: look at both side by side, keep both, or take one's own over theirs.
import { button, element } from "../element.js";
import { openDialog } from "../dialog.js";
import * as keeping from "./keeping.js";

const noted = (post) => `perijove:set-aside:${post}`;

// Theirs and ours in a wide dialog. `acts` are what can be done then: [label, act].
export async function compare(desk, payload, acts) {
  let seen;
  try {
    seen = await desk.server.compare({ version: desk.autosave.version, ...payload });
  } catch (error) {
    return desk.say(error.message);
  }
  const rows = element("div", { class: "ed-compare", tabindex: "0", role: "group", "aria-label": "Both versions" });
  rows.innerHTML = seen.html; // made and escaped by the server's template
  const buttons = acts.map(([label, act]) => button(label, () => { dialog.close(); act(); }));
  const dialog = openDialog({ title: "Compare", body: rows, extra: buttons, wide: true });
}

// Theirs stays, ours goes into the history; the page is loaded anew and says so.
export async function keepBoth(desk) {
  try {
    const { url } = await desk.server.setAside({ version: desk.autosave.version, ...desk.collect() });
    sessionStorage.setItem(noted(desk.data.post), url);
  } catch (error) {
    return desk.say(error.message);
  }
  desk.autosave.close();
  keeping.forget(desk.data.post, desk.data.sitting);
  desk.leaving = true;
  location.reload();
}

// Answers whether there was anything to tell; `then` runs once it was read.
export function tellOfBoth(desk, then) {
  const url = sessionStorage.getItem(noted(desk.data.post));
  if (!url) return false;
  sessionStorage.removeItem(noted(desk.data.post));
  desk.mark.announce("aside", "This is theirs. Yours is kept in the history.",
    element("a", { class: "ed-button ed-quiet", href: url }, "Compare"), button("Go on", () => { desk.mark.clear("aside"); then(); }));
  return true;
}
