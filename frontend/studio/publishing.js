// The publish dialog: choosing a date means "at a set time", and the button says which of the two it does.
export function speakOfTheChoice() {
  const button = document.querySelector("[data-publish]");
  const date = document.querySelector('input[name="at"]');
  if (!button || !date) return;
  const later = document.querySelector('input[name="when"][value="later"]');
  const words = button.textContent;
  const tell = () => {
    button.textContent = later.checked ? "Schedule" : words;
    button.dataset.busy = later.checked ? "Scheduling…" : "Publishing…";
  };
  date.addEventListener("input", () => { later.checked = true; tell(); });
  for (const choice of document.querySelectorAll('input[name="when"]')) choice.addEventListener("change", tell);
  tell();
}
