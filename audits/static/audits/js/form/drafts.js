// Sheets and answers on this phone. Every change is read, changed and written against the row's
// revision, so that a tap, an upload's answer and another tab never undo each other.

import { uuid } from "../ids.js";

/**
 * @typedef {{result: string, note: string}} Value
 * @typedef {Object} AnswerFacts
 * @property {(Value & {answeredAt: string}) | null} mine what was tapped here
 * @property {(Value & {version: number}) | null} held what the server has
 * @property {(Value & {version: number, answered_at: string, answered_by: string}) | null} theirs
 *   somebody else's, waiting for a choice
 * @property {string} trouble the server's sentence when it refused
 *
 * @typedef {AnswerFacts & {assignment: number, code: string, rev: number, waits: boolean}} Answer
 *
 * @typedef {Object} AuditFacts
 * @property {string} auditId
 * @property {string} startedAt
 * @property {string} checklist the hash of the version it was begun on
 * @property {boolean} isStarted the server knows of it
 * @property {string} state started | submitted | complete
 * @property {{declared: {id: string, item_code: string | null}[], at: string} | null} submit asked, not answered
 * @property {any} receipt the server's own count
 * @property {string} problem the server's sentence when it refused
 * @property {string[]} expected photo ids the server was told of
 * @property {number} toldAt when the server last answered a submission or a count, ms
 *
 * @typedef {AuditFacts & {assignment: number, rev: number, waits: boolean}} Audit
 */

const BLANK = { mine: null, held: null, theirs: null, trouble: "" };

export class Drafts {
  /** @param {import("./disk.js").Disk | import("./disk.js").Memory} disk @param {import("./vault.js").Vault} vault */
  constructor(disk, vault) {
    this.disk = disk;
    this.vault = vault;
  }

  // ---- sheets: what the server said last

  async sheet(assignment) {
    const row = await this.disk.get("sheets", assignment);
    return row ? this.vault.open(row.box) : null;
  }

  /** @param {any} sheet `GET assignments/{id}/sheet/` @param {string} version @param {number} askedAt ms */
  async keepSheet(sheet, version, askedAt) {
    await this.#nameVersion(sheet.assignment);
    const box = await this.vault.seal(sheet);
    await this.disk.write([{ store: "sheets", put: { assignment: sheet.assignment, version, box } }]);
    await this.#agree(sheet, askedAt);
  }

  async sheetVersions() {
    return new Map((await this.disk.all("sheets")).map((row) => [row.assignment, row.version]));
  }

  // Begun here and not told yet: it finishes on the version it was begun on, whatever comes in now.
  async #nameVersion(assignment) {
    if ((await this.audit(assignment)).rev) return;
    const answers = await this.answersOf(assignment);
    if (answers.some((answer) => answer.mine)) await this.changeAudit(assignment, () => ({}));
  }

  // What the server has comes in beside ours; what was tapped here and not sent stays.
  async #agree(sheet, askedAt) {
    const { assignment, audit } = sheet;
    if (!audit) return;
    await this.changeAudit(assignment, (mine) => {
      if (mine.toldAt > askedAt) return {}; // asked before we handed in, answered after: yesterday's news
      const isOver = audit.state !== "started";
      return { ...mine, auditId: audit.id, isStarted: true, state: audit.state, submit: isOver ? null : mine.submit };
    });
    for (const answer of audit.answers) {
      await this.changeAnswer(assignment, answer.item_code, (held) => agreed(held, answer));
    }
  }

  // ---- the audit's own row

  /** @returns {Promise<Audit>} */
  async audit(assignment) {
    const row = await this.disk.get("audits", assignment);
    return row ? this.#opened(row) : { ...fresh(), assignment, rev: 0, waits: false };
  }

  async audits() {
    return Promise.all((await this.disk.all("audits")).map((row) => this.#opened(row)));
  }

  /** @param {(audit: Audit) => Partial<AuditFacts>} change @returns {Promise<Audit>} */
  async changeAudit(assignment, change) {
    for (;;) {
      const held = await this.audit(assignment);
      if (!held.rev) held.checklist = (await this.sheet(assignment))?.checklist?.hash || "";
      const next = { ...held, ...change(held) };
      const { auditId, startedAt, checklist, isStarted, state, submit, receipt, problem, expected, toldAt } = next;
      const box = await this.vault.seal({ auditId, startedAt, checklist, isStarted, state, submit, receipt, problem, expected, toldAt });
      const row = { assignment, waits: Boolean(submit), box };
      if (await this.disk.swap("audits", assignment, held.rev, row)) return { ...next, rev: held.rev + 1, waits: row.waits };
    }
  }

  // ---- answers

  /** @returns {Promise<Answer>} */
  async answer(assignment, code) {
    const row = await this.disk.get("answers", [assignment, code]);
    return row ? this.#opened(row) : { ...BLANK, assignment, code, rev: 0, waits: false };
  }

  /** @returns {Promise<Answer[]>} */
  async answersOf(assignment) {
    return Promise.all((await this.disk.allOf("answers", { assignment })).map((row) => this.#opened(row)));
  }

  /** @param {(answer: Answer) => AnswerFacts | null} change null: nothing to change @returns {Promise<Answer>} */
  async changeAnswer(assignment, code, change) {
    for (;;) {
      const before = await this.answer(assignment, code);
      const next = change(before);
      if (!next) return before;
      const { mine, held, theirs, trouble } = next;
      const row = { assignment, code, waits: isWaiting(next), box: await this.vault.seal({ mine, held, theirs, trouble }) };
      if (await this.disk.swap("answers", [assignment, code], before.rev, row)) {
        return { assignment, code, mine, held, theirs, trouble, rev: before.rev + 1, waits: row.waits };
      }
    }
  }

  /** Assignments with text the server has not taken: answers, or a submission. */
  async waiting() {
    const answers = (await this.disk.all("answers")).filter((row) => row.waits);
    const audits = (await this.disk.all("audits")).filter((row) => row.waits);
    return new Set([...answers, ...audits].map((row) => row.assignment));
  }

  async waitingCount() {
    return (await this.disk.all("answers")).filter((row) => row.waits).length;
  }

  async #opened(row) {
    return { ...(await this.vault.open(row.box)), assignment: row.assignment, code: row.code, rev: row.rev, waits: row.waits };
  }
}

function fresh() {
  return {
    auditId: uuid(),
    startedAt: new Date().toISOString(),
    checklist: "",
    isStarted: false,
    state: "started",
    submit: null,
    receipt: null,
    problem: "",
    expected: [],
    toldAt: 0,
  };
}

/** The server's answer beside what is here: an unsent tap stays, and waits for a choice if both differ. */
export function agreed(held, answer) {
  const { result, note, version } = answer;
  const server = { result, note, version };
  if (held.held && (held.held.version > version || (held.held.version === version && same(held.held, server)))) return null;
  if (isWaiting(held) && held.mine && !same(held.mine, server)) {
    // Sent with the version it was made on: the server decides whether somebody was in between.
    return null;
  }
  return { mine: { result, note, answeredAt: answer.answered_at }, held: server, theirs: null, trouble: "" };
}

/** What the server said to one answer that was sent as `sent`. A newer tap stays unsent. */
export function judged(answer, sent, outcome) {
  if (outcome.status < 300) {
    return { ...answer, held: { result: sent.result, note: sent.note, version: outcome.version } };
  }
  if (outcome.status === 409 && outcome.answer) return { ...answer, theirs: outcome.answer };
  return same(answer.mine, sent) ? { ...answer, trouble: outcome.message } : answer;
}

/** Side by side, a person chose. */
export function chosen(answer, side) {
  const { result, note, version } = answer.theirs;
  const held = { result, note, version };
  const mine = side === "theirs" ? { result, note, answeredAt: answer.theirs.answered_at } : answer.mine;
  return { ...answer, mine, held, theirs: null, trouble: "" };
}

export function same(mine, held) {
  return Boolean(mine && held) && mine.result === held.result && mine.note === held.note;
}

/** Whether it should be sent: complete, changed, and not waiting for a person. */
export function isWaiting({ mine, held, theirs, trouble }) {
  if (!mine || theirs || trouble) return false;
  if (mine.result !== "pass" && !mine.note.trim()) return false;
  return !same(mine, held);
}
