// The focal point: a mark on the picture that a click, dragging or the arrow keys move; the number fields stay in step.
export function letFocalPointMove() {
  const frame = document.querySelector("[data-focal]");
  const x = document.querySelector("#focal_x");
  const y = document.querySelector("#focal_y");
  if (!frame || !x || !y) return;
  const mark = makeMark();
  frame.append(mark);
  frame.classList.add("focal--live");
  const crops = document.querySelector("[data-crops]");
  if (crops) crops.hidden = false;
  const show = () => {
    place(mark, x.value, y.value);
    crops?.querySelectorAll("img").forEach((img) => { img.style.objectPosition = `${within(x.value)}% ${within(y.value)}%`; });
  };
  const put = (left, top) => { x.value = within(left); y.value = within(top); show(); };
  frame.addEventListener("click", (event) => { if (event.target !== mark) put(...percent(frame, event)); });
  mark.addEventListener("pointerdown", (event) => { mark.setPointerCapture(event.pointerId); event.preventDefault(); mark.focus(); });
  mark.addEventListener("pointermove", (event) => { if (mark.hasPointerCapture(event.pointerId)) put(...percent(frame, event)); });
  mark.addEventListener("keydown", (event) => {
    const [dx, dy] = STEPS[event.key] ?? [];
    if (dx === undefined) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    put(Number(x.value) + dx * far, Number(y.value) + dy * far);
  });
  for (const field of [x, y]) field.addEventListener("input", show);
  show();
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function makeMark() {
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = "focal__mark";
  return mark;
}

function place(mark, x, y) {
  mark.style.left = `${within(x)}%`;
  mark.style.top = `${within(y)}%`;
  mark.setAttribute("aria-label", `Focal point, ${within(x)} percent from the left, ${within(y)} from the top. Arrow keys move it.`);
}

function percent(frame, event) {
  const box = frame.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width * 100, (event.clientY - box.top) / box.height * 100];
}

function within(value) {
  return Math.min(100, Math.max(0, Math.round(Number(value) || 0)));
}
