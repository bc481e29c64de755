// What the editor sees of saving: the mark in the top bar, and a banner where a decision is wanted.
import { ask } from "../dialog.js";
import { button, element } from "../element.js";

export function clockTime(at) {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return "";
  const time = when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = when.toDateString() === new Date().toDateString() ? "" : when.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return day ? `${day}, ${time}` : time;
}

const WORDS = {
  saved: ({ savedAt }) => `Saved ${clockTime(savedAt)}`,
  saving: () => "Saving…",
  offline: () => "Offline – kept on this device",
  trouble: () => "Not saved yet – kept on this device",
  conflict: () => "Paused (someone else saved)",
  "signed-out": () => "Signed out – kept on this device",
  refused: () => "Not saved – see the marked field",
  readonly: () => "Read only",
};

export class SaveMark {
  constructor(mark, banner, said) {
    Object.assign(this, { mark, banner, said });
  }

  show(state, details = {}) {
    this.mark.textContent = WORDS[state](details);
    this.mark.dataset.state = state;
    const calm = state === "saving" || state === "saved";
    if (!calm) this.said.textContent = this.mark.textContent;
    else if (state === "saved" && this.troubled) this.said.textContent = this.mark.textContent;
    this.troubled = state === "saving" ? this.troubled : !calm;
  }

  // `kind` says what the banner is about; a save that went well takes away only what was about saving.
  announce(kind, text, ...acts) {
    this.kind = kind;
    this.banner.replaceChildren(element("p", {}, text), element("div", { class: "ed-banner-acts" }, acts));
    this.banner.hidden = false;
  }

  clear(kind = this.kind) {
    if (kind !== this.kind) return;
    this.banner.hidden = true;
    this.banner.replaceChildren();
  }

  conflict({ saved_at: at, saved_by: by }, { compare, keepBoth, keepMine }) {
    const who = by || "Someone else";
    const sure = () => ask({
      title: "Save yours over theirs?",
      text: `The version of ${clockTime(at)} stays in the history; the story goes on with yours.`,
      action: "Keep mine", yes: keepMine,
    });
    this.announce("saving", `${who} saved a newer version at ${clockTime(at)}. Your words are kept on this device.`,
      button("Compare", () => compare([["Keep both", keepBoth], ["Keep mine", sure]])),
      button("Keep both", keepBoth),
      button("Keep mine", sure));
  }

  // Somebody saved, and nothing of ours is lost by reading it.
  newer({ saved_at: at, saved_by: by }, { load, compare }) {
    this.announce("newer", `${by || "Someone else"} saved a newer version at ${clockTime(at)}.`,
      button("Load it", load), button("Compare", () => compare([["Load theirs", load]])));
  }

  signedOut({ error, status }, { retry, signIn }) {
    if (status === 403) return this.announce("saving", error, button("Try again", retry));
    return this.announce("saving", "Your session ended. Sign in again in a new tab; your words are kept on this device.",
      element("a", { class: "ed-button ed-quiet", href: signIn, target: "_blank", rel: "noopener" }, "Sign in"),
      button("I have signed in", retry));
  }

  offerKept(keptAt, { restore, discard, compare }) {
    this.announce("kept", `This device kept words from ${clockTime(keptAt)} that were never saved.`,
      button("Restore them", restore),
      button("Compare", () => compare([["Restore them", restore]])),
      button("Discard", () => ask({
        title: "Discard the kept words?", text: "They are only on this device and cannot be brought back.",
        action: "Discard", yes: discard,
      })));
  }
}
