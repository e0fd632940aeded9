// What was written of a problem's putting right, and the wish to hand it in. There is a row for as
// long as the server has not taken it: a row that is gone after a wish means that it went through.

/**
 * @typedef {Object} RectificationFacts
 * @property {string} title of the problem, for a list without a line
 * @property {string} measure
 * @property {string} person
 * @property {{photos: string[], at: string} | null} submit asked, not answered
 * @property {string} problem the server's sentence when it refused
 * @property {Record<string, string>} refused photos it named, each with its sentence
 * @property {boolean} isGone the server does not know this problem of ours
 * @property {boolean} isTaken the server took what had been asked before this was written
 * @property {string[]} left photos the server holds and the person took away
 *
 * @typedef {RectificationFacts & {finding: number, rev: number, waits: boolean}} Rectification
 */

const STORE = "rectifications";
const BLANK = { title: "", measure: "", person: "", submit: null, problem: "", isGone: false, isTaken: false, refused: {}, left: [] };

export class Rectifications {
  /** @param {import("./disk.js").Disk | import("./disk.js").Memory} disk @param {import("./vault.js").Vault} vault */
  constructor(disk, vault) {
    this.disk = disk;
    this.vault = vault;
  }

  /** @returns {Promise<Rectification>} */
  async of(finding) {
    const row = await this.disk.get(STORE, finding);
    return row ? this.#opened(row) : { ...BLANK, finding, rev: 0, waits: false };
  }

  /** @returns {Promise<Rectification[]>} */
  async all() {
    return Promise.all((await this.disk.all(STORE)).map((row) => this.#opened(row)));
  }

  /** @param {(held: Rectification) => Partial<RectificationFacts> | null} change null: leave it @returns {Promise<Rectification>} */
  async change(finding, change) {
    for (;;) {
      const held = await this.of(finding);
      const changed = change(held);
      if (!changed) return held;
      const next = { ...held, ...changed };
      const box = await this.vault.seal(Object.fromEntries(Object.keys(BLANK).map((name) => [name, next[name]])));
      const row = { finding, waits: Boolean(next.submit), isWritten: Boolean(next.measure.trim()), box };
      if (await this.disk.swap(STORE, finding, held.rev, row)) return { ...next, rev: held.rev + 1, waits: row.waits };
    }
  }

  /** Only where nobody wrote since revision `rev`. @returns {Promise<boolean>} whether it is gone */
  remove(finding, rev) {
    return this.disk.swap(STORE, finding, rev, null);
  }

  /** Problems to hand in. @returns {Promise<number[]>} */
  async waiting() {
    return (await this.disk.all(STORE)).filter((row) => row.waits).map((row) => row.finding);
  }

  /** Told without the key: words that no server has. */
  async count() {
    return (await this.disk.all(STORE)).filter((row) => row.waits || row.isWritten).length;
  }

  async #opened(row) {
    return { ...(await this.vault.open(row.box)), finding: row.finding, rev: row.rev, waits: row.waits };
  }
}
