// Sign-up without leaving the page. The form posts to its own address; the answer brings the words that replace it.
const BROKEN = "We couldn't sign you up just now. Nothing was saved. Try again in a minute.";

export function tendSignUps() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.signup__form");
    if (!form || form.method !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  const body = new FormData(form, submitter);
  const rest = hold(form, submitter);
  try {
    const answer = await fetch(submitter?.getAttribute("formaction") ?? form.action, {
      method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, credentials: "same-origin",
    });
    show(form, await answer.json());
  } catch {
    rest();
    complain(form);
  }
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

function show(form, { state, html }) {
  if (typeof html !== "string") throw new TypeError("no words in the answer");
  const region = form.closest("[data-signup-region]") ?? form.parentElement;
  region.innerHTML = html;
  region.dataset.state = state ?? "";
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
