// One problem put right: the after-photo with the before-photo as guide, what was done, handed in.

import { showPhoto } from "../dialogs.js";
import { keep, tell, text } from "../dom.js";
import { shot, updateShot } from "../shots.js";
import { clock, read, say } from "../words.js";
import { openCamera } from "./camera.js";
import { Gap } from "./gap.js";
import { once, slots } from "./page.js";
import { askDiscard, standstill } from "./pending.js";
import { pictureOf, take } from "./take.js";

const PAUSE_MS = 600;
const LACKS = { saving: "saving_photo", refused: "photo_refused", photo: "need_photo", words: "need_words" };

/** @param {import("./phone.js").Phone} phone @param {DOMStringMap} told @returns {Promise<Gap>} */
export async function openGap(phone, told) {
  const problem = { finding: Number(told.finding), title: told.title, isMine: Boolean(slots.send) };
  const gap = new Gap(phone, problem, read("fresh"));
  const redraw = once(() => draw(gap));
  gap.onChange(redraw);
  await gap.reload();
  if (gap.isMine) await wire(gap, told);
  slots.shots.addEventListener("click", (event) => {
    const button = event.target.closest("[data-photo]");
    if (button) lookAt(gap, told, button.dataset.photo);
  });
  slots.discard.addEventListener("click", () => {
    const photos = gap.inState("queued", "uploading", "refused").length;
    askDiscard({ ...gap.draft, photos }, () => phone.discard(gap.draft).then(() => location.reload()));
  });
  leavePlainly(gap);
  draw(gap);
  return gap;
}

// ---- words

const written = () => ({ measure: slots.measure.value.trim(), person: slots.person.value.trim() });

/** What the disk says; before the first write, what the page says. */
const kept = (gap, name) => (gap.draft.rev ? gap.draft[name] : slots[name].defaultValue.trim());

function isUnwritten(gap) {
  if (!gap.isMine || gap.isWaiting || gap.isDone) return false;
  return Object.entries(written()).some(([name, words]) => words !== kept(gap, name));
}

/** Newer words of another tab come in where nothing was typed over the older ones. */
function followWords(gap) {
  const shown = {};
  const follow = () => {
    for (const [name, words] of Object.entries(written())) {
      const now = kept(gap, name);
      if (words === shown[name] && now !== words) slots[name].value = now;
      shown[name] = now;
    }
  };
  follow();
  gap.onChange(follow);
}

function wireWords(gap) {
  let pause = 0;
  const write = () => {
    clearTimeout(pause);
    if (isUnwritten(gap)) quietly(gap.write(written));
  };
  for (const [name, field] of [["measure", slots.measure], ["person", slots.person]]) {
    // What was typed before the script was up is newer than what is on disk.
    if (field.value !== field.defaultValue) pause = setTimeout(write);
    else if (gap.draft.rev) field.value = gap.draft[name];
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(write, PAUSE_MS);
      gap.changed();
    });
    field.addEventListener("change", write);
  }
  followWords(gap);
}

// ---- photos

async function wire(gap, told) {
  const { input, gallery, take: label } = slots;
  wireWords(gap);
  input.addEventListener("change", () => takeFrom(gap, told, input));
  gallery?.addEventListener("change", () => takeFrom(gap, told, gallery));
  label.addEventListener("click", (event) => {
    if (event.target === input || !told.before || !navigator.mediaDevices) return;
    event.preventDefault();
    takePhoto(gap, told);
  });
  slots.send.addEventListener("click", () => quietly(gap.handIn(written()).then(() => gap.phone.queue.now())));
  slots.withdraw.addEventListener("click", () => quietly(gap.withdraw()));
  if (told.before) gap.phone.keepPicture(told.before, told.ghost).catch(() => {});
  takeFrom(gap, told, input); // chosen while this was still on its way
}

async function takePhoto(gap, told) {
  await gap.settled(); // the phone may end the page for the camera
  const ghost = told.before && (await gap.phone.pictureUrl(told.before, told.ghost));
  const frame = ghost && navigator.mediaDevices ? await openCamera({ title: told.title, words: told.when, ghost }) : "none";
  if (frame === "none") slots.input.click();
  else if (frame) await takeOne(gap, told, frame, true);
}

async function takeFrom(gap, told, input) {
  const files = [...input.files];
  input.value = "";
  for (const file of files) await takeOne(gap, told, file, input === slots.input);
}

async function takeOne(gap, told, file, isCamera) {
  await quietly(gap.write(written)); // title and words are here before the photo
  await take(gap, { itemCode: null, file, isCamera, kind: "after" }, (id, warnings) => lookAt(gap, told, id, warnings));
}

async function lookAt(gap, told, id, warnings = []) {
  const photo = gap.photos.get(id);
  if (!photo || photo.state === "saving") return;
  showPhoto({ ...photo, display: await pictureOf(gap, photo) }, {
    words: [...warnings, photo.problem].filter(Boolean).join(" "),
    isOpen: gap.isMine && !gap.isWaiting,
    mayDrop: true,
    onDrop: () => gap.leaveOut(photo, written()).then(() => takePhoto(gap, told)),
  });
}

/** A write that fails is told by the page ("not saved"), and stops nothing else. */
function quietly(write) {
  return write.catch(() => {});
}

// ---- what is shown

/** @param {Gap} gap */
function draw(gap) {
  const photos = [...gap.photos.values()];
  slots.strip.hidden = !photos.length;
  keep(slots.shots, photos, { key: (photo) => photo.id, make: shot, update: updateShot });
  drawProblem(gap);
  const way = wayOf(gap);
  slots.way.hidden = !way;
  text(slots.way_words, way);
  if (gap.isMine) drawForm(gap);
}

function drawForm(gap) {
  const count = gap.good().length;
  const lack = gap.lack(written());
  text(slots.count, count ? say("after_count", { n: count }) : say("after_none"));
  text(slots.send, say(gap.isWaiting ? "handed_in" : LACKS[lack] || "send"));
  // Words being saved as the finger comes down do not switch it off under it: what is written waits its turn.
  slots.send.disabled = gap.isWaiting || gap.isHandingIn || Boolean(lack);
  slots.withdraw.hidden = !gap.isWaiting;
  slots.extend.hidden = gap.isWaiting;
  slots.measure.readOnly = slots.person.readOnly = gap.isWaiting;
  for (const field of [slots.input, slots.gallery]) if (field) field.disabled = gap.isWaiting;
  for (const label of [slots.take, slots.gallery?.parentElement]) label?.classList.toggle("is-off", gap.isWaiting);
  text(slots.saved, savedWord(gap));
}

/** "已存在手机 10:05": true only when the last word is on disk. */
function savedWord(gap) {
  if (gap.isBroken) return say("words_not_saved");
  if (gap.isSaving || isUnwritten(gap)) return say("saving");
  if (!gap.draft.rev || !gap.phone.isDurable) return "";
  return gap.savedAt ? say("saved_here", { time: clock(gap.savedAt) }) : say("kept_here");
}

/** How what was taken or handed in gets on, in one sentence. */
function wayOf(gap) {
  const unsent = gap.unsentPhotos();
  if (!gap.isWaiting && !unsent.length) return "";
  const still = standstill(gap.phone);
  if (still) return still;
  const moving = unsent.find((photo) => photo.state === "uploading");
  if (moving) return say("way_moving", { n: Math.round(moving.sent * 100) });
  return say(unsent.length ? "way_photos" : "way_handing_in");
}

function drawProblem(gap) {
  const { draft } = gap;
  const isStranded = !gap.isMine && !gap.isWaiting && gap.isHere;
  const words = draft.problem || (draft.isTaken && say("taken_before")) || (isStranded && say("stranded")) || gap.trouble;
  slots.problem.hidden = !words;
  text(slots.problem_text, words);
  tell(slots.problem_more, isStranded && draft.measure ? say("you_wrote", { words: draft.measure }) : "");
  slots.discard.hidden = !isStranded;
}

// A page about to go says so only while something is not on disk.
function leavePlainly(gap) {
  window.addEventListener("beforeunload", (event) => {
    const isOnlyHere = !gap.phone.isDurable && (gap.isWaiting || gap.unsentPhotos().length || gap.draft.measure);
    const isMoving = gap.isSaving || gap.inState("saving").length > 0 || isUnwritten(gap);
    if (gap.isDone || (!isMoving && !isOnlyHere)) return;
    event.preventDefault();
    event.returnValue = ""; // what Chromium before 119 asks for
  });
}
