// A button with data-busy says what is going on after it was pressed, and cannot be pressed twice.
export function showBusyButtons() {
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button?.dataset.busy || event.defaultPrevented) return;
      button.style.minWidth = `${button.offsetWidth}px`;
      button.dataset.words = button.textContent;
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-busy", "true");
      form.addEventListener("submit", (again) => again.preventDefault());
    });
  }
  // Back from the browser's memory: the page is as it was left, so the button is made ready again.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
