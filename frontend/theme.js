// Runs before the page is painted: the reader's own choice of paper or sky, and the sign that scripts run.
{
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const kept = localStorage.getItem("theme");
    if (!root.dataset.theme && (kept === "light" || kept === "dark")) root.dataset.theme = kept;
  } catch {
    // Storage may be closed to us; then the system decides.
  }
}
