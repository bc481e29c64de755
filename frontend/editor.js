// The post editor. Reads the manuscript from the page, opens the body, saves by itself. Loaded by the studio's editor page.
import { openBody } from "./editor/body.js";
import { Boxes } from "./editor/boxes.js";
import { Checks } from "./editor/checks.js";
import { Comments } from "./editor/comments.js";
import { showFound } from "./editor/found.js";
import { offerGuests } from "./editor/guest.js";
import { LeadPicture } from "./editor/lead.js";
import * as page from "./editor/page.js";
import { Arrivals } from "./editor/pictures/arrivals.js";
import { Pictures } from "./editor/pictures/store.js";
import { Autosave } from "./editor/saving/autosave.js";
import { Company } from "./editor/saving/company.js";
import { compare, keepBoth, tellOfBoth } from "./editor/saving/deciding.js";
import * as keeping from "./editor/saving/keeping.js";
import { SaveMark } from "./editor/saving/mark.js";
import { bodyOf, collectFields, fillFields, readBody, sameManuscript } from "./editor/saving/manuscript.js";
import { Server } from "./editor/server.js";
import { Sources } from "./editor/sources.js";

const find = (id) => document.getElementById(id);

function open() {
  const data = JSON.parse(find("manuscript-data").textContent);
  const doc = readBody(data.body);
  const form = find("manuscript");
  const desk = makeDesk(data, form, Boolean(doc) && !data.readonly);
  if (!doc) return desk.mark.announce("body", "The body of this story was written by a newer version of the editor. Load the page again; nothing was changed.");
  form.classList.add("ed-alive");
  desk.view = openBody(desk, find("body"), find("toolbar"), doc);
  desk.lead = new LeadPicture(desk, find("lead-picture"), form.elements.lead_image);
  desk.boxes = Object.fromEntries(["author_ids", "topic_ids"].filter(find).map((name) => [name, new Boxes(desk, find(name))]));
  if (desk.writable && desk.boxes.author_ids) offerGuests(desk, find("guest-link"), desk.boxes.author_ids);
  desk.sources = new Sources(desk, find("source-list"), form.elements.sources);
  desk.found = showFound(desk, find("found"));
  desk.words.show(doc);
  desk.checks = new Checks(desk, find("check-panel"));
  desk.comments = new Comments(desk, find("comments"), find("comments-form"));
  page.growTexts(form);
  page.guardDrops();
  if (!desk.writable) return lock(form, desk);
  desk.autosave = autosave(desk, data);
  desk.mark.show("saved", { savedAt: data.saved_at });
  listen(desk);
  keeping.hold(data.sitting);
  if (!tellOfBoth(desk, () => offerKept(desk))) offerKept(desk);
  meet(desk);
}

function makeDesk(data, form, writable) {
  const desk = {
    data, form, writable,
    server: new Server(data.urls, data.csrf),
    pictures: new Pictures(data.pictures),
    stories: new Map(Object.values(data.stories ?? {}).map((story) => [story.id, story])),
    layer: find("writing"),
    say: page.toaster(find("toast")),
    tell: (text) => { find("save-said").textContent = text; }, // read aloud, not shown
    mark: new SaveMark(find("save-mark"), find("banner"), find("save-said")),
    words: new page.WordCount(find("word-count")),
    collect: () => ({ ...collectFields(form), body: bodyOf(desk.view.state.doc) }),
    changed: () => {
      desk.words.show(desk.view.state.doc);
      desk.autosave?.changed();
    },
  };
  desk.arrivals = new Arrivals(desk.server, desk.pictures);
  return desk;
}

function lock(form, desk) {
  desk.mark.show("readonly");
  for (const control of form.elements) control.disabled = true;
}

function autosave(desk, { post, sitting, version, saved_at: savedAt }) {
  return new Autosave({
    version, savedAt,
    collect: desk.collect,
    send: (payload, keepalive) => desk.server.save({ ...payload, sitting }, keepalive),
    fresh: () => freshVersion(desk),
    keep: (at, payload) => keeping.keep(post, sitting, at, payload),
    forget: () => keeping.forget(post, sitting),
    show: (state, details) => showSaving(desk, state, details),
  });
}

// What the server has now, and whether that says the same as a manuscript of ours; renews this page's token on the way.
async function freshVersion(desk) {
  const found = await desk.server.fresh();
  if (!found) return null;
  desk.server.csrf = found.data.csrf;
  const theirs = { ...collectFields(found.page.getElementById("manuscript")), body: found.data.body };
  return { version: found.data.version, same: (payload) => sameManuscript(payload, theirs) };
}

function showSaving(desk, state, details = {}) {
  const { mark, autosave } = desk;
  mark.show(state, details);
  if (state === "saved") {
    desk.words.told(details.words, details.minutes);
    page.showFields(desk.form, {});
    mark.clear("saving");
    desk.checks?.refresh();
    desk.comments?.refresh();
    mark.clear("newer");
  } else if (state === "conflict") {
    mark.conflict(details, {
      compare: (acts) => compare(desk, desk.collect(), acts),
      keepBoth: () => keepBoth(desk),
      keepMine: () => { mark.clear(); autosave.keepMine(); },
    });
  } else if (state === "signed-out") {
    mark.signedOut(details, { signIn: "/studio", retry: () => retry(desk) });
  } else if (state === "refused") {
    page.showFields(desk.form, details.fields ?? {});
    mark.announce("saving", details.error);
  }
}

async function retry(desk) {
  if (await desk.autosave.signedIn() === false) desk.say("You are not signed in yet.");
  else if (!desk.autosave.halted) desk.mark.clear();
}

// Who else is here; and a word when they saved, while nothing of ours is under way.
function meet(desk) {
  const { autosave, data, mark } = desk;
  const company = new Company({
    tell: (told) => desk.server.present({ sitting: data.sitting, ...told }),
    place: find("company"), say: desk.tell,
    comments: (mark) => desk.comments.heard(mark),
    stands: () => (autosave.dirty || autosave.busy || autosave.halted || !find("banner").hidden ? null : autosave.version),
    newer: (details) => mark.newer(details, {
      load: () => { autosave.save().then((all) => { if (all) location.reload(); }); },
      compare: (acts) => compare(desk, desk.collect(), acts),
    }),
  });
  company.round();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) company.round(); });
  window.addEventListener("pagehide", () => company.leave());
}

function listen(desk) {
  const { form, autosave, data } = desk;
  const saveNow = () => { autosave.dirty ? autosave.save() : desk.say("Everything is saved."); };
  const preview = () => page.openPreview(data.urls.preview, () => autosave.save(), desk.say);
  const publish = async () => {
    const link = find("publish-link");
    if (link && await autosave.save()) location.assign(link.href);
  };
  form.addEventListener("input", (event) => { if (event.target.name && event.target.form === form) autosave.changed(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); saveNow(); });
  page.chainEnter(form, desk.view);
  page.pageKeys({ saveNow, preview, publish });
  onClick(find("preview-link"), preview);
  onClick(find("publish-link"), publish);
  window.addEventListener("online", () => autosave.online());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) autosave.save(); });
  window.addEventListener("beforeunload", (event) => flush(desk, event));
}

function onClick(link, act) {
  link?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
}

// Leaving with unsaved words: they are kept on the device and sent off in one last request. Only where that cannot be, the browser asks.
function flush(desk, event) {
  const { autosave, data } = desk;
  if (!autosave.dirty || desk.leaving) return;
  const payload = desk.collect();
  keeping.keep(data.post, data.sitting, autosave.version, payload);
  const small = new Blob([JSON.stringify(payload)]).size < 60_000;
  if (autosave.busy || autosave.halted || autosave.failures || !small) event.preventDefault();
  else autosave.save({ keepalive: true });
}

// What closed pages left on this device, one after the other.
async function offerKept(desk) {
  const { data, mark } = desk;
  for (const { key, keptAt, payload } of await keeping.leftBehind(data.post)) {
    const doc = readBody(payload.body);
    if (!doc) continue; // from a newer editor, which will offer it
    if (sameManuscript(payload, desk.collect())) {
      keeping.drop(key);
      continue;
    }
    const decided = (act) => () => { mark.clear(); act(); keeping.drop(key); offerKept(desk); };
    return mark.offerKept(keptAt, {
      restore: decided(() => { restore(desk, payload, doc); keeping.keep(data.post, data.sitting, desk.autosave.version, desk.collect()); }),
      discard: decided(() => {}),
      compare: (acts) => compare(desk, payload, acts),
    });
  }
}

function restore(desk, payload, doc) {
  fillFields(desk.form, payload);
  desk.view.dispatch(desk.view.state.tr.replaceWith(0, desk.view.state.doc.content.size, doc.content));
  desk.lead.draw();
  desk.sources.draw();
  Object.values(desk.boxes).forEach((boxes) => boxes.draw());
  desk.found();
  page.growTexts(desk.form).forEach((fit) => fit());
  desk.autosave.changed();
  desk.view.focus();
}

open();
