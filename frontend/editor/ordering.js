// A list whose items move by Alt+arrows and by dragging; their own buttons are their owner's. `moved(from, to)` draws the list anew.

export function reorderable(list, { item, moved, say = () => {} }) {
  let dragged = -1;
  const items = () => [...list.querySelectorAll(item)];
  const placeOf = (target) => items().indexOf(target.closest?.(item));
  const move = (from, to) => {
    if (from < 0 || to < 0 || to >= items().length || from === to) return;
    moved(from, to);
    say(`Place ${to + 1} of ${items().length}`);
  };
  list.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    const from = placeOf(event.target);
    const control = controlAt(items()[from], event.target);
    move(from, from + by);
    const there = items()[from + by] ?? items()[from];
    (there?.querySelectorAll("button, input")[control] ?? there)?.focus();
  });
  list.addEventListener("dragstart", (event) => {
    dragged = placeOf(event.target);
    event.dataTransfer?.setData("text/plain", "");
  });
  list.addEventListener("dragover", (event) => { if (dragged >= 0) event.preventDefault(); });
  list.addEventListener("drop", (event) => {
    if (dragged < 0) return;
    event.preventDefault();
    event.stopPropagation();
    move(dragged, placeOf(event.target));
    dragged = -1;
  });
  list.addEventListener("dragend", () => { dragged = -1; });
}

function controlAt(row, target) {
  return row ? [...row.querySelectorAll("button, input")].indexOf(target) : 0;
}
