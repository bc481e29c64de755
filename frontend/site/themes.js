// The switch in the foot: paper, sky, or whatever the system says.
const root = document.documentElement;

export function offerThemes() {
  const field = document.querySelector("[data-theme-switch]");
  if (!field) return;
  const chosen = field.querySelector(`[value="${root.dataset.theme ?? "auto"}"]`);
  if (chosen) chosen.checked = true;
  field.hidden = false;
  field.addEventListener("change", (event) => choose(event.target.value));
}

function choose(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Nothing to keep it in: the choice lasts for this page.
  }
}
