// The pictures this page knows, by id, and what is still missing from each. Listeners hear of every change.

export class Pictures {
  #known = new Map();
  #listeners = new Set();

  constructor(pictures = {}) {
    for (const picture of Object.values(pictures)) this.#known.set(picture.id, picture);
  }

  get(id) {
    return this.#known.get(id) ?? null;
  }

  put(picture) {
    const { duplicate, alike, ...known } = picture;
    this.#known.set(known.id, known);
    this.#listeners.forEach((listener) => listener(known.id));
    return known;
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

// What keeps a picture from being published, in words; `alt` is the override of this one use.
export function missing(picture, alt = null) {
  if (!picture) return [];
  const lacks = [];
  if (!picture.decorative && !(alt ?? picture.alt)) lacks.push("alt text");
  if (!picture.credit) lacks.push("credit");
  if (!picture.licence) lacks.push("licence");
  return lacks;
}

export function creditLine(picture) {
  if (!picture) return "";
  const credit = picture.credit ? `Credit: ${picture.credit}` : "";
  return credit && picture.licence ? `${credit} (${picture.licence})` : credit;
}

export function inWords(things) {
  return things.length < 2 ? things.join("") : `${things.slice(0, -1).join(", ")} and ${things.at(-1)}`;
}
