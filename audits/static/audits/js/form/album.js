// The photos on this phone. A photo counts as saved only after its bytes were read back from the
// disk and hash to what was taken; its bytes go only against a receipt that names the same.

import { sha256 } from "../ids.js";
import { Locked } from "./vault.js";

/**
 * What a photo belongs to: the audit of one task, or one problem.
 * @typedef {{assignment: number, finding?: undefined} | {finding: number, assignment?: undefined}} Owner
 *
 * What is readable without the key: enough to count, to age, to send in order.
 * @typedef {Object} PhotoRow
 * @property {string} id
 * @property {number} rev
 * @property {number} [assignment] its owner, or
 * @property {number} [finding]
 * @property {boolean} [isHandedIn] of a problem: only its original is still to be sent
 * @property {"writing" | "queued" | "stored" | "refused" | "dropped"} state
 * @property {string} kind site | signature | after
 * @property {string} sha256 of the copy that is sent
 * @property {number} size
 * @property {string} createdAt
 * @property {number} tries
 * @property {number} nextAt earliest next try, ms; 0 at once
 * @property {string} problem why it is set aside
 * @property {boolean} [isGone] the server does not know what it belongs to
 * @property {boolean} isAnnounced the server knows to expect it
 * @property {{sha256: string, size: number, state: "kept" | "wanted" | "sent" | "refused"} | null} original
 * @property {import("./vault.js").Box} box PhotoFacts
 *
 * @typedef {Object} PhotoFacts
 * @property {string | null} itemCode
 * @property {string} takenAt
 * @property {{latitude: string, longitude: string, accuracy: string, age: number} | null} place
 * @property {Record<string, any>} exif
 * @property {any[]} marks
 * @property {string} mime
 * @property {string} thumb small data: picture for the strip
 *
 * @typedef {PhotoRow & PhotoFacts} Photo
 */

/** The disk gave back other bytes than it was given. */
export class NotSaved extends Error {}

export class Album {
  /** @param {import("./disk.js").Disk | import("./disk.js").Memory} disk @param {import("./vault.js").Vault} vault */
  constructor(disk, vault) {
    this.disk = disk;
    this.vault = vault;
  }

  /**
   * Resolves when the photo is safe on this phone.
   * @param {{id: string, owner: Owner, kind: string, createdAt: string} & PhotoFacts} taken
   * @param {ArrayBuffer} copy @param {ArrayBuffer | null} original
   * @returns {Promise<Photo>}
   */
  async add(taken, copy, original = null) {
    const row = await this.#row(taken, copy, original);
    const changes = [
      { store: "photos", put: row },
      { store: "bytes", put: { id: row.id, box: await this.vault.sealBytes(copy) } },
    ];
    if (original) {
      changes.push({ store: "originals", put: { id: row.id, box: await this.vault.sealBytes(original) } });
    }
    await this.disk.write(changes);
    await this.#proveWritten(row);
    return this.read(await this.change(row.id, { state: "queued" }));
  }

  async #row(taken, copy, original) {
    const { id, owner, kind, createdAt, ...facts } = taken;
    return {
      id, ...owner, kind, createdAt,
      rev: 1,
      state: "writing",
      sha256: await sha256(copy),
      size: copy.byteLength,
      tries: 0,
      nextAt: 0,
      problem: "",
      isAnnounced: false,
      original: original && { sha256: await sha256(original), size: original.byteLength, state: "kept" },
      box: await this.vault.seal(facts),
    };
  }

  async #proveWritten(row) {
    const back = await this.copyOf(row.id).catch((error) => {
      if (error instanceof Locked) throw error; // nobody can tell yet
      return null;
    });
    if (back && back.byteLength === row.size && (await sha256(back)) === row.sha256) return;
    await this.remove(row.id);
    throw new NotSaved();
  }

  /** @param {string} id @returns {Promise<ArrayBuffer | null>} */
  async copyOf(id) {
    return this.#bytes("bytes", id);
  }

  async originalOf(id) {
    return this.#bytes("originals", id);
  }

  async #bytes(store, id) {
    const held = await this.disk.get(store, id);
    return held ? this.vault.openBytes(held.box) : null;
  }

  /** @param {PhotoRow} row @returns {Promise<Photo>} */
  async read(row) {
    return { ...row, ...(await this.vault.open(row.box)) };
  }

  /** @returns {Promise<PhotoRow[]>} oldest first */
  async rows() {
    return inOrder(await this.disk.all("photos"));
  }

  /** Written whole, and not behind us. @param {Owner} owner @returns {Promise<PhotoRow[]>} oldest first */
  async rowsOf(owner) {
    const rows = await this.disk.allOf("photos", owner);
    return inOrder(rows.filter((row) => row.state !== "writing" && !row.isHandedIn));
  }

  /** @param {Owner} owner */
  async photosOf(owner) {
    return Promise.all((await this.rowsOf(owner)).map((row) => this.read(row)));
  }

  /** Change the open part of a row, whatever else happens to it. @returns {Promise<PhotoRow>} */
  async change(id, change) {
    for (;;) {
      const row = await this.disk.get("photos", id);
      if (!row) throw new NotSaved(id);
      const next = { ...row, ...change };
      if (await this.disk.swap("photos", id, row.rev, next)) return { ...next, rev: row.rev + 1 };
    }
  }

  /** Change the sealed part. @param {string} id @param {Partial<PhotoFacts>} facts */
  async changeFacts(id, facts) {
    const row = await this.disk.get("photos", id);
    const box = await this.vault.seal({ ...(await this.vault.open(row.box)), ...facts });
    return this.read(await this.change(id, { box }));
  }

  /**
   * The server has it: only now, and only if it names the same bytes, ours may go.
   * @param {PhotoRow} row @param {{id: string, sha256: string, size: number, received_at?: string}} receipt
   * @returns {Promise<boolean>}
   */
  async settle(row, receipt) {
    if (!isSame(receipt, row.id, row.sha256, row.size)) return false;
    await this.change(row.id, { state: "stored", tries: 0, nextAt: 0, problem: "", storedAt: receipt.received_at });
    await this.disk.write([{ store: "bytes", remove: row.id }]);
    return true;
  }

  async settleOriginal(row, receipt) {
    if (!isSame(receipt, row.id, row.original.sha256, row.original.size)) return false;
    await this.change(row.id, { original: { ...row.original, state: "sent" } });
    await this.disk.write([{ store: "originals", remove: row.id }]);
    return true;
  }

  /** Thrown away by its taker. The server, if it was told to expect it, is told that too. */
  async drop(row) {
    await this.remove(row.id);
    if (row.isAnnounced) await this.disk.write([{ store: "photos", put: { ...row, state: "dropped", rev: row.rev + 1 } }]);
  }

  /** Handed in with its problem: nothing of it is needed here but an original still to be sent. */
  async finish(id) {
    const row = await this.disk.get("photos", id);
    if (!row) return; // taken on another phone
    if (["kept", "wanted"].includes(row.original?.state)) await this.change(id, { isHandedIn: true });
    else await this.remove(id);
  }

  remove(id) {
    return this.disk.write(["photos", "bytes", "originals"].map((store) => ({ store, remove: id })));
  }

  /** After a start: what a killed tab left half written is either whole or was never shown as saved. */
  async recover() {
    for (const row of await this.rows()) {
      if (row.state !== "writing") continue;
      await this.#proveWritten(row).then(
        () => this.change(row.id, { state: "queued" }),
        () => {},
      );
    }
  }
}

/** @param {PhotoRow} row @returns {Owner} */
export function ownerOf({ assignment, finding }) {
  return finding ? { finding } : { assignment };
}

function inOrder(rows) {
  return rows.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

function isSame(receipt, id, hash, size) {
  return receipt.id === id && receipt.sha256 === hash && receipt.size === size;
}
