import assert from "node:assert/strict";
import { test } from "node:test";
import { Autosave } from "../editor/saving/autosave.js";

// A clock that is turned by hand.
class Clock {
  time = 0;
  waiting = [];
  now() { return this.time; }
  after(ms, act) {
    const timer = { at: this.time + ms, act };
    this.waiting.push(timer);
    return timer;
  }
  cancel(timer) { this.waiting = this.waiting.filter((one) => one !== timer); }
  async turn(ms) {
    const end = this.time + ms;
    for (;;) {
      this.waiting.sort((a, b) => a.at - b.at);
      if (!this.waiting.length || this.waiting[0].at > end) break;
      const { at, act } = this.waiting.shift();
      this.time = at;
      act();
      await settle();
    }
    this.time = end;
    await settle();
  }
}
const settle = async () => { for (let turn = 0; turn < 10; turn++) await Promise.resolve(); };

function desk(answers = []) {
  const clock = new Clock();
  const seen = { sent: [], shown: [], kept: null };
  const text = { now: "" };
  const autosave = new Autosave({
    version: 3, savedAt: "", clock,
    collect: () => ({ title: text.now }),
    send: async (payload) => {
      seen.sent.push({ at: clock.time, ...payload });
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? { version: payload.version + 1, saved_at: "now" };
    },
    fresh: async () => seen.fresh ?? null,
    keep: (version, payload) => { seen.kept = { version, payload }; },
    forget: () => { seen.kept = null; },
    show: (state) => seen.shown.push(state),
  });
  const write = (words) => { text.now = words; autosave.changed(); };
  return { clock, seen, autosave, write };
}
const refused = (status, answer = {}) => Object.assign(new Error("refused"), { status, answer });

test("saves 1.5 seconds after the last change", async () => {
  const { clock, seen, write } = desk();
  write("a");
  await clock.turn(1000);
  write("ab");
  await clock.turn(1499);
  assert.equal(seen.sent.length, 0);
  await clock.turn(1);
  assert.deepEqual(seen.sent, [{ at: 2500, version: 3, title: "ab" }]);
  assert.equal(seen.shown.at(-1), "saved");
  assert.equal(seen.kept, null);
});

test("saves at the latest every 20 seconds while one goes on writing", async () => {
  const { clock, seen, write } = desk();
  for (let second = 0; second < 41; second++) {
    write(`text ${second}`);
    await clock.turn(1000);
  }
  assert.deepEqual(seen.sent.map(({ at }) => at), [20_000, 40_000]);
  assert.deepEqual(seen.sent.map(({ version }) => version), [3, 4]);
});

test("keeps the words on the device while the server is out of reach, and tries again after 2, 4 and 8 seconds", async () => {
  const dead = () => new Error("no line");
  const { clock, seen, write } = desk([dead(), dead(), dead()]);
  write("a");
  await clock.turn(1500);
  assert.equal(seen.shown.at(-1), "offline");
  assert.deepEqual(seen.kept, { version: 3, payload: { title: "a" } });
  await clock.turn(14_000);
  assert.deepEqual(seen.sent.map(({ at }) => at), [1500, 3500, 7500, 15_500]);
  assert.equal(seen.shown.at(-1), "saved");
  assert.equal(seen.kept, null);
});

test("stops when someone else saved, and saves over it only when told to", async () => {
  const { clock, seen, autosave, write } = desk([refused(409, { version: 9, saved_at: "10:44" })]);
  write("a");
  await clock.turn(1500);
  assert.equal(seen.shown.at(-1), "conflict");
  write("ab");
  await clock.turn(60_000);
  assert.equal(seen.sent.length, 1);
  assert.equal(seen.kept.payload.title, "ab");
  await autosave.keepMine();
  assert.equal(seen.sent.at(-1).version, 9);
  assert.equal(seen.shown.at(-1), "saved");
});

test("a newer version that is our own, whose answer was lost, is no conflict", async () => {
  const { clock, seen, autosave, write } = desk([new Error("lost"), refused(409, { version: 4, saved_at: "10:44" })]);
  seen.fresh = { version: 4, same: (payload) => payload.title === "a" };
  write("a");
  await clock.turn(4000);
  assert.equal(seen.shown.at(-1), "saved");
  assert.equal(autosave.version, 4);
});

test("stops when the session has ended and goes on after signing in", async () => {
  const { clock, seen, autosave, write } = desk([refused(401)]);
  write("a");
  await clock.turn(1500);
  assert.equal(seen.shown.at(-1), "signed-out");
  assert.equal(await autosave.signedIn(), false);
  seen.fresh = { version: 3, same: () => false };
  await autosave.signedIn();
  assert.equal(seen.shown.at(-1), "saved");
});

test("a refused field is shown and the next change is tried anew", async () => {
  const { clock, seen, write } = desk([refused(422, { fields: { slug: ["taken"] } })]);
  write("a");
  await clock.turn(1500);
  assert.equal(seen.shown.at(-1), "refused");
  await clock.turn(60_000);
  assert.equal(seen.sent.length, 1);
  write("b");
  await clock.turn(1500);
  assert.equal(seen.shown.at(-1), "saved");
});

test("words written while a save is under way are saved by the next", async () => {
  const { clock, seen, autosave, write } = desk();
  write("a");
  const saving = autosave.save();
  write("ab");
  await saving;
  assert.equal(autosave.dirty, true);
  await clock.turn(1500);
  assert.deepEqual(seen.sent.map(({ title }) => title), ["a", "ab"]);
  assert.equal(autosave.dirty, false);
});

test("goes on by itself where the newer version is this page's own, whose answer was lost", async () => {
  const { clock, seen, write, autosave } = desk([refused(409, { version: 4, is_own: true })]);
  write("a");
  await clock.turn(1500);
  await clock.turn(10);
  assert.deepEqual(seen.sent.map((one) => one.version), [3, 4]);
  assert.equal(autosave.version, 5);
  assert.ok(!seen.shown.includes("conflict"));
});

test("keeps nothing more once the page is to be loaded anew", async () => {
  const { clock, seen, write, autosave } = desk();
  write("a");
  autosave.close();
  await clock.turn(5000);
  assert.equal(seen.kept, null);
  assert.equal(seen.sent.length, 0);
});

test("a sign-in that was renewed elsewhere is taken over silently, as often as it happens", async () => {
  const ok = (version) => ({ version, saved_at: "now" });
  const { clock, seen, write } = desk([refused(400), ok(4), refused(400), ok(5)]);
  seen.fresh = { version: 3, same: () => false };
  for (const words of ["a", "ab"]) {
    write(words);
    await clock.turn(3000);
    assert.equal(seen.shown.at(-1), "saved");
  }
  assert.deepEqual(seen.sent.map(({ title }) => title), ["a", "a", "ab", "ab"]);
});
