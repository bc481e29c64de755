// A link in a mail says which story of which edition it was. The mark is handed to our own server, and the address is tidied,
// so that whoever copies it passes on the plain one. No cookie, nobody else is told, and pages read the same without it.
export function handInClick() {
  if (document.prerendering) document.addEventListener("prerenderingchange", handInClick, { once: true });
  else handIn(new URL(location.href));
}

function handIn(here) {
  const via = here.searchParams.get("via");
  if (via === null) return;
  here.searchParams.delete("via");
  history.replaceState(history.state, "", here.pathname + here.search + here.hash);
  if (/^[a-z0-9-]{1,80}$/i.test(via)) navigator.sendBeacon("/clicks", via);
}
