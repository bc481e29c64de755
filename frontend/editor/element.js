// Builds DOM elements: element("button", {class: "ed-tool", type: "button", onclick: f}, "Save", icon).

export function element(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(made, name, value);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function setProperty(target, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) target.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked" || name === "disabled" || name === "textContent") target[name] = value;
  else target.setAttribute(name, value === true ? "" : String(value));
}

export function button(label, onclick, props = {}) {
  return element("button", { type: "button", class: "ed-button ed-quiet", onclick, ...props }, label);
}

let counter = 0;

// A label above its control, with an optional hint below, tied together by ids.
export function field(label, control, hint = "") {
  control.id ||= `ed-field-${++counter}`;
  const note = hint && element("p", { class: "ed-hint", id: `${control.id}-hint` }, hint);
  const error = element("p", { class: "ed-error", id: `${control.id}-error`, hidden: true });
  control.setAttribute("aria-describedby", `${note ? note.id + " " : ""}${error.id}`);
  const box = element("div", { class: "ed-field" }, element("label", { for: control.id }, label), control, note, error);
  return box;
}

// Shows sentences under a control made by field(); an empty list takes them away.
export function complain(control, sentences) {
  const error = document.getElementById(`${control.id}-error`) ?? control.parentElement?.querySelector(".ed-error");
  control.toggleAttribute("aria-invalid", false);
  if (sentences.length) control.setAttribute("aria-invalid", "true");
  if (!error) return;
  error.textContent = sentences.join(" ");
  error.hidden = !sentences.length;
}

// A text area that is as tall as its text.
export function grow(area) {
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  };
  area.addEventListener("input", fit);
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width !== area.fittedWidth) { area.fittedWidth = contentRect.width; fit(); }
  }).observe(area);
  return fit;
}

export function uniqueId(stem) {
  return `${stem}-${++counter}`;
}
