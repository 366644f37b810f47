/** Files and folders dropped anywhere on a page that has a `data-drop-import` address are imported. */

import "./app.js";
import { all, find } from "./elements.js";

const FIELD = "uploads";
let over = 0;

function target() {
  return find("[data-drop-import]")?.dataset.dropImport;
}

/** @param {DragEvent} event */
function holdsFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files") && Boolean(target());
}

/** @param {string} words none take the sign away */
function say(words) {
  let sign = find(".drop-sign");
  if (!words) {
    sign?.remove();
    return;
  }
  if (!sign) {
    sign = document.createElement("div");
    sign.className = "drop-sign";
    sign.setAttribute("role", "status");
    document.body.append(sign);
  }
  if (sign.textContent !== words) sign.textContent = words;
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} the file, or all files in the folder */
async function filesIn(entry) {
  if (entry.isFile) {
    const one = /** @type {FileSystemFileEntry} */ (entry);
    return [await new Promise((done, failed) => one.file(done, failed))];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const files = [];
  // A reader gives a hundred entries at a time, and none when it is through.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return files;
    for (const inner of some) {
      if (!inner.name.startsWith(".")) files.push(...(await filesIn(inner)));
    }
  }
}

/** Sends the files as the import form does, so that without this script the same page answers. @param {File[]} files */
function send(files) {
  const form = document.createElement("form");
  form.method = "post";
  form.enctype = "multipart/form-data";
  form.action = target() ?? "";
  form.hidden = true;
  const input = document.createElement("input");
  input.type = "file";
  input.name = FIELD;
  input.multiple = true;
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  input.files = chosen.files;
  const token = find("[name=csrfmiddlewaretoken]");
  form.append(input, ...(token ? [token.cloneNode()] : []));
  document.body.append(form);
  form.submit();
}

document.addEventListener("dragenter", (event) => {
  if (!holdsFiles(event)) return;
  over += 1;
  say("Drop to import");
});

document.addEventListener("dragleave", (event) => {
  if (!holdsFiles(event)) return;
  over -= 1;
  if (over <= 0) say("");
});

document.addEventListener("dragover", (event) => {
  if (holdsFiles(event)) event.preventDefault();
});

document.addEventListener("drop", async (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  over = 0;
  const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.());
  const plain = [...(event.dataTransfer?.files ?? [])];
  say("Reading what you dropped");
  try {
    const folders = entries.flatMap((entry) => entry ?? []);
    const files = folders.length === entries.length ? (await Promise.all(folders.map(filesIn))).flat() : plain;
    if (!files.length) {
      say("");
      return;
    }
    say(`Importing ${files.length === 1 ? files[0].name : `${files.length} files`}`);
    send(files);
  } catch {
    say("These files could not be read. Try the import page.");
    setTimeout(() => say(""), 5000);
  }
});

// Coming back to a page that was left while it was sending must not show the sign again.
addEventListener("pageshow", () => say(""));

for (const hint of all("[data-drop-hint]")) hint.hidden = false;
