// Whose store is opened, and with which key.

import { get, setPerson } from "../api.js";
import { Disk, isKeeping, Memory } from "./disk.js";
import { forget, remember, remembered, storeName } from "./person.js";
import { Phone } from "./phone.js";
import { importKey, Vault } from "./vault.js";

/** @type {Promise<boolean> | null} */ let keeping = null;

/** Whether this browser keeps anything, tried once; early, while the server is still thinking. */
export function tryKeeping() {
  keeping ||= isKeeping();
  return keeping;
}

/** @param {string} username @param {any} [work] what the server said, when it was asked already */
export async function openPhone(username, work) {
  const disk = (await tryKeeping()) ? new Disk(storeName(username)) : new Memory(storeName(username));
  const held = await disk.get("meta", "key");
  let key = held ? held.value : null;
  if (!key && work) {
    key = await importKey(work.key);
    if (key) await disk.write([{ store: "meta", put: { name: "key", value: key } }]);
  }
  setPerson(username);
  const phone = new Phone(username, disk, new Vault(key));
  await phone.album.recover();
  return phone;
}

/** The phone with its work, without a line; null where nothing is kept of it, or its key is gone. */
export async function openKnown(username) {
  try {
    const held = await openPhone(username);
    return (await held.load()) ? held : null;
  } catch {
    return null;
  }
}

/**
 * The phone of who is signed in. What is known here opens without a line; what was closed at a
 * sign-out needs the key once more.
 * @param {{username: string, name: string}} person
 */
export async function openOwn({ username, name }) {
  const known = remembered();
  if (known && known.username !== username) await lockFor(known.username);
  remember(username, name);
  const held = await openKnown(username);
  if (held) return held;
  setPerson(username);
  const work = await get("work/");
  const made = await openPhone(username, work);
  await made.adopt(work);
  return made;
}

/** Somebody else has this phone now. */
export async function lockFor(username) {
  const other = await openPhone(username);
  await other.lock();
  forget();
}
