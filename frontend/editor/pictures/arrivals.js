// Pictures of a paste, on their way here: each has a figure in the story with a number below zero until it has come. The server brings
// those of the web; those that lie in the clipboard itself are uploaded. Whatever does not come says why, in its place.

export class Arrivals {
  #awaited = new Map();
  #next = -1;
  #listeners = new Set();

  constructor(server, pictures) {
    Object.assign(this, { server, pictures });
  }

  // Answers the number of the figure, or null for an address that only the writer's own machine can read.
  expect({ src }) {
    if (!/^https?:\/\//i.test(src) && !/^data:image\/(?:png|jpeg|gif|webp|avif|tiff)[;,]/i.test(src)) return null;
    const number = this.#next--;
    this.#awaited.set(number, { src, state: "waiting", said: "" });
    return number;
  }

  get(number) {
    return this.#awaited.get(number) ?? { src: "", state: "failed", said: "This picture did not come along. Upload it, or take it out." };
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Two at a time. `arrived(number, id)` puts the picture where it was awaited.
  async bring(arrived) {
    this.arrived = arrived;
    const busy = [...this.#awaited.values()].filter(({ state }) => state === "coming").length;
    const waiting = [...this.#awaited].filter(([, { state }]) => state === "waiting").slice(0, Math.max(0, 2 - busy));
    await Promise.all(waiting.map(([number, one]) => this.#fetch(number, one)));
    if (waiting.length) await this.bring(arrived);
  }

  again(number) {
    const one = this.#awaited.get(number);
    if (!one || one.state === "coming") return;
    one.state = "waiting";
    this.bring(this.arrived);
  }

  async #fetch(number, one) {
    this.#tell(one, "coming", "Bringing the picture here…");
    try {
      const answer = one.src.startsWith("data:") ? await this.#upload(one.src) : await this.server.remote(one.src);
      one.id = this.pictures.put(answer).id;
      this.#tell(one, "here", "");
      this.arrived(number, one.id);
    } catch (error) {
      this.#tell(one, "failed", error.message);
    }
  }

  #upload(src) {
    const [, kind, base64, data] = /^data:([^;,]+)(;base64)?[^,]*,(.*)$/is.exec(src);
    const bytes = base64 ? Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)) : new TextEncoder().encode(decodeURIComponent(data));
    const file = new File([bytes], `pasted-picture.${kind.split("/")[1]}`, { type: kind });
    return this.server.upload(file, { signal: new AbortController().signal, onProgress: () => {} });
  }

  #tell(one, state, said) {
    Object.assign(one, { state, said });
    this.#listeners.forEach((listener) => listener());
  }
}
