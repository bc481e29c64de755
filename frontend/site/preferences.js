// The preference page: where no time zone was ever chosen, the device's own is offered; the reader takes it or leaves it.
export function offerZone() {
  const select = document.querySelector("select[data-zone-usual]");
  const line = document.querySelector("[data-zone-guess]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!select || !line || !zone || select.value || zone === select.dataset.zoneUsual) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.textContent = "Use it";
  button.addEventListener("click", () => take(select, line, zone));
  line.append(`Your device says ${zone}. `, button);
  line.hidden = false;
}

function take(select, line, zone) {
  if (![...select.options].some((option) => option.value === zone)) select.add(new Option(zone, zone));
  select.value = zone;
  line.textContent = `${zone} is chosen. Save to keep it.`;
  select.focus();
}
