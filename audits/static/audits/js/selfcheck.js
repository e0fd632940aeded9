// 自查: every tap goes to the server at once; the bar says saved only when the server has answered.

import { onSignedOut, put, Refused, setPerson } from "./api.js";
import { askSignIn } from "./dialogs.js";
import { text } from "./dom.js";
import { uuid } from "./ids.js";
import { Worker } from "./retry.js";
import { clock, say } from "./words.js";

const TYPING_MS = 800;
// What is tapped here is its own person's, whoever has signed in in another tab since.
setPerson(document.getElementById("person").dataset.username);
/** @type {any} */ const page = document.getElementById("self-check");
/** @type {Record<string, any>} */ const slots = {};
for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-slot]"))) slots[element.dataset.slot] = element;

/** @type {Map<string, {result: string, note: string, answeredAt: string}>} */ const waiting = new Map();
const cards = new Map([.../** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-item]"))].map((card) => [card.dataset.item, card]));
let id = page.dataset.check || uuid();
let isBegun = Boolean(page.dataset.check);
let typing = 0;
let savedAt = "";

const worker = new Worker(sendNext, draw);

async function begin() {
  if (isBegun) return;
  try {
    await put(`selfchecks/${id}/`, { assignment: Number(page.dataset.task), started_at: new Date().toISOString() });
  } catch (error) {
    if (error.code !== "already_started") throw error;
    id = error.problem.self_check; // another phone of ours began it
  }
  isBegun = true;
}

async function sendNext() {
  const [next] = waiting;
  if (!next) return false;
  const [code, answer] = next;
  const card = cards.get(code);
  try {
    await begin();
    const body = { result: answer.result, note: answer.note, answered_at: answer.answeredAt, base_version: Number(card.dataset.version) || null };
    card.dataset.version = (await put(`selfchecks/${id}/answers/${code}/`, body)).version;
    savedAt = new Date().toISOString();
    if (waiting.get(code) === answer) waiting.delete(code);
    complain("");
  } catch (error) {
    if (!(error instanceof Refused) || error.isPassing) throw error;
    if (waiting.get(code) !== answer) return true; // what was tapped meanwhile goes next
    waiting.delete(code);
    complain(error.code === "stale_answer" ? say("theirs") : error.message);
    if (error.code === "stale_answer") show(card, error.problem.answer);
  }
  return waiting.size > 0;
}

/** What stands on the server, where another phone was faster. */
function show(card, answer) {
  card.dataset.version = answer ? answer.version : "";
  card.querySelector("textarea").value = answer ? answer.note : "";
  press(card, answer ? answer.result : "");
}

function press(card, result) {
  for (const button of card.querySelectorAll("[data-result]")) {
    button.setAttribute("aria-pressed", String(button.dataset.result === result));
  }
  const note = card.querySelector("[data-note]");
  note.hidden = !result || (result === "pass" && !card.querySelector("textarea").value);
  count();
}

function resultOf(card) {
  const pressed = card.querySelector("[data-result][aria-pressed=true]");
  return pressed ? pressed.dataset.result : "";
}

/** Not saved from this moment on, until the server says so; sent after a pause in typing. */
function keep(card, afterMs = 0) {
  const result = resultOf(card);
  if (!result) return;
  waiting.set(card.dataset.item, { result, note: card.querySelector("textarea").value.trim(), answeredAt: new Date().toISOString() });
  clearTimeout(typing);
  if (afterMs) typing = setTimeout(() => worker.ask(), afterMs);
  else worker.ask();
  draw();
}

function count() {
  const all = [...cards.values()];
  const done = all.filter(resultOf);
  text(slots.count, `${done.length}/${all.length}`);
  for (const tab of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-section]"))) {
    const own = all.filter((card) => card.dataset.in === tab.dataset.section);
    text(tab, `${own.filter(resultOf).length}/${own.length}`);
  }
}

function draw() {
  if (waiting.size) text(slots.state, worker.isFailing ? say("waits", { n: waiting.size }) : say("saving"));
  else if (savedAt) text(slots.state, say("saved", { time: clock(savedAt) }));
}

function complain(words) {
  slots.problem.hidden = !words;
  text(slots.problem_text, words);
}

page.addEventListener("click", (event) => {
  const button = event.target.closest("[data-result]");
  if (!button) return;
  const card = button.closest("[data-item]");
  press(card, button.dataset.result);
  keep(card);
});
page.addEventListener("input", (event) => keep(event.target.closest("[data-item]"), TYPING_MS));
page.addEventListener("change", (event) => keep(event.target.closest("[data-item]")));
onSignedOut(() => askSignIn(say("signin_words"), () => worker.now()));
window.addEventListener("beforeunload", (event) => {
  if (!waiting.size) return;
  event.preventDefault();
  event.returnValue = ""; // what Chromium before 119 asks for
});
page.inert = false; // a tap before this line would have been shown by nothing and lost
