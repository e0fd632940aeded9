// One item on the sheet: folded to a line, or open with its choices, photos and note.

import { clone, dress, keep, picture, text } from "../dom.js";
import { shot, updateShot } from "../shots.js";
import { day, say, statusOf } from "../words.js";

const NEEDS_NOTE = ["partial", "fail", "na", "unable"];

/** The line of an item that is not being worked on. @returns {any} */
export function folded(item) {
  const slots = clone("t-folded");
  text(slots.code, item.code);
  text(slots.title, item.title);
  slots.root.dataset.item = item.code;
  slots.root.fold = slots;
  return slots.root;
}

export function updateFolded(root, item, store) {
  const slots = root.fold;
  const count = store.photosOf(item.code).length;
  text(slots.photos, count ? say("photos", { n: count }) : "");
  dress(slots.result, "chip", statusOf("result", item.mine?.result || ""));
  const sign = sentence(item, store);
  text(slots.state, sign);
  slots.state.hidden = !sign || !item.mine;
}

/** @returns {any} */
export function opened(item, store) {
  const slots = clone("t-item");
  slots.root.dataset.item = item.code;
  slots.root.card = slots;
  text(slots.code, item.code);
  text(slots.points, say("points", { n: item.points }));
  text(slots.title, item.title);
  text(slots.guidance, item.guidance || say("no_guidance"));
  if (item.guidance) slots.guidance.lang = "zh-Hans"; // the standard's own words have no translation
  text(slots.clause, item.clause ? say("basis", { clause: item.clause }) : "");
  slots.critical.hidden = !item.is_critical;
  slots.needs_photo.hidden = !item.needs_photo;
  slots.unable.hidden = item.mine?.result !== "unable";
  last(slots, item, store);
  slots.note.value = item.mine?.note || "";
  return slots.root;
}

export function updateOpened(root, item, store) {
  const slots = root.card;
  const result = item.mine?.result || "";
  for (const button of root.querySelectorAll("[data-result]")) {
    button.setAttribute("aria-pressed", String(button.dataset.result === result));
    button.disabled = !store.isOpen;
  }
  note(slots, item, store);
  if (result === "unable") slots.unable.hidden = false;
  slots.add.hidden = !store.isOpen || !mayTake(item, result);
  slots.gallery.hidden = slots.add.hidden || item.is_critical; // a critical item is seen, not remembered
  keep(slots.shots, store.photosOf(item.code), { key: (photo) => photo.id, make: shot, update: updateShot });
  slots.strip.hidden = slots.add.hidden && !store.photosOf(item.code).length;
  trouble(slots, item, store);
}

// Where the sheet asks for no photo, a problem may still be shown.
function mayTake(item, result) {
  return item.photo_rule !== "none" || ["partial", "fail"].includes(result);
}

function note(slots, item, store) {
  const result = item.mine?.result || "";
  const isNeeded = NEEDS_NOTE.includes(result);
  slots.note_field.hidden = !(isNeeded || slots.note.value);
  text(slots.note_rule, isNeeded ? say("required") : say("optional"));
  slots.note.setAttribute("aria-invalid", String(store.lack(item) === "note" && slots.note.dataset.left === "true"));
  slots.note.readOnly = !store.isOpen;
  for (const group of slots.phrases.querySelectorAll("[data-for]")) {
    group.hidden = !group.dataset.for.split(" ").includes(result);
  }
  slots.phrases.hidden = !isNeeded || !store.isOpen;
}

function trouble(slots, item, store) {
  const sign = sentence(item, store);
  slots.trouble.hidden = !sign;
  text(slots.trouble_text, sign);
  slots.compare.hidden = !item.theirs;
}

function sentence(item, store) {
  if (item.theirs) return say("theirs_differs");
  if (item.trouble) return item.trouble;
  const lack = store.lack(item);
  if (lack === "note") return say("lack_note");
  if (lack === "photo") return say("lack_photo");
  return "";
}

function last(slots, item, store) {
  if (!item.last) return;
  slots.last.hidden = false;
  text(slots.last_when, say("last", { round: item.last.round, day: day(item.last.on) }));
  dress(slots.last_result, "st", statusOf("result", item.last.result));
  const photo = item.last.photos[0];
  slots.last_thumb.hidden = !photo;
  if (photo) store.phone.pictureUrl(photo.id, photo.thumbnail).then((url) => picture(slots.last_image, url));
}
