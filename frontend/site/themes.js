// The switch in the foot: paper, sky, red light, or whatever the system says.
import { wear } from "./look.js";

const root = document.documentElement;

export function offerThemes() {
  const field = document.querySelector("[data-theme-switch]");
  if (!field) return;
  const chosen = field.querySelector(`[value="${root.dataset.theme ?? "auto"}"]`);
  if (chosen) chosen.checked = true;
  field.hidden = false;
  field.addEventListener("change", (event) => choose(event.target.value));
  offerPictures(document.querySelector("[data-pictures-switch]"));
}

function choose(theme) {
  wear(theme);
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Nothing to keep it in: the choice lasts for this page.
  }
}

// Under red light pictures are red too, until this page is asked for them as they are.
function offerPictures(button) {
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const isPlain = root.dataset.pictures !== "plain";
    if (isPlain) root.dataset.pictures = "plain";
    else delete root.dataset.pictures;
    button.setAttribute("aria-pressed", String(isPlain));
  });
}
