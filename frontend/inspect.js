// On a story's preview in the studio: axe looks at the page by its rules, says what is wrong with it, and tells the checks.
import axe from "axe-core";

const place = document.querySelector("[data-inspect]");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function inspect() {
  const scheme = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const { violations } = await axe.run({ include: ["main"], exclude: [[".preview"]] }, { runOnly: RULES });
  const faults = violations.map(({ help, nodes }) => `${help}: ${nodes[0].html.slice(0, 120)}`);
  place.textContent = faults.length ? `Wrong with this page: ${faults.join("; ")}` : "";
  place.hidden = !faults.length;
  await fetch(place.dataset.inspect, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": place.dataset.csrf },
    body: JSON.stringify({ version: Number(place.dataset.version), scheme, faults }),
  });
  place.dataset.done = "";
}

inspect();
