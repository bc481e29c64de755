import { alreadyHere } from "../hashing.js";

// Every request the editor makes. A refusal becomes a Refused with the server's sentence; a dead line becomes an Unreached.

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error || "The server refused this. Try again in a minute.");
    this.status = status;
    this.answer = answer;
  }
}

export class Unreached extends Error {
  constructor() {
    super("The server could not be reached. Check your connection and try again.");
  }
}

export class Server {
  constructor(urls, csrf) {
    this.urls = urls;
    this.csrf = csrf;
  }

  save(payload, keepalive = false) {
    return this.#post(this.urls.save, payload, keepalive);
  }

  compare(payload) {
    return this.#post(this.urls.comparison, payload);
  }

  setAside(payload) {
    return this.#post(this.urls.aside, payload);
  }

  present(told) {
    return this.#post(this.urls.presence, told, Boolean(told.leaving));
  }

  describe(id, details) {
    return this.#post(this.urls.describe.replace(/\/0(?=\.json|$|\/)/, `/${id}`), details);
  }

  library(q, page) {
    return this.#get(this.urls.pictures, { q, page });
  }

  stories(q) {
    return this.#get(this.urls.stories, { q });
  }

  // A picture from elsewhere on the web, brought into the library.
  remote(url) {
    return this.#post(this.urls.remote, { url });
  }

  // What a page says of itself: title, description, site.
  card(url) {
    return this.#post(this.urls.card, { url });
  }

  // What is known of a source by its DOI or address: { source, said }.
  source(pasted) {
    return this.#post(this.urls.source, { pasted });
  }

  // A guest author's page: { id, name }.
  guest(words) {
    return this.#post(this.urls.guests, words);
  }

  // The page as the server would give it now: its manuscript, and the fields of its form. Null where one has to sign in first.
  async fresh() {
    const response = await reach(fetch(location.href, { headers: { Accept: "text/html" } }));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const island = page.getElementById("manuscript-data");
    return island && { data: JSON.parse(island.textContent), page };
  }

  #post(url, body, keepalive = false) {
    return answer(fetch(url, {
      method: "POST", keepalive, body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
    }));
  }

  #get(url, query) {
    const pairs = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
    return answer(fetch(`${url}?${pairs}`, { headers: { Accept: "application/json" } }));
  }

  // The picture of that very file, or null.
  alreadyHere(file) {
    return alreadyHere(file, `${this.urls.upload}/files`);
  }

  // Sends one file and tells of its progress (0 to 1); `signal` cancels it.
  upload(file, { onProgress, signal }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.urls.upload);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", this.csrf);
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      request.onerror = () => reject(new Unreached());
      request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
      request.onload = () => settle(request, resolve, reject);
      signal.addEventListener("abort", () => request.abort());
      const form = new FormData();
      form.append("file", file, file.name || "pasted-picture.png");
      request.send(form);
    });
  }
}

function settle(request, resolve, reject) {
  const told = parse(request.responseText);
  if (request.status >= 200 && request.status < 300 && told) resolve(told);
  else reject(new Refused(request.status, told ?? {}));
}

async function answer(sent) {
  const response = await reach(sent);
  const told = parse(await reach(response.text()));
  if (response.ok && told && !response.redirected) return told;
  throw new Refused(response.redirected ? 401 : response.status, told ?? {});
}

async function reach(promise) {
  try {
    return await promise;
  } catch {
    throw new Unreached();
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
