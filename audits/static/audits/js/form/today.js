// 今日任务, drawn from what this phone holds: opens with no signal.

import { clone, keep, text } from "../dom.js";
import { day, dotted, moment, say, today, weekday } from "../words.js";
import { slots } from "./page.js";

const GROUPS = ["overdue", "started", "unfinished", "today", "later", "done"];
const RING = 138.23;
const DAY_MS = 86400000;
const NEXT = ["overdue", "started", "today", "later"];

/** @param {import("./phone.js").Phone} phone */
export async function drawToday(phone) {
  const { work } = phone;
  const counts = await localCounts(phone);
  text(slots.heading, say("today"));
  text(slots.subheading, work ? dotted(`${day(today())} ${weekday()}`, work.name) : "");
  const tasks = work ? work.tasks.map((task) => ({ ...task, ...counts.get(task.assignment) })) : [];
  slots.none.hidden = !work || tasks.length > 0;
  const groups = GROUPS.map((name) => ({ name, tasks: tasks.filter((task) => groupOf(task) === name) }));
  keep(slots.groups, groups.filter((group) => group.tasks.length), { key: (group) => group.name, make: made, update: drawGroup });
}

// What was done on this phone and not sent yet counts here.
async function localCounts(phone) {
  const counts = new Map();
  const at = (assignment) => {
    if (!counts.has(assignment)) counts.set(assignment, { waiting: 0, mine: 0, submitted: false });
    return counts.get(assignment);
  };
  for (const row of await phone.album.rows()) {
    if (["queued", "refused"].includes(row.state)) at(row.assignment).waiting += 1;
  }
  for (const task of phone.work?.tasks || []) {
    const answers = await phone.drafts.answersOf(task.assignment);
    at(task.assignment).mine = answers.filter(({ mine }) => mine && (mine.result === "pass" || mine.note.trim())).length;
    at(task.assignment).submitted = Boolean((await phone.drafts.audit(task.assignment)).submit);
  }
  return counts;
}

/** Where to go after this one: the first of the day's that nobody has handed in. */
export function following(phone, assignment) {
  const others = (phone.work?.tasks || []).filter((task) => task.assignment !== assignment);
  return NEXT.flatMap((name) => others.filter((task) => groupOf(task) === name))[0] || null;
}

/** 回头看 goes problem by problem until its sheet is handed in; anything else is its sheet. */
export function placeOf(task) {
  return leadsToVisit(task) ? `/visit/${task.station.code}/` : sheetOf(task);
}

export function leadsToVisit(task) {
  return task.is_recheck && NEXT.includes(task.group) && !task.submitted;
}

function sheetOf(task) {
  return `/m/a/${task.assignment}/`;
}

// The server's grouping, as the days go by without it.
function groupOf(task) {
  if (!NEXT.includes(task.group)) return task.group;
  if (lateDays(task)) return "overdue";
  if (task.started_at || task.mine > 0) return "started";
  return task.due_on === today() ? "today" : "later";
}

function lateDays(task) {
  if (!NEXT.includes(task.group)) return 0;
  return Math.max(0, Math.round((Date.parse(today()) - Date.parse(task.due_on)) / DAY_MS));
}

/** @returns {any} */
function made() {
  const part = clone("t-group");
  part.root.slots = part;
  return part.root;
}

function drawGroup(root, group) {
  const { line, sign, title, round, list } = root.slots;
  text(title, say(`group_${group.name}`, { n: group.tasks.length }));
  sign.hidden = group.name !== "overdue";
  line.className = group.name === "overdue" ? "group__name t-bad" : "group__name";
  text(round, group.name === "today" ? "" : roundOf(group.tasks));
  keep(list, group.tasks, { key: cardOf, make: card, update: drawCard });
}

// Said once for all where they are of one round; the day's own tasks carry it on their cards.
function roundOf(tasks) {
  return tasks.every((task) => task.round === tasks[0].round) ? tasks[0].round : "";
}

// Another card once the sheet of a 回头看 is handed in.
function cardOf(task) {
  return `${task.assignment}${leadsToVisit(task) ? " visit" : ""}`;
}

/** @returns {any} */
function card(task) {
  const part = clone(leadsToVisit(task) ? "t-recheck" : "t-task");
  part.root.slots = part;
  (part.link || part.root).href = placeOf(task);
  if (part.sheet) part.sheet.href = sheetOf(task);
  return part.root;
}

function drawCard(root, task) {
  const part = root.slots;
  const done = Math.max(task.answered, task.mine || 0);
  ring(part, done, task.items, task.status === "complete");
  text(part.name, task.station.short_name);
  text(part.where, dotted(task.region, task.is_recheck && say("recheck"), whenWord(task)));
  if (part.sheet) text(part.sheet_state, restOf(task.items - done));
  const [words, tone] = stateOf(task, task.items - done);
  const [first, ...rest] = words;
  text(part.strong, rest.length ? first : "");
  text(part.state, rest.length ? `${say("dot")}${dotted(...rest)}` : first);
  part.line.className = tone ? `t-${tone}` : "";
}

function ring(part, done, total, isOver) {
  part.ring.setAttribute("aria-label", `${done}/${total}`);
  const share = total ? done / total : 0;
  part.ring.classList.toggle("ring--zero", !done);
  part.arc.setAttribute("stroke-dasharray", `${(RING * share).toFixed(2)} ${RING}`);
  part.tick.classList.toggle("is-off", !isOver);
  part.percent.classList.toggle("is-off", isOver);
  text(part.percent, `${Math.floor(share * 100)}%`);
}

function whenWord(task) {
  if (task.status === "complete") return say("done_at", { when: moment(task.completed_at) });
  const isLate = lateDays(task) > 0;
  if (!isLate && task.started_at) return say("begun_at", { when: moment(task.started_at) });
  if (!isLate && groupOf(task) === "today") return task.round;
  return say(isLate ? "was_due" : "due", { when: day(task.due_on) });
}

/** What there is to say, the weightiest first, and its tone. @returns {[string[], string]} */
function stateOf(task, left) {
  if (task.submitted) return [[say("submit_waits")], "warn"];
  const here = task.waiting ? [say("photos_waiting", { n: task.waiting })] : [];
  if (task.status === "complete") return here.length ? [here, "warn"] : [[say("all_checked")], "ok"];
  if (task.status === "submitted") return [[...handedIn(task), ...here], "warn"];
  const late = lateDays(task);
  const rest = leadsToVisit(task) ? unsolvedOf(task) : restOf(left);
  const words = [...(late ? [say("late_by", { n: late })] : []), rest, ...here];
  return [words, late ? "bad" : here.length || !left ? "warn" : ""];
}

function restOf(left) {
  return left ? say("items_left", { n: left }) : say("not_handed_in");
}

function unsolvedOf(task) {
  return task.unsolved ? say("unsolved", { n: task.unsolved }) : say("all_closed");
}

function handedIn(task) {
  if (task.photos_missing) return [say("server_lacks", { n: task.photos_missing })];
  return [task.unable ? say("unable_again", { n: task.unable }) : say("being_checked")];
}
