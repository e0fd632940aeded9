// 导出待传包: all that is unsent on this phone in one ZIP, for somebody else to hand in.

import { fields, subjectOf } from "./fields.js";
import { zip } from "./zip.js";

/**
 * @param {{drafts: import("./drafts.js").Drafts, album: import("./album.js").Album,
 *   rectifications: import("./rectifications.js").Rectifications, username: string, device: string}} phone
 * @returns {Promise<{blob: Blob, photos: number, answers: number}>}
 */
export async function pack({ drafts, album, rectifications, username, device }) {
  /** @type {any[]} */ const audits = [];
  /** @type {any[]} */ const photos = [];
  /** @type {{name: string, bytes: Uint8Array}[]} */ const files = [];
  const unsent = (await album.rows()).filter((row) => ["queued", "refused"].includes(row.state));
  const owners = unsent.filter((row) => row.assignment).map((row) => row.assignment);
  const assignments = new Set([...(await drafts.waiting()), ...owners]);
  for (const assignment of assignments) audits.push(await toldAudit(drafts, assignment));
  for (const row of unsent) {
    const bytes = await album.copyOf(row.id);
    if (!bytes) continue;
    const told = fields(await album.read(row), await subjectOf(row, drafts), bytes);
    delete told.file;
    const name = `photos/${row.id}`;
    photos.push({ id: row.id, name, size: row.size, ...told });
    files.push({ name, bytes: new Uint8Array(bytes) });
  }
  const wishes = (await rectifications.all()).filter((one) => one.submit).map(toldWish);
  const told = { version: 1, person: username, device, exported_at: new Date().toISOString(), audits, photos, rectifications: wishes };
  const text = new TextEncoder().encode(JSON.stringify(told));
  const answers = audits.reduce((sum, audit) => sum + audit.answers.length, wishes.length);
  return { blob: zip([{ name: "parcel.json", bytes: text }, ...files]), photos: photos.length, answers };
}

/** @param {import("./rectifications.js").Rectification} wish */
function toldWish({ finding, measure, person, submit }) {
  return { finding, measure, person, photos: submit.photos };
}

async function toldAudit(drafts, assignment) {
  const audit = await drafts.audit(assignment);
  const answers = (await drafts.answersOf(assignment)).filter((answer) => answer.waits);
  return {
    id: audit.auditId,
    assignment,
    started_at: audit.startedAt,
    checklist: audit.checklist,
    answers: answers.map((answer) => ({
      item_code: answer.code,
      result: answer.mine.result,
      note: answer.mine.note,
      answered_at: answer.mine.answeredAt,
      base_version: answer.held ? answer.held.version : null,
    })),
  };
}
