// The words of the page, in the page's language: the server wrote them in as data.

const words = read("words");
const statuses = read("statuses");
const clockFormat = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai",
});
const dayFormat = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: "Asia/Shanghai" });

/** The JSON the server wrote into <script id=…>. */
export function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** say("unsaved", { n: 3 }) → 3 项未存 */
export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
}

/** What stands side by side on one line: 龙华街道·12月1日前完成. What is empty is left out. */
export function dotted(...parts) {
  return parts.filter(Boolean).join(words.dot);
}

/** @returns {{word: string, icon: string, tone: string}} */
export function statusOf(kind, value) {
  return statuses[kind][value];
}

export function clock(moment) {
  return clockFormat.format(new Date(moment));
}

/** "2026-09-16", or a moment as it falls in Shanghai → 9月16日 */
export function day(date) {
  const there = date.length > 10 ? dayFormat.format(new Date(date)) : date;
  const [, month, dayOfMonth] = there.split("-").map(Number);
  return say("day", { month, day: dayOfMonth, name: words.months.split(" ")[month - 1] });
}

/** Today as it is in Shanghai, "2026-11-23". */
export function today() {
  return dayFormat.format(new Date());
}

export function weekday() {
  return new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", timeZone: "Asia/Shanghai" }).format(new Date());
}

/** 09:36 of today, or 9月16日 09:36. */
export function moment(when) {
  const isToday = dayFormat.format(new Date(when)) === today();
  return `${isToday ? say("today_at") : day(when)} ${clock(when)}`;
}

export function bytes(size) {
  return size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
