// Which light the page wears: the system's, paper, sky, or red at the telescope. What the browser paints round it follows.
const root = document.documentElement;
const GROUND = { light: "light", dark: "dark", red: "dark" };

export const isLook = (name) => Object.hasOwn(GROUND, name);

export function wear(look) {
  if (isLook(look)) root.dataset.theme = look;
  else delete root.dataset.theme;
  tell("color-scheme", GROUND[look]);
  tell("theme-color", look === "red" ? "#000000" : undefined);
  // Before the style sheet has come, too: eyes used to the dark must see no flash.
  root.style.backgroundColor = look === "red" ? "#000000" : "";
}

function tell(name, words) {
  const meta = document.querySelector(`meta[name="${name}"]`);
  if (!meta) return;
  meta.dataset.own ??= meta.content;
  meta.content = words ?? meta.dataset.own;
}
