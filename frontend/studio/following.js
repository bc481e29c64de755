// A page that tells how far something has come asks itself again, until its newer self no longer says data-follow.
export function followMoving() {
  const part = document.querySelector("#moving[data-follow]");
  if (part) setTimeout(() => look(part), Number(part.dataset.follow) * 1000);
}

async function look(part) {
  let newer = null;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    newer = page?.querySelector("#moving") ?? null;
  } catch {
    // The network is away for a moment: the next look may find it back.
  }
  if (!newer || part.contains(document.activeElement)) setTimeout(() => look(part), Number(part.dataset.follow) * 1000);
  else if (newer.dataset.follow) {
    part.replaceWith(newer);
    followMoving();
  } else location.reload();
}
