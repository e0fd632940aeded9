// The text of one audit, in its order: it begins, its photos are announced, its answers go, and
// last, when somebody asked for it, it is handed in.

import { judged } from "./drafts.js";
import { faultOf } from "./server.js";

/**
 * @param {{drafts: import("./drafts.js").Drafts, album: import("./album.js").Album, device: string,
 *   server: typeof import("./server.js").server}} parts
 * @param {number} assignment
 */
export async function sendText(parts, assignment) {
  let audit = await parts.drafts.audit(assignment);
  if (!audit.isStarted) audit = await begin(parts, audit);
  await announce(parts, audit);
  await sendAnswers(parts, audit);
  await submit(parts, assignment);
}

async function begin({ drafts, server }, audit) {
  const { assignment } = audit;
  // Its id is on disk before the server hears it: a lost answer is asked again under the same.
  const named = audit.rev ? audit : await drafts.changeAudit(assignment, () => ({}));
  try {
    await server.start(named);
    return await drafts.changeAudit(assignment, () => ({ isStarted: true, problem: "" }));
  } catch (error) {
    if (error.code !== "already_started") throw error;
  }
  const askedAt = Date.now();
  // Another phone began this sheet: its answers come in beside ours, nothing is overwritten.
  await drafts.keepSheet(await server.sheet(assignment), "", askedAt);
  return drafts.audit(assignment);
}

// The server learns what to expect, so that an emptied phone is noticed.
async function announce({ album, server, device }, audit) {
  const rows = await album.photosOf({ assignment: audit.assignment });
  const news = rows.filter((row) => row.state === "queued" && !row.isAnnounced);
  const dropped = rows.filter((row) => row.state === "dropped");
  if (!news.length && !dropped.length) return;
  const photos = news.map((row) => ({ id: row.id, item_code: row.itemCode, sha256: row.sha256, size: row.size }));
  await server.expect(audit.auditId, { device, photos, dropped: dropped.map((row) => row.id) });
  for (const row of dropped) await album.remove(row.id);
  for (const row of news) await album.change(row.id, { isAnnounced: true });
}

async function sendAnswers({ drafts, server }, { assignment, auditId }) {
  const sent = (await drafts.answersOf(assignment)).filter((answer) => answer.waits);
  if (!sent.length) return;
  const { answers } = await server.answers(auditId, sent.map(asSent));
  for (const [n, outcome] of answers.entries()) {
    await drafts.changeAnswer(assignment, sent[n].code, (now) => judged(now, sent[n].mine, outcome));
  }
}

async function submit({ drafts, server }, assignment) {
  const audit = await drafts.audit(assignment);
  if (!audit.submit) return;
  const answers = await drafts.answersOf(assignment);
  if (answers.some((answer) => answer.waits || answer.theirs || answer.trouble)) return;
  try {
    const receipt = await server.submit(audit.auditId, audit.submit.declared);
    await drafts.changeAudit(assignment, () => ({ submit: null, receipt, state: receipt.state, problem: "", toldAt: Date.now() }));
  } catch (error) {
    if (faultOf(error) !== "final") throw error;
    await drafts.changeAudit(assignment, () => ({ submit: null, problem: error.message }));
  }
}

/** Audits handed in whose count is older than what was sent since. */
export async function oldCounts({ album, drafts }) {
  const unsent = new Set((await album.rows()).filter((row) => row.state === "queued").map((row) => row.assignment));
  return (await drafts.audits()).filter((audit) => !unsent.has(audit.assignment) && isCountOld(audit));
}

// A sheet read in between may have told of the new state before the receipt did.
function isCountOld({ state, receipt }) {
  return state !== "started" && (!receipt || receipt.state !== state || receipt.missing.length > 0);
}

export async function askCount({ drafts, server }, { assignment, auditId }) {
  const receipt = await server.receipt(auditId);
  await drafts.changeAudit(assignment, () => ({ receipt, state: receipt.state, toldAt: Date.now() }));
}

/** @param {import("./drafts.js").Answer} answer */
function asSent({ code, mine, held }) {
  return {
    item_code: code,
    result: mine.result,
    note: mine.note,
    answered_at: mine.answeredAt,
    ...(held ? { base_version: held.version } : {}),
  };
}
