// A list of files on their way up: a bar for each, cancel, try again, and the server's own sentence where it refuses one.
import { button, element } from "../element.js";
import { icon } from "../icons.js";

const LARGEST = 1500 * 1024 * 1024;

// `onPicture(picture)` is called for each file that arrives, in the order chosen; `onSettled()` when no row is left.
export class Uploader {
  constructor(desk, { onPicture, onSettled = () => {} }) {
    this.desk = desk;
    this.onPicture = onPicture;
    this.onSettled = onSettled;
    this.rows = [];
    this.dom = element("ul", { class: "ed-uploads", "aria-label": "Uploads", hidden: true });
  }

  add(files) {
    const rows = [...files].map((file) => new Row(this, file));
    this.rows.push(...rows);
    this.dom.append(...rows.map((row) => row.dom));
    this.dom.hidden = !this.rows.length;
    this.#next();
  }

  // Two at a time, so that twenty pictures do not choke a slow line.
  #next() {
    const busy = this.rows.filter((row) => row.state === "sending").length;
    const waiting = this.rows.filter((row) => row.state === "waiting");
    waiting.slice(0, Math.max(0, 2 - busy)).forEach((row) => row.send());
  }

  // Pictures are handed on in the order in which they were chosen: one that is done early waits for those before it, but not
  // for one that was refused.
  moved() {
    const open = this.rows.findIndex((row) => row.state === "waiting" || row.state === "sending");
    const ready = (open < 0 ? this.rows : this.rows.slice(0, open)).filter((row) => row.state !== "failed");
    this.rows = this.rows.filter((row) => !ready.includes(row));
    for (const row of ready) {
      row.dom.remove();
      if (row.state === "done") this.onPicture(row.picture);
    }
    this.#next();
    this.dom.hidden = !this.rows.length;
    if (!this.rows.length && ready.length) this.onSettled();
  }

  cancelAll() {
    this.rows.slice().forEach((row) => row.cancel());
  }
}

class Row {
  constructor(list, file) {
    this.list = list;
    this.file = file;
    this.state = "waiting";
    this.name = file.name || "pasted picture";
    this.bar = element("progress", { class: "ed-bar", max: "1", "aria-label": `Uploading ${this.name}` });
    this.bar.value = 0;
    this.said = element("span", { class: "ed-upload-said" }, "Waiting");
    this.again = button("Try again", () => this.send(), { hidden: true, "aria-label": `Try ${this.name} again` });
    this.stop = button(icon("close"), () => this.cancel(), { class: "ed-iconbutton", "aria-label": `Cancel ${this.name}` });
    this.dom = element("li", { class: "ed-upload" },
      element("span", { class: "ed-upload-name" }, this.name), this.said, this.bar, this.again, this.stop);
  }

  async send() {
    if (this.file.size > LARGEST) return this.fail("This file is larger than 1,500 MB. Choose a smaller one.");
    this.state = "sending";
    this.abort = new AbortController();
    this.dom.classList.remove("ed-failed");
    this.again.hidden = true;
    this.bar.hidden = false;
    this.progress(0);
    try {
      const known = await this.list.desk.server.alreadyHere(this.file);
      if (this.abort.signal.aborted) return;
      this.done(known ? { ...known, duplicate: true } : await this.list.desk.server.upload(this.file, {
        signal: this.abort.signal, onProgress: (part) => this.progress(part),
      }));
    } catch (error) {
      if (error.name !== "AbortError") this.fail(error.message);
    }
  }

  progress(part) {
    this.bar.value = part;
    this.said.textContent = part < 1 ? `${Math.floor(part * 100)} %` : "Checking…";
  }

  done(answer) {
    if (answer.duplicate) this.list.desk.say(`${this.name} is already here as ${answer.filename}. That one is used.`);
    const [twin] = answer.alike ?? [];
    if (twin) this.list.desk.say(`${this.name} looks like ${twin.filename}, which is in the library too.`);
    this.picture = this.list.desk.pictures.put(answer);
    this.state = "done";
    this.said.textContent = "Done";
    this.stop.hidden = true;
    this.list.moved();
  }

  fail(sentence) {
    this.state = "failed";
    this.said.textContent = sentence;
    this.dom.classList.add("ed-failed");
    this.bar.hidden = true;
    this.again.hidden = false;
    this.list.desk.tell(`${this.name}: ${sentence}`);
    this.list.moved();
  }

  cancel() {
    this.state = "cancelled";
    this.abort?.abort();
    this.list.moved();
  }
}

export function pictureFiles(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

// The system's own file window.
export function askForFiles(onFiles, multiple = false) {
  const input = element("input", { type: "file", accept: "image/*", multiple, hidden: true });
  input.addEventListener("change", () => { onFiles([...input.files]); input.remove(); });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}
