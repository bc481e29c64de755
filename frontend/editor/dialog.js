// A native dialog with a title, a form and two buttons. The first field has the focus; Escape closes; the focus returns by itself.
import { button, element, uniqueId } from "./element.js";
import { icon } from "./icons.js";

// `submit()` may answer false, or a promise of false, to keep the dialog open. Returns the <dialog>, already shown.
export function openDialog({ title, body, action = "", submit = () => {}, extra = null, onClose = () => {}, wide = false }) {
  const opener = document.activeElement;
  const id = uniqueId("ed-dialog");
  const refusal = element("p", { class: "ed-error", role: "alert", hidden: true });
  const send = action && element("button", { class: "ed-button ed-primary", type: "submit" }, action);
  const form = element("form", { method: "dialog", novalidate: true, class: "ed-dialog-form" },
    element("header", { class: "ed-dialog-head" }, element("h2", { id }, title),
      button(icon("close"), () => dialog.close(), { class: "ed-iconbutton", "aria-label": "Close" })),
    element("div", { class: "ed-dialog-body" }, body, refusal),
    element("footer", { class: "ed-dialog-foot" }, extra,
      button(action ? "Cancel" : "Close", () => dialog.close()), send));
  const dialog = element("dialog", { class: `ed-dialog${wide ? " ed-wide" : ""}`, "aria-labelledby": id }, form);
  form.addEventListener("submit", (event) => act(event, { dialog, send, refusal, submit, action }));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
    onClose();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[autofocus], .ed-dialog-body input:not([hidden]), .ed-dialog-body textarea")?.focus();
  return dialog;
}

async function act(event, { dialog, send, refusal, submit, action }) {
  event.preventDefault();
  if (send?.getAttribute("aria-busy")) return;
  send?.setAttribute("aria-busy", "true");
  refusal.hidden = true;
  try {
    if (await submit() !== false) dialog.close();
  } catch (error) {
    refusal.textContent = error.message;
    refusal.hidden = false;
  } finally {
    send?.removeAttribute("aria-busy");
    if (send) send.textContent = action;
  }
}

// A question with a yes and a no; `yes` runs when it is answered so.
export function ask({ title, text, action, yes }) {
  return openDialog({ title, body: element("p", {}, text), action, submit: yes });
}
