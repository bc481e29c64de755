// The list of readers says how many are ticked, and ticks a whole page at once. Everything is sent by plain forms.
export function countTicks() {
  const form = document.querySelector("[data-readers]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[name=id]")];
  const [page, everybody, told] = ["[data-tick-all]", "[data-everybody]", "[data-ticked]"].map((name) => form.querySelector(name));
  const tell = () => {
    const ticked = rows.filter((row) => row.checked).length;
    page.checked = ticked === rows.length;
    page.indeterminate = ticked > 0 && ticked < rows.length;
    const number = everybody?.checked ? everybody.dataset.number : ticked;
    told.textContent = number ? `${number} selected` : "";
  };
  page.hidden = false;
  page.addEventListener("change", () => rows.forEach((row) => { row.checked = page.checked; }));
  form.addEventListener("change", tell);
  // A browser that comes back to the page has kept the ticks.
  addEventListener("pageshow", tell);
}
