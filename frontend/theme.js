// Runs before the page is painted: the reader's own choice of paper, sky or red light, and the sign that scripts run.
import { isLook, wear } from "./site/look.js";

const root = document.documentElement;
root.classList.add("js");
try {
  const kept = localStorage.getItem("theme");
  if (!root.dataset.theme && isLook(kept)) wear(kept);
} catch {
  // Storage may be closed to us; then the system decides.
}
