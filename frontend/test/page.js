// A DOM to test with: linkedom's, where node has none.
import { parseHTML } from "linkedom";

export function page(html = "") {
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
  return document;
}

const { document, window } = parseHTML("<!doctype html><html><body></body></html>");
globalThis.document ??= document;
globalThis.window ??= window;
globalThis.HTMLElement ??= window.HTMLElement;
