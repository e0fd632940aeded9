// IndexedDB, with what phones do to it in mind: every write is one strict transaction, a lost
// connection is opened again, a full disk says so.

import { STEPS, upgrade } from "./schema.js";

const TRIES = 4;
const PAUSE_MS = 150;

/** No room left: what was to be written is still in the caller's hands. */
export class Full extends Error {}

/**
 * One step of a write.
 * @typedef {{store: string, put?: any, remove?: IDBValidKey}} Change
 */

export class Disk {
  isDurable = true;
  /** @type {Promise<IDBDatabase> | null} */ #opening = null;

  /** @param {string} name @param {IDBFactory} [factory] @param {number} [version] */
  constructor(name, factory = indexedDB, version = STEPS.length) {
    this.name = name;
    this.factory = factory;
    this.version = version;
  }

  /** @param {string} store @param {IDBValidKey} key */
  get(store, key) {
    return this.#run([store], "readonly", (part) => wish(part.objectStore(store).get(key)));
  }

  /** @param {string} store */
  all(store) {
    return this.#run([store], "readonly", (part) => wish(part.objectStore(store).getAll()));
  }

  /** @param {string} store @param {import("./album.js").Owner} owner */
  allOf(store, owner) {
    const [[index, key]] = Object.entries(owner);
    return this.#run([store], "readonly", (part) => wish(part.objectStore(store).index(index).getAll(key)));
  }

  /** All of it or nothing of it. @param {Change[]} changes */
  write(changes) {
    const stores = [...new Set(changes.map((change) => change.store))];
    return this.#run(stores, "readwrite", (part) => {
      for (const { store, put, remove } of changes) {
        if (put === undefined) part.objectStore(store).delete(remove);
        else part.objectStore(store).put(put);
      }
    });
  }

  /**
   * Write `row` only where the row still has revision `rev` (0: is not there). Two tabs, or a tap
   * during an upload, must not undo each other.
   * @param {string} store @param {IDBValidKey} key @param {number} rev @param {any} row null: remove it
   * @returns {Promise<boolean>} whether it was written
   */
  swap(store, key, rev, row) {
    return this.#run([store], "readwrite", async (part) => {
      const held = await wish(part.objectStore(store).get(key));
      if ((held ? held.rev : 0) !== rev) return false;
      if (row) part.objectStore(store).put({ ...row, rev: rev + 1 });
      else part.objectStore(store).delete(key);
      return true;
    });
  }

  close() {
    this.#opening?.then((db) => db.close(), () => {});
    this.#opening = null;
  }

  /** @template T @param {string[]} stores @param {IDBTransactionMode} mode @param {(part: IDBTransaction) => T | Promise<T>} work @returns {Promise<T>} */
  async #run(stores, mode, work) {
    for (let left = TRIES; ; left--) {
      try {
        return await this.#once(stores, mode, work);
      } catch (error) {
        if (isFull(error)) throw new Full(String(error));
        if (left <= 1) throw error;
        this.close();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async #once(stores, mode, work) {
    const db = await this.#open();
    const part = db.transaction(stores, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      part.oncomplete = () => resolve(undefined);
      part.onabort = () => reject(part.error || new Error("aborted"));
      part.onerror = () => reject(part.error);
    });
    done.catch(() => {}); // `work` may fail first
    const answer = await work(part);
    await done;
    return answer;
  }

  #open() {
    this.#opening ||= this.#connect(this.version).catch((error) => {
      // A tab of a newer version was here: its stores are a superset of ours.
      if (error?.name === "VersionError") return this.#connect();
      throw error;
    });
    this.#opening.catch(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** @param {number} [version] @returns {Promise<IDBDatabase>} */
  #connect(version) {
    return new Promise((resolve, reject) => {
      const asked = this.factory.open(this.name, version);
      asked.onupgradeneeded = ({ oldVersion }) => upgrade(asked, oldVersion, version);
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const db = asked.result;
        db.onversionchange = () => this.close();
        db.onclose = () => {
          this.#opening = null;
        };
        resolve(db);
      };
    });
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function wish(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function isFull(error) {
  return error?.name === "QuotaExceededError" || /quota/i.test(String(error?.message));
}

/** The same house without a cellar: where the browser keeps nothing, it lasts as long as the page. */
export class Memory {
  isDurable = false;
  /** @type {Map<string, Map<string, any>>} */ #stores = new Map();

  constructor(name = "") {
    this.name = name;
  }

  #store(name) {
    if (!this.#stores.has(name)) this.#stores.set(name, new Map());
    return this.#stores.get(name);
  }

  async get(store, key) {
    return this.#store(store).get(JSON.stringify(key));
  }

  async all(store) {
    return [...this.#store(store).values()];
  }

  async allOf(store, owner) {
    const [[index, key]] = Object.entries(owner);
    return (await this.all(store)).filter((row) => row[index] === key);
  }

  async write(changes) {
    for (const { store, put, remove } of changes) {
      if (put === undefined) this.#store(store).delete(JSON.stringify(remove));
      else this.#store(store).set(JSON.stringify(keyOf(store, put)), put);
    }
  }

  async swap(store, key, rev, row) {
    const held = await this.get(store, key);
    if ((held ? held.rev : 0) !== rev) return false;
    await this.write([row ? { store, put: { ...row, rev: rev + 1 } } : { store, remove: key }]);
    return true;
  }

  close() {}
}

function keyOf(store, row) {
  if (store === "answers") return [row.assignment, row.code];
  if (store === "meta") return row.name;
  if (store === "rectifications") return row.finding;
  return ["sheets", "audits"].includes(store) ? row.assignment : row.id;
}

/** Whether this browser keeps what it is given: written, read back, opened again, read again. */
export async function isKeeping(factory = globalThis.indexedDB) {
  if (!factory) return false;
  const disk = new Disk("probe", factory);
  try {
    const value = Math.random();
    await disk.write([{ store: "meta", put: { name: "probe", value } }]);
    disk.close();
    return (await disk.get("meta", "probe"))?.value === value;
  } catch {
    return false;
  } finally {
    disk.close();
  }
}
