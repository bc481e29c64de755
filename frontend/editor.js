// The post editor. Reads the manuscript from the page, opens the body, saves by itself. Loaded by the studio's editor page.
import { openBody } from "./editor/body.js";
import { Checks } from "./editor/checks.js";
import { LeadPicture } from "./editor/lead.js";
import * as page from "./editor/page.js";
import { Pictures } from "./editor/pictures/store.js";
import { Autosave } from "./editor/saving/autosave.js";
import * as keeping from "./editor/saving/keeping.js";
import { SaveMark } from "./editor/saving/mark.js";
import { bodyOf, collectFields, fillFields, readBody, sameManuscript } from "./editor/saving/manuscript.js";
import { Server } from "./editor/server.js";

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
  desk.words.show(doc);
  desk.checks = new Checks(desk, find("check-panel"));
  page.growTexts(form);
  page.guardDrops();
  if (!desk.writable) return lock(form, desk);
  desk.autosave = autosave(desk, data);
  desk.mark.show("saved", { savedAt: data.saved_at });
  listen(desk);
  offerKept(desk);
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
  return desk;
}

function lock(form, desk) {
  desk.mark.show("readonly");
  for (const control of form.elements) control.disabled = true;
}

function autosave(desk, { post, version, saved_at: savedAt }) {
  return new Autosave({
    version, savedAt,
    collect: desk.collect,
    send: (payload, keepalive) => desk.server.save(payload, keepalive),
    fresh: () => freshVersion(desk),
    keep: (at, payload) => keeping.keep(post, at, payload),
    forget: () => keeping.forget(post),
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
  } else if (state === "conflict") {
    mark.conflict(details, { keepMine: () => { mark.clear(); autosave.keepMine(); }, reload: () => leave(desk) });
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

// Their version, loaded anew; ours stays on the device and is offered there.
function leave(desk) {
  desk.leaving = true;
  location.reload();
}

function listen(desk) {
  const { form, autosave, data } = desk;
  const saveNow = () => { autosave.dirty ? autosave.save() : desk.say("Everything is saved."); };
  const preview = () => page.openPreview(data.urls.preview, () => autosave.save(), desk.say);
  const publish = async () => {
    const link = find("publish-link");
    if (link && await autosave.save()) location.assign(link.href);
  };
  form.addEventListener("input", (event) => { if (event.target.name) autosave.changed(); });
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
  keeping.keep(data.post, autosave.version, payload);
  const small = new Blob([JSON.stringify(payload)]).size < 60_000;
  if (autosave.busy || autosave.halted || autosave.failures || !small) event.preventDefault();
  else autosave.save({ keepalive: true });
}

function offerKept(desk) {
  const { data, mark } = desk;
  const found = keeping.setAside(data.post);
  if (!found) return;
  const doc = readBody(found.payload.body);
  if (!doc || sameManuscript(found.payload, desk.collect())) return keeping.forgetAside(data.post);
  const decided = (act) => () => { mark.clear(); act(); keeping.forgetAside(data.post); };
  mark.offerKept(found.keptAt, {
    restore: decided(() => { restore(desk, found.payload, doc); keeping.keep(data.post, desk.autosave.version, desk.collect()); }),
    discard: decided(() => {}),
  });
}

function restore(desk, payload, doc) {
  fillFields(desk.form, payload);
  desk.view.dispatch(desk.view.state.tr.replaceWith(0, desk.view.state.doc.content.size, doc.content));
  desk.lead.draw();
  page.growTexts(desk.form).forEach((fit) => fit());
  desk.autosave.changed();
  desk.view.focus();
}

open();
