// 待传: everything unsent on this phone, why it waits, and the ways out.

import { clone, dress, keep, text } from "../dom.js";
import { bytes, clock, day, dotted, say, statusOf } from "../words.js";
import { alarmOf, bannerOf, freeBytes, oldestHours } from "./care.js";
import { slots, toast } from "./page.js";
import { pack } from "./parcel.js";

/** @param {import("./phone.js").Phone} phone @param {{isProtected: boolean, hasWorker: boolean | null}} care */
export async function drawWaiting(phone, care) {
  const unsent = await phone.unsent();
  text(slots.heading, say("waiting"));
  text(slots.subheading, unsent.photos.length ? say("unsent_total", { n: unsent.photos.length, size: bytes(unsent.bytes) }) : say("all_sent"));
  const photos = await Promise.all(unsent.photos.map((row) => phone.album.read(row)));
  const tasks = new Map((phone.work?.tasks || []).map((task) => [task.assignment, task]));
  keep(slots.queue, photos, { key: (photo) => photo.id, make: line, update: (row, photo) => drawLine(row, photo, phone, tasks) });
  slots.queue_card.hidden = !photos.length;
  slots.queue_none.hidden = photos.length > 0 || unsent.answers > 0;
  text(slots.queue_answers, unsent.answers ? say("answers_here", { n: unsent.answers }) : "");
  slots.originals.hidden = !unsent.originals.length;
  const size = unsent.originals.reduce((sum, row) => sum + row.original.size, 0);
  text(slots.originals_words, say("originals", { n: unsent.originals.length, size: bytes(size) }));
  slots.send_now.disabled = slots.export.disabled = !photos.length && !unsent.answers;
  text(slots.mode, await modeWords(phone, care));
}

/** Which kind of phone this is today, in one sentence each. */
async function modeWords(phone, { isProtected, hasWorker }) {
  const free = await freeBytes();
  return [
    say(!phone.isDurable ? "mode_online" : hasWorker ? "mode_offline" : "mode_page"),
    phone.isDurable ? say(isProtected ? "protected" : "unprotected") : "",
    free === null ? "" : say("room", { size: free > 1e9 ? `${(free / 1e9).toFixed(1)} GB` : bytes(free) }),
    phone.vault.isSealing ? say("sealed") : say("unsealed"),
  ].filter(Boolean).join(" ");
}

/** @returns {any} */
function line() {
  const part = clone("t-upload");
  part.root.slots = part;
  return part.root;
}

function drawLine(root, photo, phone, tasks) {
  const part = root.slots;
  if (photo.thumb && !part.image.src) part.image.src = photo.thumb;
  const task = tasks.get(photo.assignment);
  text(part.title, `${task ? task.station.short_name : ""} ${photo.itemCode || say("signature")}`);
  const taken = `${day(photo.createdAt)} ${clock(photo.createdAt)}`;
  text(part.size, dotted(bytes(photo.size), taken, photo.problem));
  const moving = phone.queue.moving?.id === photo.id ? phone.queue.moving : null;
  const percent = moving ? Math.round(moving.share * 100) : 0;
  part.bar.classList.toggle("is-off", !moving);
  part.fill.setAttribute("width", `${percent}%`);
  const word = photo.state === "refused" ? statusOf("photo", "refused").word : moving ? `${percent}%` : say("in_line");
  dress(part.state, "st", statusOf("photo", moving ? "uploading" : photo.state), word);
}

/** The banner every view carries: how old the oldest unsent photo is. */
export function drawAlarm(rows) {
  const hours = oldestHours(rows);
  slots.age.hidden = !hours;
  if (!hours) return;
  slots.age.className = bannerOf(hours);
  const shown = hours < 1 ? say("minutes", { n: Math.max(1, Math.round(hours * 60)) }) : say("hours", { n: Math.floor(hours) });
  text(slots.age_words, say(alarmOf(hours) === "block" ? "age_block" : "age", { age: shown }));
}

/** @param {import("./phone.js").Phone} phone */
export async function exportParcel(phone) {
  const { blob, photos, answers } = await pack(phone);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${phone.username}-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-")}.zip`;
  document.body.append(link);
  link.click();
  link.remove();
  toast(say("exported", { photos, answers }));
}

/** @param {import("./phone.js").Phone} phone */
export async function sendOriginals(phone) {
  for (const row of (await phone.unsent()).originals) {
    await phone.album.change(row.id, { original: { ...row.original, state: "wanted" } });
  }
  phone.queue.now();
}
