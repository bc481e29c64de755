import { alreadyHere } from "../hashing.js";

// Several pictures at once, each with its own bar, cancel and retry. Without scripts the same form sends them together.
export function offerUploads() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const field = form.querySelector('input[type="file"]');
  form.querySelector("[data-upload-hint]").hidden = false;
  form.querySelector("[data-upload-send]").hidden = true;
  field.addEventListener("change", () => { sendAll(form, field.files); field.value = ""; });
  catchDrops(form, (files) => sendAll(form, files));
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    sendAll(form, files);
  });
}

function catchDrops(form, take) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => { if (hasFiles(event)) { event.preventDefault(); form.classList.add("upload--over"); } });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("upload--over"); });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.remove("upload--over");
    take(event.dataTransfer.files);
  });
}

// Two at a time: the server works on each picture while the next one is on its way.
async function sendAll(form, files) {
  const rows = [...files].map((file) => ({ file, row: addRow(form, file) }));
  const queue = rows.values();
  const worker = async () => { for (const { file, row } of queue) await bring(form, file, row); };
  await Promise.all([worker(), worker()]);
}

function addRow(form, file) {
  const row = document.createElement("li");
  row.className = "upload__file";
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `Upload of ${file.name}`);
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "button button--quiet button--small";
  stop.textContent = "Cancel";
  const words = document.createElement("p");
  row.append(name, bar, stop, words);
  form.querySelector("[data-upload-list]").append(row);
  return { row, bar, stop, words };
}

// What is here already is not sent again.
async function bring(form, file, parts) {
  let stopped = false;
  parts.stop.onclick = () => { stopped = true; parts.row.remove(); };
  tell(parts, "Looking whether it is here already…", null);
  const known = await alreadyHere(file, `${form.getAttribute("action")}/files`);
  if (stopped) return;
  if (known) arrive(parts, { ...known, duplicate: true });
  else await send(form, file, parts);
}

function send(form, file, parts) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("file", file);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
    request.upload.onprogress = (event) => { if (event.lengthComputable) parts.bar.value = event.loaded / event.total; };
    request.onload = () => { settle(parts, request); if (parts.failed) offerRetry(form, file, parts); done(); };
    request.onerror = () => { tell(parts, "We could not reach the server.", false); offerRetry(form, file, parts); done(); };
    request.onabort = () => { parts.row.remove(); done(); };
    parts.stop.onclick = () => request.abort();
    parts.stop.textContent = "Cancel";
    tell(parts, "", null);
    request.send(data);
  });
}

function settle(parts, request) {
  const answer = parse(request.responseText);
  const fine = request.status === 200 || request.status === 201;
  if (!fine) return tell(parts, answer.error ?? "That did not work. Try again.", false);
  arrive(parts, answer);
}

function arrive(parts, answer) {
  tell(parts, answer.duplicate ? `The same file is here already, as ${answer.filename}. ` : "Here. ", true);
  parts.words.append(linkTo(answer.id, answer.duplicate ? "See it" : "Add its words"));
  if (answer.alike?.length) {
    const twin = document.createElement("span");
    twin.className = "upload__twin";
    twin.append("It looks like ", linkTo(answer.alike[0].id, answer.alike[0].filename), ", which is here too.");
    parts.words.append(twin);
  }
  parts.bar.value = 1;
  parts.stop.remove();
}

function linkTo(id, words) {
  const link = document.createElement("a");
  link.href = `/studio/pictures/${id}`;
  link.textContent = words;
  return link;
}

function offerRetry(form, file, parts) {
  parts.stop.textContent = "Try again";
  parts.stop.onclick = () => send(form, file, parts);
}

function tell(parts, words, fine) {
  parts.failed = fine === false;
  parts.words.textContent = words;
  parts.row.classList.toggle("upload__file--wrong", fine === false);
  parts.row.classList.toggle("upload__file--done", fine === true);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
