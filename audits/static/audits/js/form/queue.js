// The one uploader: text first, then the 1,280 px copies, then what waited for its photos, then
// originals on a good line. Each piece stands on its own; what the server refuses is set aside with its reason; there is no last try.

import { sha256 } from "../ids.js";
import { ownerOf } from "./album.js";
import { fields, subjectOf } from "./fields.js";
import { handIn } from "./handin.js";
import { faultOf, server as theServer } from "./server.js";
import { askCount, oldCounts, sendText } from "./texts.js";

const FIRST_MS = 1000;
const LAST_MS = 60000;
const ASIDE_MS = 30 * 60000;
const TURN_MS = 2000;
const GIVE_WAY_AFTER = 2; // failures of the line in a row: the line is down, not the photo bad
const GOOD_BYTES_PER_S = 400000;

/** @typedef {{id: string, share: number, size: number} | null} Moving */

export class Queue {
  /** @type {Moving} */ moving = null;
  isBusy = false;
  isSignedOut = false;
  /** The server's sentence when something waits for a person or a repair. */
  trouble = "";
  failures = 0;
  #timer = 0;
  #isAsked = false;
  #isForced = false;
  #speed = 0;
  #lineFailures = 0;

  /**
   * @param {{drafts: import("./drafts.js").Drafts, album: import("./album.js").Album,
   *   rectifications: import("./rectifications.js").Rectifications, username: string, device: string,
   *   takeTurn: (work: () => Promise<void>) => Promise<boolean>,
   *   onChange: (owner: import("./album.js").Owner | null) => void, server?: typeof theServer}} parts
   */
  constructor({ drafts, album, rectifications, username, device, takeTurn, onChange, server = theServer }) {
    this.drafts = drafts;
    this.album = album;
    this.rectifications = rectifications;
    this.username = username;
    this.device = device;
    this.takeTurn = takeTurn;
    this.changed = onChange;
    this.server = heard(server, () => {
      this.isSignedOut = false;
    });
  }

  get isFailing() {
    return this.failures > 0;
  }

  /** Forget the pauses: somebody asked, or the line is back. */
  now() {
    this.#isForced = true;
    this.#start();
  }

  /** There may be work; a pause that is running is respected. */
  ask() {
    if (!this.failures) this.#start();
  }

  #start() {
    if (this.isBusy) {
      this.#isAsked = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#work();
  }

  async #work() {
    this.isBusy = true;
    this.#isAsked = false;
    const isForced = this.#isForced;
    this.#isForced = false;
    let isOurs = true;
    try {
      isOurs = await this.takeTurn(() => this.#round(isForced));
    } catch (error) {
      console.error(error);
      this.failures += 1;
    }
    this.isBusy = false;
    this.moving = null;
    this.changed(null);
    if (this.#isAsked && !this.isSignedOut) this.#start();
    else this.#timer = setTimeout(() => this.#work(), isOurs ? await this.#pause() : TURN_MS);
  }

  // Doubling, with much chance in it so that fifty phones do not knock together; never the last.
  async #pause() {
    if (this.failures) return spread(Math.min(LAST_MS, FIRST_MS * 2 ** (this.failures - 1)));
    const next = await this.#nextAt();
    return Math.max(FIRST_MS, Math.min(LAST_MS, next - Date.now()));
  }

  async #nextAt() {
    const times = (await this.album.rows()).filter((row) => row.state === "queued").map((row) => row.nextAt);
    return Math.min(Date.now() + LAST_MS, ...times);
  }

  async #round(isForced) {
    this.trouble = "";
    this.#lineFailures = 0;
    const isUp =
      (await this.#texts()) && (await this.#photos(isForced)) && (await this.#handIns()) && (await this.#originals());
    if (isUp) await this.#receipts();
    this.failures = isUp ? 0 : this.failures + 1;
  }

  /** Take a failure in. @returns {boolean} whether to go on with the next piece */
  #mayGoOn(error) {
    const fault = faultOf(error);
    if (fault === "signed_out") {
      this.isSignedOut = true;
      return false;
    }
    if (fault === "line") {
      this.#lineFailures += 1;
      return this.#lineFailures < GIVE_WAY_AFTER;
    }
    this.trouble = error.message;
    return true;
  }

  // ---- text

  async #texts() {
    const assignments = await this.drafts.waiting();
    for (const row of await this.album.rows()) {
      if (row.assignment && ["queued", "dropped"].includes(row.state)) assignments.add(row.assignment);
    }
    return this.#each(assignments, (assignment) => this.#text(assignment));
  }

  /** One after the other; a piece that fails stops the rest only when the line is down. */
  async #each(names, work) {
    let isUp = true;
    for (const name of names) {
      try {
        await work(name);
      } catch (error) {
        isUp = isUp && faultOf(error) !== "line";
        if (!this.#mayGoOn(error)) return false;
      }
    }
    return isUp;
  }

  async #text(assignment) {
    try {
      await sendText(this, assignment);
    } catch (error) {
      if (["aside", "final"].includes(faultOf(error))) {
        await this.drafts.changeAudit(assignment, () => ({ problem: error.message }));
      }
      throw error;
    } finally {
      this.changed({ assignment });
    }
  }

  // ---- problems whose photos are all there

  async #handIns() {
    return this.#each(await this.rectifications.waiting(), (finding) =>
      handIn(this, finding).finally(() => this.changed({ finding })),
    );
  }

  // ---- photos

  async #photos(isForced) {
    let isUp = true;
    const due = (await this.album.rows())
      .filter((row) => row.state === "queued" && (isForced || row.nextAt <= Date.now()))
      .sort((a, b) => a.tries - b.tries);
    for (const row of due) {
      try {
        await this.#photo(row);
        this.#lineFailures = 0;
      } catch (error) {
        isUp = isUp && faultOf(error) !== "line";
        await this.#setAside(row, error);
        if (!this.#mayGoOn(error)) return false;
      }
      this.changed(ownerOf(row));
    }
    return isUp;
  }

  async #photo(row) {
    const [bytes, photo] = await Promise.all([this.album.copyOf(row.id), this.album.read(row)]);
    if (!bytes || (await sha256(bytes)) !== row.sha256) throw new Damaged();
    const told = fields(photo, await subjectOf(row, this.drafts), bytes);
    const receipt = await this.#timed(row, row.size, (progress) => this.server.photo(row.id, told, progress));
    if (!(await this.album.settle(row, receipt))) throw new Error("receipt differs");
  }

  async #setAside(row, error) {
    const fault = error instanceof Damaged ? "final" : faultOf(error);
    if (fault === "signed_out") return;
    const tries = row.tries + 1;
    const wait = fault === "aside" ? Math.min(ASIDE_MS, FIRST_MS * 2 ** tries) : Math.min(LAST_MS, FIRST_MS * 2 ** tries);
    await this.album.change(row.id, {
      tries,
      nextAt: Date.now() + spread(wait),
      problem: fault === "line" ? "" : error.message,
      isGone: error.status === 404,
      ...(fault === "final" ? { state: "refused" } : {}),
    });
  }

  async #timed(row, size, send) {
    const began = performance.now();
    const receipt = await send((share) => {
      this.moving = { id: row.id, share, size };
      this.changed(ownerOf(row));
    });
    this.moving = null;
    if (size > 50000) this.#speed = (size / (performance.now() - began)) * 1000;
    return receipt;
  }

  // ---- originals: on a good line, or because somebody asked

  async #originals() {
    const rows = (await this.album.rows()).filter((row) => row.state === "stored" && row.original);
    for (const row of rows) {
      const isWanted = row.original.state === "wanted" || (row.original.state === "kept" && this.#isGoodLine());
      if (!isWanted) continue;
      try {
        await this.#original(row);
      } catch (error) {
        if (faultOf(error) === "final") {
          await this.album.change(row.id, { original: { ...row.original, state: "refused" } });
          if (row.isHandedIn) await this.album.finish(row.id);
        }
        if (!this.#mayGoOn(error)) return false;
      }
    }
    return true;
  }

  async #original(row) {
    const bytes = await this.album.originalOf(row.id);
    if (!bytes) return;
    const fields = { sha256: row.original.sha256, file: new Blob([bytes]) };
    const receipt = await this.#timed(row, row.original.size, (progress) => this.server.original(row.id, fields, progress));
    await this.album.settleOriginal(row, receipt);
    if (row.isHandedIn) await this.album.finish(row.id);
    this.changed(ownerOf(row));
  }

  #isGoodLine() {
    const line = /** @type {any} */ (navigator).connection;
    if (line?.saveData) return false;
    return ["wifi", "ethernet"].includes(line?.type) || this.#speed >= GOOD_BYTES_PER_S;
  }

  // ---- the server's own count, asked again when photos came after the submission

  async #receipts() {
    await this.#each(await oldCounts(this), (audit) => askCount(this, audit).then(() => this.changed({ assignment: audit.assignment })));
  }
}

/** The bytes on the phone are no longer those that were taken. */
export class Damaged extends Error {}

/**
 * The same calls; `onAnswer` after each that was answered: only then is it known that the session lives.
 * @param {typeof theServer} server @param {() => void} onAnswer @returns {typeof theServer}
 */
function heard(server, onAnswer) {
  const hear = (name) => async (...given) => {
    const answer = await server[name](...given);
    onAnswer();
    return answer;
  };
  return /** @type {any} */ (Object.fromEntries(Object.keys(server).map((name) => [name, hear(name)])));
}

function spread(ms) {
  return ms * (0.5 + Math.random());
}
