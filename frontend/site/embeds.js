// Films and posts of other sites sleep until the reader wakes them: no request leaves before the click.
const FILMS = ["YouTube", "Vimeo"];

export function sleepEmbeds() {
  for (const box of document.querySelectorAll("[data-embed]")) {
    if (box.dataset.embed.startsWith("https://")) box.prepend(playButton(box));
  }
}

function playButton(box) {
  const button = document.createElement("button");
  const provider = box.dataset.provider || "the other site";
  button.type = "button";
  button.className = "button embed__play";
  button.textContent = FILMS.includes(provider) ? "Play here" : "Show here";
  const title = box.querySelector("a")?.textContent.trim() ?? provider;
  button.setAttribute("aria-label", `${button.textContent}: ${title}`);
  button.addEventListener("click", () => wake(box, title));
  return button;
}

function wake(box, title) {
  const frame = document.createElement("iframe");
  frame.src = box.dataset.embed;
  frame.title = title;
  frame.allow = "fullscreen; picture-in-picture; encrypted-media";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.tabIndex = 0;
  box.classList.add("embed--playing");
  box.classList.toggle("embed--tall", !FILMS.includes(box.dataset.provider));
  box.replaceChildren(frame);
  frame.focus();
}
