// 随手拍: words and pictures of a problem go together. The problem is named by this page, so that
// saying it twice on a bad line makes one; saved is said when the server holds every picture.

import { post } from "./api.js";
import { uuid } from "./ids.js";
import { complain, missing, onlinePhotos, slots } from "./online.js";
import { say } from "./words.js";

const { dataset } = document.getElementById("snap");
let clientId = uuid();
/** @type {(parent: {finding: string}) => void} */ let tell = () => {};
const made = new Promise((resolve) => (tell = resolve));
let finding = 0;
let noted = ""; // raised, observed or reopened
let isLeaving = false;

const page = onlinePhotos({ kind: "before", belong: () => made, step, drawn: leave });

function step(now) {
  const lack = missing(now, "need_photo");
  if (lack) return lack;
  if (!slots.note.value.trim()) return { word: say("need_words"), isReady: false };
  if (finding) return { word: say("sending_photos"), isReady: false };
  return { word: say("send"), isReady: true };
}

async function send() {
  page.isSending = true;
  page.draw();
  const body = {
    client_id: clientId,
    station: dataset.station,
    note: slots.note.value.trim(),
    severity: slots.severity.value,
    item: slots.item.value || null,
  };
  try {
    ({ id: finding, noted } = await post("findings/", body));
    for (const field of [slots.note, slots.severity, slots.item]) field.disabled = true;
    tell({ finding: String(finding) });
  } catch (error) {
    if (error.code === "said_otherwise") clientId = uuid(); // pressed once more, it is another one
    const words = error.status ? error.message : say("unreachable");
    setTimeout(() => complain(words)); // after the page is drawn anew
  }
  page.isSending = false;
  page.draw();
}

function leave({ shelf, stored }) {
  if (isLeaving || !finding || shelf.unsentPhotos().length || !stored().length) return;
  isLeaving = true;
  sessionStorage.setItem("toast", say(noted, { n: stored().length }));
  window.location.assign(`${dataset.done}${finding}/`);
}

slots.send.addEventListener("click", send);
slots.note.addEventListener("input", page.draw);
page.draw();
