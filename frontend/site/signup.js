// Sign-up without leaving the page. The form posts to its own address; the answer brings the words that replace it.
import { solve } from "./proof.js";

const BROKEN = "We couldn't sign you up just now. Nothing was saved. Try again in a minute.";

export function tendSignUps() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.signup__form");
    if (!form || form.method !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  prove(document);
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  const body = told(new FormData(form, submitter));
  const rest = hold(form, submitter);
  try {
    const answer = await fetch(submitter?.getAttribute("formaction") ?? form.action, {
      method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, credentials: "same-origin",
    });
    await show(form, await answer.json());
  } catch {
    rest();
    complain(form);
  }
}

// What only the browser knows: where its clock stands and, on a page that is the same for everybody, which link led here.
function told(body) {
  const asked = new URLSearchParams(location.search);
  const tag = asked.get("utm_campaign") ?? asked.get("tag");
  if (tag && !body.get("campaign")) body.set("campaign", tag);
  if (body.get("frame") && !body.get("source")) body.set("source", document.referrer);
  body.set("timezone", Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
  return body;
}

// While very many sign up at once, the answer is a puzzle; it is solved and sent without a second press.
async function prove(region) {
  const form = region.querySelector("form[data-proof]");
  if (!form) return false;
  const bits = Number(form.dataset.proof);
  delete form.dataset.proof;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "nonce", value: await solve(form.elements.ticket.value, bits) });
  form.append(field);
  form.requestSubmit(form.querySelector(".signup__button"));
  return true;
}

// The button says what is going on and keeps its width; the address cannot be changed meanwhile.
function hold(form, submitter) {
  const button = submitter ?? form.querySelector("button");
  const field = form.querySelector('input[type="email"]');
  const words = button.textContent;
  form.dataset.busy = "yes";
  button.style.minInlineSize = `${button.offsetWidth}px`;
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy ?? "Signing you up…";
  if (field) field.readOnly = true;
  return () => {
    delete form.dataset.busy;
    button.removeAttribute("aria-busy");
    button.textContent = words;
    if (field) field.readOnly = false;
  };
}

async function show(form, { state, html }) {
  if (typeof html !== "string") throw new TypeError("no words in the answer");
  const region = form.closest("[data-signup-region]") ?? form.parentElement;
  region.innerHTML = html;
  region.dataset.state = state ?? "";
  if (await prove(region)) return;
  const wrong = region.querySelector('[aria-invalid="true"]');
  const told = region.querySelector(".signup__status") ?? region;
  if (!wrong && !told.hasAttribute("tabindex")) told.tabIndex = -1;
  (wrong ?? told).focus();
}

function complain(form) {
  let line = form.querySelector(".signup__error");
  if (!line) {
    line = document.createElement("p");
    line.className = "signup__error";
    form.append(line);
  }
  line.setAttribute("role", "alert");
  line.textContent = BROKEN;
}
