// When to save, and what to do when that fails. Knows no page: `collect`, `send`, `keep`, `forget`, `show`, `fresh` and the clock
// are handed in, so that it can be tried without a browser.

const PAUSE = 1500; // after the last change
const LATEST = 20_000; // while changes go on
const LONGEST_WAIT = 64_000;

export class Autosave {
  // version: the one that the server gave. show(state, details) is told of every turn.
  constructor({ version, savedAt, collect, send, fresh, keep, forget, show, clock = browserClock }) {
    Object.assign(this, { version, savedAt, collect, send, fresh, keep, forget, show, clock });
    this.changes = 0; // since the page was loaded
    this.saved = 0; // of them are at the server
    this.failures = 0;
    this.busy = null;
    this.halted = null; // "conflict", "signed-out": nothing is sent until the editor decides
  }

  get dirty() {
    return this.saved < this.changes;
  }

  changed() {
    if (!this.dirty) this.since = this.clock.now();
    this.changes++;
    this.keepSoon();
    if (this.halted) return;
    if (!this.failures) this.show("saving");
    this.arm(Math.min(PAUSE, Math.max(0, this.since + LATEST - this.clock.now())));
  }

  keepSoon() {
    if (this.keeping) return;
    this.keeping = this.clock.after(400, () => { this.keeping = null; if (this.dirty) this.keep(this.version, this.collect()); });
  }

  arm(delay) {
    this.clock.cancel(this.timer);
    this.timer = this.clock.after(this.failures ? this.backoff() : delay, () => this.save());
  }

  backoff() {
    return Math.min(LONGEST_WAIT, 2 ** this.failures * 1000);
  }

  // Saves now. Answers true when all there was is at the server.
  async save({ keepalive = false } = {}) {
    this.clock.cancel(this.timer);
    if (this.busy) await this.busy;
    if (!this.dirty) return true;
    if (this.halted) return false;
    this.busy = this.attempt(keepalive);
    await this.busy;
    return !this.dirty;
  }

  async attempt(keepalive) {
    const covered = this.changes;
    const payload = this.collect();
    if (!this.failures) this.show("saving");
    try {
      this.arrived(covered, await this.send({ version: this.version, ...payload }, keepalive));
    } catch (error) {
      await this.failed(error, covered, payload);
    } finally {
      this.busy = null;
    }
  }

  arrived(covered, { version, saved_at: savedAt, ...rest }) {
    this.version = version;
    this.savedAt = savedAt;
    this.saved = covered;
    this.failures = 0;
    this.halted = null;
    this.renewed = false;
    if (!this.dirty) {
      this.forget();
      return this.show("saved", { savedAt, ...rest });
    }
    this.since = this.clock.now();
    this.show("saving");
    this.arm(PAUSE);
  }

  async failed(error, covered, payload) {
    this.keep(this.version, this.collect());
    if (error.status === 409) return this.conflict(error.answer, covered, payload);
    if (error.status === 401 || error.status === 403) return this.halt("signed-out", { error: error.message, status: error.status });
    if (error.status === 400 && !this.renewed) return this.renew();
    if (error.status >= 400 && error.status < 500 && error.status !== 429) {
      return this.show("refused", { error: error.message, fields: error.answer.fields ?? {} });
    }
    this.failures++;
    this.show(error.status ? "trouble" : "offline", { error: error.message });
    this.arm(0);
  }

  // The page is about to be loaded anew: nothing more is kept or sent.
  close() {
    this.clock.cancel(this.timer);
    this.clock.cancel(this.keeping);
    this.halted = "closed";
    this.keep = () => {};
  }

  halt(reason, details) {
    this.halted = reason;
    this.clock.cancel(this.timer);
    this.show(reason, details);
  }

  // An answer may have been lost on its way to us: then the "newer version" is our own. The server knows which page wrote it; of
  // a version that another page wrote word for word the same, nothing is lost either.
  async conflict(answer, covered, payload) {
    if (answer.is_own) {
      this.version = answer.version;
      return this.arm(0);
    }
    const current = await this.fresh().catch(() => null);
    if (current?.version === answer.version && current.same(payload)) {
      return this.arrived(covered, { version: answer.version, saved_at: answer.saved_at });
    }
    this.halt("conflict", answer);
    this.theirs = answer.version;
  }

  // The sign-in of this page may have been renewed in another tab: its token with it.
  async renew() {
    this.renewed = true;
    const current = await this.fresh().catch(() => null);
    if (!current) return this.halt("signed-out", { error: "", status: 401 });
    this.arm(0);
  }

  // "Keep mine": over the version that the server told us of.
  keepMine() {
    this.version = this.theirs;
    return this.resume();
  }

  // After signing in again: with a fresh token, or still not.
  async signedIn() {
    const current = await this.fresh().catch(() => null);
    return current ? this.resume() : false;
  }

  resume() {
    this.halted = null;
    this.renewed = false;
    if (!this.dirty) this.changes++;
    return this.save();
  }

  online() {
    if (this.failures && !this.halted) this.save();
  }
}

const browserClock = {
  now: () => Date.now(),
  after: (ms, act) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(timer),
};
