// Whose phone this is right now. One name is remembered; the next person gets a store of their own.

const PERSON = "phone.person";
const DEVICE = "phone.device";
const YEAR_S = 400 * 86400;

/** @returns {{username: string, name: string} | null} */
export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(PERSON));
  } catch {
    return null;
  }
}

export function remember(username, name) {
  attempt(() => localStorage.setItem(PERSON, JSON.stringify({ username, name })));
}

export function forget() {
  attempt(() => localStorage.removeItem(PERSON));
}

export function storeName(username) {
  return `phone:${username}`;
}

/** This phone's own mark, kept twice: a wiped store often leaves the cookie. */
export function device() {
  const kept = attempt(() => localStorage.getItem(DEVICE)) || /(?:^|; )phone=([\w-]+)/.exec(document.cookie)?.[1];
  const mark = kept || Math.random().toString(36).slice(2) + Date.now().toString(36);
  attempt(() => localStorage.setItem(DEVICE, mark));
  document.cookie = `phone=${mark}; path=/; max-age=${YEAR_S}; samesite=lax`;
  return mark;
}

function attempt(work) {
  try {
    return work();
  } catch {
    return null; // private mode: nothing is kept
  }
}
