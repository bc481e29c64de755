// Several pictures at once, each with its own bar, cancel and retry. Without scripts the same form sends them together.
export function offerUploads() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const field = form.querySelector('input[type="file"]');
  form.querySelector("[data-upload-hint]").hidden = false;
  form.querySelector("[data-upload-send]").hidden = true;
  field.addEventListener("change", () => { sendAll(form, field.files); field.value = ""; });
  catchDrops(form, (files) => sendAll(form, files));
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
  const worker = async () => { for (const { file, row } of queue) await send(form, file, row); };
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
  tell(parts, answer.duplicate ? "The same picture is here already. " : "Here. ", true);
  const link = document.createElement("a");
  link.href = `/studio/pictures/${answer.id}`;
  link.textContent = answer.duplicate ? "See it" : "Add its words";
  parts.words.append(link);
  parts.bar.value = 1;
  parts.stop.remove();
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
