// What is still on this phone of the head's problems: told on every page, with the way to each.

import { clone, keep, tell, text } from "../dom.js";
import { day, say } from "../words.js";
import { AMBER_H, bannerOf, oldestHours } from "./care.js";
import { byId, slots } from "./page.js";

/** Why nothing moves, in one sentence; "" while it does. */
export function standstill({ queue, isDurable }) {
  if (queue.isSignedOut) return say(isDurable ? "way_signed_out" : "way_signed_out_unkept");
  if (!navigator.onLine || queue.isFailing) return say(isDurable ? "way_offline" : "way_offline_unkept");
  return "";
}

/**
 * @param {import("./rectifications.js").Rectification[]} held
 * @param {import("./album.js").PhotoRow[]} photos unsent or refused
 * @param {number} [open] the problem of this page, which speaks for itself
 */
export function pendingOf(held, photos, open) {
  const isElsewhere = (one) => one.finding && one.finding !== open;
  const unsent = photos.filter(isElsewhere);
  const wishes = held.filter((one) => isElsewhere(one) && (one.waits || one.problem || one.isTaken));
  const named = new Map(held.map((one) => [one.finding, one]));
  // A photo may outlive its submission, and so have no words beside it.
  const findings = new Set([...wishes, ...unsent].map((one) => one.finding));
  const lines = [...findings].map((finding) => ({
    ...(named.get(finding) || { finding, rev: 0, title: say("problem_n", { n: finding }) }),
    photos: unsent.filter((row) => row.finding === finding),
  }));
  return { unsent, wishes, lines };
}

/** Nothing goes from the phone by one tap: its owner reads what would be lost. */
export function askDiscard({ title, measure, photos }, onGo) {
  const dialog = byId("d-discard");
  const what = [photos ? say("photos", { n: photos }) : "", measure ? say("you_wrote", { words: measure }) : ""];
  text(byId("d-discard-title"), title);
  text(byId("d-discard-words"), say("discard_words", { what: what.filter(Boolean).join(say("comma")) }));
  byId("d-discard-go").onclick = () => {
    dialog.close();
    onGo();
  };
  dialog.showModal();
}

/**
 * @param {import("./phone.js").Phone} phone @param {ReturnType<typeof pendingOf>} pending
 * @param {(one: any) => void} onDiscard
 */
export function drawPending(phone, { unsent, wishes, lines }, onDiscard) {
  slots.pending.hidden = !lines.length;
  if (!lines.length) return;
  const hours = oldestHours(unsent);
  slots.pending.className = bannerOf(hours);
  text(slots.pending_words, pendingWords(unsent, wishes));
  tell(slots.pending_way, standstill(phone));
  tell(slots.pending_age, hours >= AMBER_H ? say("age", { age: say("hours", { n: Math.floor(hours) }) }) : "");
  keep(slots.pending_list, lines, { key: (one) => one.finding, make: (one) => line(one, onDiscard), update: drawLine });
}

function pendingWords(unsent, wishes) {
  const handed = wishes.filter((one) => one.waits).length;
  const what = [
    unsent.length ? say("photos", { n: unsent.length }) : "",
    handed ? say("rectifications", { n: handed }) : "",
  ].filter(Boolean);
  return what.length ? say("pending", { what: what.join(say("comma")) }) : say("pending_problems");
}

/** @returns {any} */
function line(one, onDiscard) {
  const part = clone("t-pending");
  part.discard.onclick = () => askDiscard({ ...part.root.one, photos: part.root.one.photos.length }, () => onDiscard(part.root.one));
  part.link.href = `/my/findings/${one.finding}/`;
  part.root.slots = part;
  return part.root;
}

function drawLine(root, one) {
  const isRefused = one.problem || one.isTaken || one.photos.some((row) => row.state === "refused");
  root.one = one;
  text(root.slots.link, one.title);
  const since = one.submit ? say("handed_in_on", { day: day(one.submit.at) }) : say("photos_here", { n: one.photos.length });
  text(root.slots.state, isRefused ? say("needs_look") : since);
  root.slots.discard.hidden = !one.isGone && !one.photos.some((row) => row.isGone);
}
