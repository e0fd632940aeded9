// The station head's pages: what is unsent goes on from any of them, and one problem is put right.

import { askSignIn } from "../dialogs.js";
import { text } from "../dom.js";
import { say } from "../words.js";
import { askToPersist } from "./care.js";
import { openOwn } from "./opening.js";
import { byId, once, slots, toast } from "./page.js";
import { drawPending, pendingOf } from "./pending.js";
import { openGap } from "./rectify.js";
import { keepSignedIn } from "./session.js";

const AGAIN_MS = 5000;
const { username, name } = byId("person").dataset;
const told = byId("rectify")?.dataset;

/** @type {import("./phone.js").Phone} */ let phone = null;
/** @type {import("./gap.js").Gap | null} */ let gap = null;
let isAsked = false; // to sign in
let again = 0;
/** @type {Set<number>} asked for and not known to be taken */ let waiting = new Set();
let looking = Promise.resolve();

async function boot() {
  clearTimeout(again);
  let opened;
  try {
    opened = await openOwn({ username, name });
  } catch (error) {
    tellWhyClosed(error.status === 401);
    if (error.status === 401 && !isAsked) signInFirst();
    else again = setTimeout(boot, AGAIN_MS);
    return;
  }
  if (phone) return; // two were on their way
  phone = opened;
  slots.not_open.hidden = true;
  await begin();
}

/** Nothing can be kept yet: for want of a line, or of a session. */
function tellWhyClosed(isSignedOut) {
  slots.not_open.hidden = isSignedOut;
  slots.signed_out.hidden = !isSignedOut;
  text(slots.signed_out_words, say("signin_first"));
}

/** Asked once; after "later" the button stays, and the page goes on trying. */
function signInFirst() {
  isAsked = true;
  slots.signin_again.onclick = signInFirst;
  byId("d-signin").addEventListener("close", boot, { once: true });
  askSignIn(say("signin_first"), () => {}, { username, name });
}

async function begin() {
  slots.signin_again.onclick = null;
  keepSignedIn(phone);
  slots.send_now.addEventListener("click", () => phone.queue.now());
  if (told) gap = await openGap(phone, told);
  await lookAround();
  const redraw = once(lookAround);
  phone.onChange((owner) => {
    redraw();
    if (gap && (!owner || owner.finding === gap.finding)) gap.reload();
  });
  phone.watch();
  if (gap?.isMine) await askToPersist();
}

/** One look after the other: what is known to be asked was known before the rows were read. */
function lookAround() {
  looking = looking.then(look, look);
  return looking;
}

async function look() {
  if (gap?.isDone) return;
  if (gap?.isAsked) waiting.add(gap.finding);
  const held = await phone.rectifications.all();
  noticeDone(held);
  draw(held, await phone.unsent());
}

// ---- what went through: its row is gone

function noticeDone(held) {
  const here = new Set(held.map((one) => one.finding));
  const done = [...waiting].filter((finding) => !here.has(finding));
  waiting = new Set(held.filter((one) => one.waits).map((one) => one.finding));
  if (!done.length) return;
  const isOurs = gap && done.includes(gap.finding);
  if (!isOurs && !document.querySelector("[data-fresh]")) {
    toast(say("sent"));
    return;
  }
  sessionStorage.setItem("toast", say("sent"));
  if (!isOurs) {
    location.reload();
    return;
  }
  gap.isDone = true;
  location.assign(told.done);
}

function draw(held, { photos }) {
  slots.not_kept.hidden = phone.isDurable;
  slots.signed_out.hidden = !phone.queue.isSignedOut;
  text(slots.signed_out_words, say(phone.isDurable ? "signed_out" : "way_signed_out_unkept"));
  drawPending(phone, pendingOf(held, photos, gap?.finding), (one) => {
    waiting.delete(one.finding); // it goes without having been sent
    phone.discard(one);
  });
}

boot();
