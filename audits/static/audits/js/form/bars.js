// The bars that never leave the screen: sections above, progress and the next step below.

import { dress, icon, keep, text } from "../dom.js";
import { clock, say } from "../words.js";

export function drawSections(holder, store, current) {
  keep(holder, store.sections, {
    key: (section) => section.code,
    make: tab,
    update: (link, section) => {
      const items = store.ofSection(section.code);
      const done = items.filter((item) => !["result", "note"].includes(store.lack(item))).length;
      const isFull = items.length > 0 && !items.some((item) => store.lack(item));
      if (section.code === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      const count = `${done}/${items.length}`;
      if (link.count.textContent !== count || link.isFull !== isFull) {
        link.count.replaceChildren(...(isFull ? [icon("tick")] : []), count);
        link.isFull = isFull;
      }
    },
  });
}

/** @returns {any} */
function tab(section) {
  /** @type {any} */ const link = document.createElement("a");
  link.href = `#${section.code}`;
  link.count = document.createElement("b");
  link.append(section.title, link.count);
  return link;
}

/** "已存本机 10:05": true only when the last tap is on disk. */
export function savedWord(store) {
  if (store.isBroken) return say("not_saved_here");
  if (store.isSaving) return say("saving");
  const troubled = store.troubled().length;
  if (troubled) return say("needs_you", { n: troubled });
  const waiting = store.unsent().length + store.unsentPhotos().length;
  const time = store.savedAt ? clock(store.savedAt) : "";
  if (!store.phone.isDurable) return waiting ? say("unsaved", { n: waiting }) : say("on_server");
  if (waiting) return say("saved_here", { time });
  return say("on_server");
}

/** @param {any} slots @param {import("./phone.js").Phone} phone @param {any} unsent */
export function drawChip(slots, phone, unsent) {
  const n = unsent.photos.length;
  const isOff = !navigator.onLine;
  slots.chip.hidden = !isOff && !n && !phone.queue.isSignedOut;
  if (isOff) dress(slots.chip, "chip", { icon: "offline", tone: "none", word: say("offline") });
  else if (phone.queue.isSignedOut) dress(slots.chip, "chip", { icon: "key", tone: "warn", word: say("signed_out") });
  else if (phone.queue.moving) dress(slots.chip, "chip", { icon: "send", tone: "info", word: say("sending", { n }) });
  else if (n) dress(slots.chip, "chip", { icon: "phone", tone: "warn", word: say("unsent", { n }) });
}

export function drawBottom(slots, store, step) {
  text(slots.done, `${store.answered().length}/${store.items.size}`);
  text(slots.pending, pendingWord(store));
  text(slots.next_word, step.word);
  const lacking = store.lacking().length;
  text(slots.leave_word, lacking && store.isOpen ? say("leave_lacking", { n: lacking }) : say("leave"));
}

// The bar above scrolls away; what is not on the server yet is said beside the thumb too.
function pendingWord(store) {
  const saving = store.inState("saving").length;
  if (saving) return say("saving_photos", { n: saving });
  const photos = store.unsentPhotos().length;
  if (photos) return say("on_phone", { n: photos });
  const answers = store.unsent().length;
  return answers ? say("answers_here", { n: answers }) : say("all_sent");
}

/** What the thumb does next: the next item in sheet order that lacks something, or leaving. */
export function nextStep(store, openCode) {
  if (!store.isOpen) return { word: say("see_receipt"), code: null };
  const items = store.list();
  const from = items.findIndex((item) => item.code === openCode) + 1;
  const ring = [...items.slice(from), ...items.slice(0, from)].filter((item) => item.code !== openCode);
  const first = ring.find((item) => store.lack(item) === "result") || ring.find((item) => store.lack(item));
  if (!first) return { word: say("leave"), code: null };
  const name = { result: "next_result", note: "next_note", photo: "next_photo" }[store.lack(first)];
  return { word: say(name, { code: first.code }), code: first.code };
}
