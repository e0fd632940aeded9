// On the spot: a re-check with the reviewer's own photo, or a problem put right that day (立行立改).

import { post } from "./api.js";
import { hand, missing, onlinePhotos, slots } from "./online.js";
import { read, say } from "./words.js";

const { dataset } = document.getElementById("visit");
const isFix = dataset.mode === "fix";
const finding = `findings/${dataset.finding}/`;

const page = onlinePhotos({
  kind: isFix ? "after" : "site",
  belong: async () => ({ finding: dataset.finding }),
  held: read("fresh"),
  step: isFix ? fixStep : closeStep,
  drawn: ({ shelf, isSending, taken }) => {
    if (slots.back) slots.back.disabled = isSending || shelf.unsentPhotos().length > 0;
    if (slots.before) slots.lacks_before.hidden = taken("before") > 0;
  },
});

function closeStep(now) {
  const lack = missing(now, "need_site", Boolean(dataset.critical));
  if (lack) return lack;
  if (now.shelf.unsentPhotos().length) return { word: say("sending_photos"), isReady: false };
  return { word: say("close"), isReady: true };
}

function fixStep(now) {
  if (slots.before && !now.taken("before")) return { word: say("need_before"), isReady: false };
  const lack = missing(now, "need_photo");
  if (lack) return lack;
  if (!slots.measure.value.trim()) return { word: say("need_words"), isReady: false };
  if (now.shelf.unsentPhotos().length) return { word: say("sending_photos"), isReady: false };
  return { word: say("fix"), isReady: true };
}

function takeBefore() {
  if (slots.before.files.length) page.queue.take(null, [...slots.before.files], "before");
  slots.before.value = "";
}

function send() {
  const n = page.stored().length;
  if (isFix) {
    const body = { measure: slots.measure.value.trim(), photos: page.stored() };
    return hand(page, () => post(`${finding}fix-on-site/`, body), () => say("fixed"), () => dataset.done);
  }
  return hand(page, () => post(`${finding}close/`, {}), () => say("closed", { n }), () => dataset.done);
}

function sendBack(event) {
  event.preventDefault();
  const reason = slots.reason.value.trim();
  if (!reason) return;
  event.target.closest("dialog").close();
  hand(page, () => post(`${finding}send-back/`, { reason }), () => say("sent_back"), () => dataset.done);
}

slots.send.addEventListener("click", send);
slots.before?.addEventListener("change", takeBefore);
slots.measure?.addEventListener("input", page.draw);
slots.back_form?.addEventListener("submit", sendBack);
for (const phrase of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-phrase]"))) {
  phrase.addEventListener("click", () => {
    const words = phrase.dataset.phrase;
    if (slots.reason.value.includes(words)) return;
    slots.reason.value = slots.reason.value ? `${slots.reason.value}，${words}` : words;
  });
}
page.draw();
if (slots.before) takeBefore(); // chosen while this module was still on its way
