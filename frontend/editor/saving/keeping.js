// Words that have not reached the server are kept on this device, by post and by open page, until they have. Each page keeps its
// own: what one of them saves takes nothing away from another.

const stem = (post) => `perijove:manuscript:${post}`;
const lock = (sitting) => `perijove:sitting:${sitting}`;

export function keep(post, sitting, version, payload, now = Date.now()) {
  try {
    localStorage.setItem(`${stem(post)}:${sitting}`, JSON.stringify({ version, keptAt: now, payload }));
  } catch {
    // A full or forbidden store: the page itself still holds the words, and leaving it will ask first.
  }
}

export function forget(post, sitting) {
  drop(`${stem(post)}:${sitting}`);
}

export function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept where nothing can be.
  }
}

// While this page is open, no other takes its words for left behind.
export function hold(sitting) {
  navigator.locks?.request(lock(sitting), () => new Promise(() => {}));
}

// What pages that are closed by now left here, newest first: [{key, version, keptAt, payload}].
export async function leftBehind(post) {
  const open = await openPages();
  const keys = stored().filter((key) => key === stem(post) || key.startsWith(`${stem(post)}:`));
  const found = keys.filter((key) => !open.has(lock(key.slice(stem(post).length + 1)))).map(read).filter(Boolean);
  return found.sort((a, b) => b.keptAt - a.keptAt);
}

async function openPages() {
  const held = await navigator.locks?.query().catch(() => null);
  return new Set(held?.held?.map((one) => one.name) ?? []);
}

function stored() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    return found && found.payload && found.keptAt ? { ...found, key } : null;
  } catch {
    return null;
  }
}
