// The app's door: whose phone this is, which view the address asks for, and what is always shown.

import { get, setPerson } from "../api.js";
import { text } from "../dom.js";
import { bytes, say } from "../words.js";
import { drawChip } from "./bars.js";
import { askToPersist, freeBytes, isTight } from "./care.js";
import { lockFor, openKnown, openPhone, tryKeeping } from "./opening.js";
import { once, show, slots, toast } from "./page.js";
import { remember, remembered } from "./person.js";
import { openScan, taskOf } from "./scan.js";
import { keepSignedIn } from "./session.js";
import { Sheet } from "./sheet.js";
import { Store } from "./store.js";
import { wire } from "./taps.js";
import { drawToday, placeOf } from "./today.js";
import { drawAlarm, drawWaiting, exportParcel, sendOriginals } from "./waiting.js";

const SCAN = "#scan";
const OURS = /^\/m\/(a\/\d+\/|q\/)?(#scan)?$/;
const TASK = /^\/m\/a\/(\d+)\/$/;
const DOOR = /^\/(?:s|visit)\/([^/]+)\/$/;

/** @type {import("./phone.js").Phone} */ let phone = null;
/** @type {Sheet | null} */ let sheet = null;
/** @type {{isProtected: boolean, hasWorker: boolean | null}} null: not known yet */
const care = { isProtected: false, hasWorker: null };

async function boot() {
  const known = remembered();
  const held = known && (await openKnown(known.username));
  if (held && held.work.role !== "station_head") return begin(held);
  setPerson(""); // nobody's, until the server says whose
  await firstTime(known);
}

/** Nothing here yet, or closed since a sign-out: the server says who this is. */
async function firstTime(known) {
  tryKeeping();
  const askedAt = Date.now();
  const asked = TASK.exec(location.pathname);
  const early = asked && get(`assignments/${asked[1]}/sheet/`).catch(() => null); // not one after the other
  try {
    const work = await get("work/");
    if (work.role === "station_head") return location.replace("/"); // by the shell an inspector left here
    if (known && known.username !== work.username) await lockFor(known.username);
    remember(work.username, work.name);
    const made = await openPhone(work.username, work);
    await made.adopt(work);
    const sheet = await early;
    if (sheet) await made.drafts.keepSheet(sheet, "", askedAt); // read anew with its version, once there is time
    await begin(made);
  } catch (error) {
    if (error.status === 401) location.replace(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`);
    else closed(error.status ? error.message : say("first_online"));
  }
}

function closed(words) {
  show("closed");
  text(slots.closed_words, words);
}

async function begin(opened) {
  phone = opened;
  phone.onChange((owner) => changed(owner));
  keepSignedIn(phone);
  window.addEventListener("hashchange", () => sheet?.route());
  window.addEventListener("popstate", () => route());
  document.addEventListener("click", (event) => follow(event));
  wire(() => sheet);
  slots.send_now.addEventListener("click", () => phone.queue.now());
  slots.export.addEventListener("click", () => exportParcel(phone));
  slots.send_originals.addEventListener("click", () => sendOriginals(phone));
  slots.lost_yes.addEventListener("click", () => admitLoss());
  await route();
  phone.watch();
  care.isProtected = await askToPersist();
  care.hasWorker = await startWorker();
  await phone.sync();
  if (phone.isOthers) return lockFor(phone.username).then(() => location.reload()); // signed in without the other's leaving
  speakAlike();
  await noticeLoss();
  changed(null);
}

async function startWorker() {
  try {
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    await Promise.race([navigator.serviceWorker.ready, new Promise((resolve) => setTimeout(resolve, 8000))]);
    return Boolean((await navigator.serviceWorker.getRegistration("/"))?.active);
  } catch {
    return false; // in-app browsers: the page itself goes on working
  }
}

// ---- which view

async function route() {
  const task = TASK.exec(location.pathname);
  const door = DOOR.exec(location.pathname);
  if (task) return openSheet(Number(task[1]));
  if (door) {
    // Here only without signal: the station's page is the server's, its sheet is on the phone.
    const isVisit = location.pathname.startsWith("/visit/");
    const found = taskOf(`/s/${door[1]}`, phone.work?.tasks || []);
    if (isVisit) toast(say("recheck_online"));
    if (found) return go(`/m/a/${found.assignment}/`, true);
    if (!isVisit) toast(say("scan_unknown"));
  }
  sheet = null;
  show(location.pathname === "/m/q/" ? "waiting" : "today");
  slots.back_link.href = "/m/";
  if (location.hash === SCAN) scan();
  return draw();
}

function scan() {
  history.replaceState(null, "", location.pathname);
  openScan(phone.work?.tasks || [], (task) => go(placeOf(task)));
}

async function openSheet(assignment) {
  if (sheet?.store.assignment !== assignment) {
    try {
      sheet = new Sheet(await Store.open(phone, assignment));
    } catch (error) {
      sheet = null;
      closed(error.status ? error.message : say("sheet_not_here"));
      return;
    }
  }
  show("sheet");
  sheet.route();
  draw();
}

// With neither signal nor worker a station's page is answered for here, as the shell would: to fetch
// it would lose the app.
function isOurs(path) {
  const isCutOff = !navigator.onLine && !navigator.serviceWorker?.controller;
  return OURS.test(path) || (isCutOff && DOOR.test(path));
}

function go(path, isReplacing = false) {
  if (!isOurs(path)) return location.assign(path);
  history[isReplacing ? "replaceState" : "pushState"](null, "", path);
  route();
}

// Within the app no page is fetched: it works without a worker for as long as it stays open.
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const path = link?.getAttribute("href");
  if (!path || !isOurs(path) || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  go(path);
  window.scrollTo(0, 0);
}

// ---- what is always shown

const redraw = once(() => draw());
const reread = once(() => sheet?.store.reload());

/** @param {import("./album.js").Owner | null} owner */
function changed(owner) {
  redraw();
  if (sheet && (!owner || owner.assignment === sheet.store.assignment)) reread();
}

async function draw() {
  const unsent = await phone.unsent();
  drawChip(slots, phone, unsent);
  drawAlarm(unsent.rows);
  slots.not_kept.hidden = phone.isDurable;
  slots.not_reopened.hidden = !phone.isDurable || care.hasWorker !== false;
  const free = await freeBytes();
  slots.tight.hidden = !isTight(free);
  if (free !== null) text(slots.tight_words, say("tight", { size: bytes(Math.max(0, free)) }));
  slots.in_chat.hidden = !/MicroMessenger/i.test(navigator.userAgent);
  const { trouble } = phone.queue;
  slots.trouble.hidden = !trouble;
  text(slots.trouble_text, trouble);
  text(slots.tab_count, unsent.photos.length ? String(unsent.photos.length) : "");
  slots.signin_again.hidden = !phone.queue.isSignedOut;
  if (sheet) return;
  if (location.pathname === "/m/q/") await drawWaiting(phone, care);
  else await drawToday(phone);
}

// ---- another language was chosen since the shell was kept: its words and the items' are one again

const SPOKEN = "shell.language";

function speakAlike() {
  const asked = phone.work?.language;
  const workers = navigator.serviceWorker;
  if (!asked || asked === document.documentElement.lang || !workers?.controller) return;
  if (sessionStorage.getItem(SPOKEN) === asked) return; // asked already, and the page is the same
  sessionStorage.setItem(SPOKEN, asked);
  workers.addEventListener("message", ({ data }) => {
    if (data === "renewed" && !sheet) location.reload(); // an open sheet is never reloaded
  });
  workers.startMessages();
  workers.controller.postMessage("renew");
}

// ---- an emptied phone

async function noticeLoss() {
  const { mine, other } = await phone.missing();
  if (mine.length) {
    await phone.reportLost(mine).catch(() => {});
    slots.lost.hidden = false;
    text(slots.lost_words, say("storage_lost", { n: mine.length, items: mine.map((photo) => photo.item_code).join(say("comma")) }));
  }
  slots.elsewhere.hidden = !other.length;
  text(slots.elsewhere_words, say("photos_elsewhere", { n: other.length }));
}

async function admitLoss() {
  const { other } = await phone.missing();
  await phone.reportLost(other).catch(() => {});
  slots.elsewhere.hidden = true;
  slots.lost.hidden = false;
  text(slots.lost_words, say("storage_lost", { n: other.length, items: other.map((photo) => photo.item_code).join(say("comma")) }));
}

// A page about to go says so only while something is not on disk.
window.addEventListener("beforeunload", (event) => {
  const isOnlyHere = phone && !phone.isDurable && sheet?.store.unsentPhotos().length;
  if (sheet?.store.isSaving || isOnlyHere) event.preventDefault();
});

boot();
