// One uploader among all tabs of one person: Web Locks, or a lease in localStorage without them.
// The server counts everything once anyway; this saves the phone's data and battery.

const LEASE_MS = 15000;
const SETTLE_MS = 60;
const me = Math.random().toString(36).slice(2);

/**
 * Runs `work` if nobody else is at it.
 * @param {string} name @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether it was our turn
 */
export async function takeTurn(name, work) {
  if (globalThis.navigator?.locks) {
    return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return Boolean(lock);
    });
  }
  return withLease(name, work);
}

/** @param {string} name @param {() => Promise<void>} work @param {Storage} [shelf] */
export async function withLease(name, work, shelf = localStorage, owner = me) {
  const key = `lease:${name}`;
  const held = read(shelf, key);
  if (held && held.owner !== owner && held.until > Date.now()) return false;
  const renew = () => shelf.setItem(key, JSON.stringify({ owner, until: Date.now() + LEASE_MS }));
  renew();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS)); // two at once: the last writer has it
  if (read(shelf, key)?.owner !== owner) return false;
  const beat = setInterval(renew, LEASE_MS / 3);
  try {
    await work();
  } finally {
    clearInterval(beat);
    shelf.removeItem(key);
  }
  return true;
}

function read(shelf, key) {
  try {
    return JSON.parse(shelf.getItem(key));
  } catch {
    return null;
  }
}
