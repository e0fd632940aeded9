// 离站回执: what is missing and where, the station head's signature, the score as it stands; then
// the server's own count of what it holds, or exactly what is still on this phone.

import { clone, dress, icon, keep, text } from "../dom.js";
import { bytes, clock, day, say, statusOf } from "../words.js";
import { gradeOf, printed, score } from "./score.js";
import { following, placeOf } from "./today.js";

const LACKS = { result: "lack_result", note: "lack_note", photo: "lack_photo" };
const RESULTS = ["pass", "partial", "fail", "na", "unable"];

/** Hand in: it is written down here at once and goes when it can; photos may follow. */
export function submit(store) {
  const declared = store
    .inState("queued", "uploading", "stored")
    .map((photo) => ({ id: photo.id, item_code: photo.itemCode }));
  return store
    .changeAudit(() => ({ submit: { declared, at: new Date().toISOString() }, problem: "" }))
    .then(() => store.phone.queue.now());
}

/** Not sent yet: the sheet may be changed again. */
export function withdraw(store) {
  return store.changeAudit((audit) => (audit.state === "started" ? { submit: null } : {}));
}

/** @param {import("./store.js").Store} store @param {any} slots */
export function drawLeave(store, slots) {
  const { audit } = store;
  if (audit.state !== "started" && audit.receipt) drawReceipt(store, slots);
  else if (audit.submit || audit.state !== "started") drawSubmitted(store, slots);
  else drawOpen(store, slots);
  drawScore(store, slots);
  drawCounts(store, slots);
  drawUploads(store, slots);
  drawSignature(store, slots);
  slots.problem.hidden = !audit.problem;
  text(slots.problem_text, audit.problem);
}

function drawOpen(store, slots) {
  const lacking = store.lacking();
  const saving = store.inState("saving").length > 0;
  const isReady = !lacking.length && !store.troubled().length;
  const rows = isReady ? [] : [...new Set([...lacking, ...store.troubled()])];
  head(slots, isReady ? "check" : "list", isReady);
  text(slots.title, isReady ? say("ready") : say("not_ready", { n: rows.length }));
  text(slots.strong, say("so_far", { items: store.answered().length, total: store.items.size, photos: sitePhotos(store).length }));
  text(slots.words, isReady ? say("ready_words") : say("not_ready_words"));
  slots.missing_card.hidden = isReady;
  keep(slots.missing, rows, { key: (item) => item.code, make: missingRow, update: (row, item) => missing(row, item, store) });
  buttons(slots, { submit: true, back: true });
  slots.submit.disabled = !isReady || saving || store.isSaving;
  text(slots.submit_word, isReady ? say("submit") : say("finish_first"));
}

/** Handed in on this phone; the server has not said anything yet. */
function drawSubmitted(store, slots) {
  head(slots, "phone", false);
  text(slots.title, say("submit_waits"));
  text(slots.strong, say("so_far", { items: store.answered().length, total: store.items.size, photos: sitePhotos(store).length }));
  text(slots.words, say(navigator.onLine ? "submitting" : "submit_waits_words"));
  slots.missing_card.hidden = true;
  buttons(slots, { back: true, again: true, withdraw: Boolean(store.audit.submit), export: true });
}

function drawReceipt(store, slots) {
  const { receipt } = store.audit;
  const unsent = store.unsentPhotos().length;
  const lost = receipt.missing.filter((id) => !store.photos.has(id)).length;
  const missingCount = receipt.missing.length;
  head(slots, receipt.complete ? "check" : receipt.unable.length && !missingCount ? "lock" : "phone", receipt.complete);
  text(slots.title, title(receipt, unsent, lost));
  const counts = { items: receipt.answered, held: receipt.photos_verified, photos: receipt.photos_declared };
  text(slots.strong, say(receipt.complete ? "counted_all" : "counted", counts));
  text(slots.words, say(receipt.complete ? "all_verified" : "verified_at", { time: clock(receipt.counted_at) }));
  text(slots.more, more(receipt, unsent, lost));
  slots.missing_card.hidden = true;
  buttons(slots, { back: !receipt.complete, again: unsent > 0, export: unsent > 0, next: !unsent, share: receipt.complete });
  onward(store, slots);
}

function onward(store, slots) {
  const task = following(store.phone, store.assignment);
  slots.next.href = task ? placeOf(task) : "/m/";
  text(slots.next, task ? say("next_station", { name: task.station.short_name }) : say("back_to_today"));
}

function buttons(slots, shown) {
  for (const name of ["submit", "back", "again", "next", "share", "withdraw", "export_here"]) {
    slots[name].hidden = !shown[name === "export_here" ? "export" : name];
  }
}

function missing(row, item, store) {
  text(row.slots.why, item.theirs || item.trouble ? say("needs_look") : say(LACKS[store.lack(item)] || "needs_look"));
}

const sitePhotos = (store) => [...store.photos.values()].filter((photo) => photo.kind !== "signature");

// ---- the score: ours while the sheet is open, the server's once it has said it

function drawScore(store, slots) {
  const told = store.audit.receipt?.score;
  const isFinal = store.audit.state !== "started" && Boolean(told);
  const shown = isFinal ? told : preview(store);
  slots.score_card.hidden = !shown;
  if (!shown) return;
  text(slots.score_word, say(isFinal ? "score" : "score_preview"));
  text(slots.total, shown.total === null ? "—" : figure(shown.total));
  dress(slots.grade, "chip", statusOf("grade", shown.grade_code) || statusOf("grade", ""), shown.grade);
  slots.critical.hidden = !shown.critical_failed;
  keep(slots.sections, shown.sections, { key: (section) => section.code, make: sectionRow, update: drawSection });
  const critical = store.list().filter((item) => item.is_critical);
  const isFine = critical.length > 0 && critical.every((item) => item.mine?.result === "pass");
  text(slots.critical_ok, isFine ? say("critical_ok", { n: critical.length }) : "");
  text(slots.findings, isFinal ? findingsWord(store.audit.receipt) : "");
}

function preview(store) {
  const answered = store.list().filter((item) => item.mine);
  if (!answered.length) return null;
  const { grades } = store.sheet.checklist;
  const found = score(answered.map((item) => ({ ...item, result: item.mine.result })));
  const code = gradeOf(found.total, grades, found.isCriticalFailed);
  const step = grades.find((grade) => grade.code === code);
  return {
    total: printed(found.total, grades),
    grade_code: code,
    grade: step ? (document.documentElement.lang === "en" && step.name_en) || step.name_zh : statusOf("grade", "").word,
    critical_failed: found.isCriticalFailed,
    sections: store.sections
      .filter((section) => found.sections.has(section.code))
      .map((section) => ({ ...section, score: printed(found.sections.get(section.code), grades) })),
  };
}

function drawSection(row, section) {
  text(row.slots.name, section.title);
  text(row.slots.value, section.score === null ? say("not_applicable") : figure(section.score));
  row.slots.fill.setAttribute("width", `${section.score || 0}%`);
}

function findingsWord({ findings, earliest_due_on: due }) {
  if (!findings) return say("no_findings");
  return due ? say("findings_due", { n: findings, day: day(due) }) : say("findings", { n: findings });
}

function drawCounts(store, slots) {
  const counts = RESULTS.map((result) => [result, store.list().filter((item) => item.mine?.result === result).length]);
  const shown = counts.filter(([result, n]) => n || ["pass", "partial", "fail"].includes(String(result)));
  keep(slots.counts, shown, {
    key: ([result]) => result,
    make: countRow,
    update: (row, [result, n]) => {
      text(row.slots.n, String(n));
      dress(row.slots.word, "st", statusOf("result", result));
    },
  });
}

function drawUploads(store, slots) {
  const photos = store.unsentPhotos();
  slots.uploads_card.hidden = !photos.length;
  text(slots.uploads_title, say("unsent", { n: photos.length }));
  text(slots.uploads_size, bytes(photos.reduce((sum, photo) => sum + photo.size, 0)));
  keep(slots.uploads, photos, { key: (photo) => photo.id, make: uploadRow, update: (row, photo) => drawUpload(row, photo, store) });
}

function drawUpload(element, photo, store) {
  const part = element.slots;
  if (photo.url && part.image.src !== photo.url) part.image.src = photo.url;
  const item = store.items.get(photo.itemCode);
  text(part.title, item ? item.title : say("signature"));
  text(part.size, `${photo.itemCode || ""} ${bytes(photo.size)} ${photo.problem}`);
  const percent = Math.round(photo.sent * 100);
  part.fill.setAttribute("width", `${percent}%`);
  const isMoving = photo.state === "uploading";
  part.bar.classList.toggle("is-off", !isMoving);
  dress(part.state, "st", statusOf("photo", photo.state), isMoving ? `${percent}%` : say("in_line"));
}

function drawSignature(store, slots) {
  const held = store.signature();
  slots.sign_open.hidden = !store.isOpen;
  slots.sign_image.hidden = !held;
  if (held && slots.sign_image.dataset.id !== held.id) {
    slots.sign_image.dataset.id = held.id;
    slots.sign_image.src = held.url;
  }
  text(slots.sign_word, held ? statusOf("photo", held.state).word : say("unsigned"));
}

function figure(value) {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function head(slots, name, isGood) {
  slots.head.classList.toggle("receipt--wait", !isGood);
  if (slots.head.dataset.icon !== name) {
    slots.head.dataset.icon = name;
    slots.head.firstElementChild.replaceWith(icon(name));
  }
  text(slots.more, "");
}

function title(receipt, unsent, lost) {
  if (receipt.complete) return say("complete");
  if (unsent) return say("photos_here", { n: unsent });
  if (lost) return say("photos_lost", { n: lost });
  if (receipt.missing.length) return say("photos_coming", { n: receipt.missing.length });
  return say("unable_left", { n: receipt.unable.length });
}

function more(receipt, unsent, lost) {
  if (receipt.complete) return "";
  if (unsent) return say("may_leave");
  if (lost) return say("photos_lost_words");
  return receipt.unable.length ? say("unable_words", { codes: receipt.unable.join(say("comma")) }) : "";
}

/** @returns {any} */
function row(name) {
  const made = clone(name);
  made.root.slots = made;
  return made.root;
}

function missingRow(item) {
  const made = row("t-missing");
  made.dataset.jump = item.code;
  text(made.slots.code, item.code);
  text(made.slots.title, item.title);
  return made;
}

const sectionRow = () => row("t-section");
const countRow = () => row("t-count");
const uploadRow = () => row("t-upload");
