// The page of a large picture: "Look closer" opens it in place, tile by tile. The viewer is fetched on that click, never before.
const opener = document.querySelector("[data-tiles]");
const plate = opener?.closest("figure")?.querySelector(".plate__link");

if (plate) {
  opener.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  if (location.hash === "#closer") open();
}

async function open() {
  opener.setAttribute("aria-busy", "true");
  try {
    const { show } = await import(opener.dataset.viewer);
    history.replaceState(null, "", "#closer");
    show(plate, opener, close);
  } catch {
    location.href = opener.href;
  } finally {
    opener.removeAttribute("aria-busy");
  }
}

function close() {
  history.replaceState(null, "", location.pathname);
  opener.focus();
}
