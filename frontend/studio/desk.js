// The post office's pages: counted subjects, stories moved by keys.

// "48/60" under a field follows the typing; the limit is what mail programs show, not what is allowed.
export function countWords() {
  for (const field of document.querySelectorAll("input[data-count]")) {
    const line = document.getElementById(`${field.id}-count`);
    const rest = line.textContent.replace(/^\d+/, "");
    field.addEventListener("input", () => {
      const length = (field.value || field.placeholder).length;
      line.textContent = `${length}${rest}`;
      line.classList.toggle("counter--over", length > Number(field.dataset.count));
    });
  }
}

// Alt and an arrow press the Up or Down button of the story that has the focus; the page comes back to its fragment, so the focus is on it again.
export function moveStoriesByKeys() {
  const list = document.querySelector("[data-reorder]");
  if (!list) return;
  for (const hint of document.querySelectorAll("[data-reorder-hint]")) hint.hidden = false;
  list.addEventListener("keydown", (event) => {
    const deed = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!deed || !event.altKey || event.ctrlKey || event.metaKey) return;
    const button = event.target.closest("li")?.querySelector(`[data-deed="${deed}"]`);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
}
