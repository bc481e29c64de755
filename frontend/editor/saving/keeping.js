// Words that have not reached the server are kept on this device, by post, until they have.

const name = (post) => `perijove:manuscript:${post}`;
const aside = (post) => `${name(post)}:aside`;

export function keep(post, version, payload, now = Date.now()) {
  write(name(post), { version, keptAt: now, payload });
}

// What an earlier visit left here. It is set aside until the editor restores or discards it, so that new words do not write over it.
export function setAside(post) {
  const found = read(name(post));
  if (found) write(aside(post), found);
  forget(post);
  return found ?? read(aside(post));
}

export function forget(post) {
  remove(name(post));
}

export function forgetAside(post) {
  remove(aside(post));
}

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    return found && found.payload && found.keptAt ? found : null;
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the page itself still holds the words, and leaving it will ask first.
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept where nothing can be.
  }
}
