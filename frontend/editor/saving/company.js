// Who else has this story open, and whether somebody saved a newer version. The page tells of itself every ten seconds.

const ROUND = 10_000;

export class Company {
  // `stands()` answers the version that this page shows, or null while words of its own are under way.
  // `comments(mark)` hears what the server says of the comments, a mark that differs when they do.
  constructor({ tell, place, say, stands, newer, comments = () => {}, clock = browserClock }) {
    Object.assign(this, { tell, place, say, stands, newer, comments, clock });
    this.names = place.hidden ? "" : place.textContent;
  }

  async round() {
    this.clock.cancel(this.timer);
    try {
      this.heard(await this.tell({}));
    } catch {
      // Out of reach: saving has a word for that already.
    }
    this.timer = this.clock.after(ROUND, () => this.round());
  }

  leave() {
    this.clock.cancel(this.timer);
    this.tell({ leaving: true }).catch(() => {});
  }

  heard({ others, version, saved_at: savedAt, saved_by: savedBy, comments }) {
    this.comments(comments);
    const names = describe(others);
    if (names !== this.names) {
      this.place.textContent = names;
      this.place.hidden = !names;
      this.say(names || "Nobody else is here any more");
      this.names = names;
    }
    const stands = this.stands();
    if (stands !== null && version > stands && version !== this.told) {
      this.told = version;
      this.newer({ version, saved_at: savedAt, saved_by: savedBy });
    }
  }
}

export function describe(others) {
  if (!others.length) return "";
  const names = others.map((one) => (one.is_me ? "You, on another page," : one.name));
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  return `${list} ${others.length === 1 && !others[0].is_me ? "is" : "are"} here too`;
}

const browserClock = { after: (ms, act) => setTimeout(act, ms), cancel: (timer) => clearTimeout(timer) };
