// What fingers do on the sheet, in one place.

import { showConflict, showLast, showPhoto } from "../dialogs.js";
import { day, dotted, say } from "../words.js";
import { openCamera } from "./camera.js";
import { alarmOf, oldestHours } from "./care.js";
import { submit, withdraw } from "./leave.js";
import { openMarks, openSignature } from "./marks.js";
import { byId, slots, toast } from "./page.js";
import { nextStep } from "./bars.js";
import { shareReceipt } from "./share.js";
import { pictureOf, take } from "./take.js";
import { exportParcel } from "./waiting.js";

const NOTE_PAUSE_MS = 600;
/** @type {Promise<void> | null} a tap on its way to the disk */ let tapping = null;

/** @param {() => import("./sheet.js").Sheet | null} current the sheet that is open */
export function wire(current) {
  const store = () => current().store;
  const itemOf = (target) => store().items.get(target.closest("[data-item]").dataset.item);
  const acts = {
    fold: (item) => current().toggle(item.code),
    more: (item, button) => toggleMore(button),
    last: (item) => showLast(item, store().phone),
    compare: (item) => showConflict(item, (side) => store().settle(item.code, side).then(() => store().phone.queue.now())),
    camera: (item) => takePhoto(store(), item),
    gallery: (item) => pick(store(), item, "f-gallery"),
  };

  slots.cards.addEventListener("click", (event) => {
    const target = event.target.closest("button, a");
    if (!target) return;
    const item = itemOf(target);
    if (target.dataset.result) tap(store(), item, target.dataset.result);
    else if (target.dataset.phrase) addPhrase(store(), item, target);
    else if (target.dataset.photo) lookAt(store(), target.dataset.photo);
    else acts[target.dataset.act]?.(item, target);
  });
  wireNotes(store, itemOf);
  wireLeave(current, store);
}

function wireNotes(store, itemOf) {
  let pause = 0;
  slots.cards.addEventListener("input", (event) => {
    if (event.target.tagName !== "TEXTAREA") return;
    const item = itemOf(event.target);
    clearTimeout(pause);
    pause = setTimeout(() => write(store(), item, event.target.value), NOTE_PAUSE_MS);
  });
  slots.cards.addEventListener("focusout", (event) => {
    if (event.target.tagName !== "TEXTAREA") return;
    clearTimeout(pause);
    event.target.dataset.left = "true";
    write(store(), itemOf(event.target), event.target.value);
  });
}

function wireLeave(current, store) {
  slots.next_step.addEventListener("click", () => current().go(nextStep(store(), current().open).code || "leave"));
  slots.missing.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-jump]");
    if (jump) current().go(jump.dataset.jump);
  });
  slots.submit.addEventListener("click", () => submit(store()));
  slots.withdraw.addEventListener("click", () => withdraw(store()));
  slots.again.addEventListener("click", () => store().phone.queue.now());
  slots.share.addEventListener("click", () => shareReceipt(store()));
  slots.export_here.addEventListener("click", () => exportParcel(store().phone));
  slots.sign_open.addEventListener("click", () => openSignature((file) => signed(store(), file)));
}

function tap(store, item, result) {
  const mine = tapped(store, item, result).finally(() => {
    if (tapping === mine) tapping = null;
  });
  tapping = mine;
}

/** Resolves when every tap so far is on disk; null when all are. */
function underway(store) {
  if (!tapping && !store.isSaving) return null;
  return Promise.resolve(tapping).catch(() => {}).then(() => store.settled());
}

async function tapped(store, item, result) {
  if (item.mine?.result === result) return;
  if (!store.answered().length && !store.audit.rev && (await isTooLate(store.phone))) return;
  await store.answer(item.code, { result });
  store.phone.queue.ask();
}

// Photos of three days ago first: a phone that never gets rid of them must not collect more.
async function isTooLate(phone) {
  const isBlocked = alarmOf(oldestHours(await phone.album.rows())) === "block";
  if (isBlocked) toast(say("send_first"));
  return isBlocked;
}

function write(store, item, note) {
  if (!item.mine || item.mine.note === note) {
    store.changed();
    return;
  }
  store.answer(item.code, { note }).then(() => store.phone.queue.ask());
}

function addPhrase(store, item, button) {
  const field = button.closest("[data-item]").querySelector("textarea");
  field.value = field.value ? `${field.value}${say("semicolon")}${button.dataset.phrase}` : button.dataset.phrase;
  write(store, item, field.value);
}

function toggleMore(button) {
  const { unable } = button.closest("[data-item]").card;
  unable.hidden = !unable.hidden;
  button.setAttribute("aria-expanded", String(!unable.hidden));
}

// ---- photos

/** Every tap is on disk before the camera opens: the phone may end the page for it. */
async function takePhoto(store, item, replaces = "") {
  history.replaceState(null, "", `#${item.code}`); // and comes back to this item
  const earlier = item.last?.photos[0];
  if (!earlier || !navigator.mediaDevices) {
    pick(store, item, "f-camera", replaces);
    return;
  }
  await underway(store);
  const ghost = await store.phone.pictureUrl(earlier.id, earlier.thumbnail);
  const words = dotted(store.sheet.station.short_name, say("last", { round: item.last.round, day: day(item.last.on) }));
  const frame = await openCamera({ title: `${item.code} ${item.title}`, words, ghost });
  if (frame === "none") pick(store, item, "f-camera", replaces);
  else if (frame) await takeIn(store, { itemCode: item.code, file: frame, isCamera: true, replaces });
}

function pick(store, item, id, replaces = "") {
  const input = byId(id);
  input.value = "";
  input.onchange = async () => {
    for (const file of [...input.files]) {
      await takeIn(store, { itemCode: item.code, file, isCamera: id === "f-camera", replaces });
    }
  };
  const before = underway(store);
  if (before) before.then(() => input.click());
  else input.click();
}

function takeIn(store, shot) {
  return take(store, shot, (id, warnings) => lookAt(store, id, warnings));
}

async function lookAt(store, id, warnings = []) {
  const photo = store.photos.get(id);
  if (!photo || photo.state === "saving") return;
  const url = await pictureOf(store, photo);
  const isHere = ["queued", "uploading", "refused"].includes(photo.state);
  showPhoto({ ...photo, display: url }, {
    words: [...warnings, photo.problem].filter(Boolean).join(" "),
    isOpen: isHere && (store.isOpen || photo.state === "refused"),
    onDrop: () => retake(store, photo),
    onMark: photo.state === "queued" && url.startsWith("blob:") ? () => mark(store, photo, url) : null,
  });
}

function mark(store, photo, url) {
  openMarks(url, photo.marks || [], async (marks) => {
    await store.phone.album.changeFacts(photo.id, { marks });
    await store.reload();
  });
}

/** After handing in, only the declared ids are awaited: the new picture takes the old one's name. */
async function retake(store, photo) {
  const item = store.items.get(photo.itemCode);
  if (!store.isOpen) {
    takePhoto(store, item, photo.id);
    return;
  }
  await store.phone.album.drop(await store.phone.disk.get("photos", photo.id));
  await store.reload();
  takePhoto(store, item);
}

async function signed(store, file) {
  const before = store.signature();
  if (before && before.state === "queued") await store.phone.album.drop(await store.phone.disk.get("photos", before.id));
  await takeIn(store, { itemCode: null, file, isCamera: true, kind: "signature" });
}

