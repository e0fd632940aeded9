// How safe the phone's store is, told plainly: protected or not, room left, how old the oldest
// unsent photo is.

const HOUR = 3600000;
export const AMBER_H = 12;
export const RED_H = 48;
export const BLOCK_H = 72;
const LEAST_FREE = 60 * 1024 * 1024;

/** Ask the browser to keep our store; the answer is shown, never relied on. */
export async function askToPersist() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

/** @returns {Promise<number | null>} bytes free for us; null where the browser does not say */
export async function freeBytes() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return null;
  }
}

export function isTight(free, needed = 0) {
  return free !== null && free < LEAST_FREE + needed;
}

/** @param {{state: string, createdAt: string}[]} rows @returns {number} hours; 0 with nothing unsent */
export function oldestHours(rows, now = Date.now()) {
  const unsent = rows.filter((row) => ["queued", "refused"].includes(row.state));
  const times = unsent.map((row) => new Date(row.createdAt).getTime());
  return times.length ? Math.max(0, (now - Math.min(...times)) / HOUR) : 0;
}

/** The look of a banner about them. */
export function bannerOf(hours) {
  return `banner ${{ "": "", warn: "banner--warn", bad: "banner--bad", block: "banner--bad" }[alarmOf(hours)]}`.trim();
}

/** @returns {"" | "warn" | "bad" | "block"} */
export function alarmOf(hours) {
  if (hours >= BLOCK_H) return "block";
  if (hours >= RED_H) return "bad";
  return hours >= AMBER_H ? "warn" : "";
}
