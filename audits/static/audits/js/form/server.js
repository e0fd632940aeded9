// The calls a queue makes, and what each way of failing means for it.

import { get, post, put, Refused, Unreachable, upload } from "../api.js";

export const server = {
  start: (audit) => put(`audits/${audit.auditId}/`, { assignment: audit.assignment, started_at: audit.startedAt, checklist: audit.checklist }),
  sheet: (assignment) => get(`assignments/${assignment}/sheet/`),
  answers: (auditId, answers) => post(`audits/${auditId}/answers/`, { answers }),
  expect: (auditId, body) => post(`audits/${auditId}/expected/`, body),
  submit: (auditId, photos) => post(`audits/${auditId}/submit/`, { photos }),
  receipt: (auditId) => get(`audits/${auditId}/receipt/`),
  finding: (id) => get(`findings/${id}/`),
  begin: (id, plan) => post(`findings/${id}/start/`, plan),
  handIn: (id, rectification) => post(`findings/${id}/submit/`, rectification),
  photo: (id, fields, onProgress) => upload(`photos/${id}/`, fields, onProgress),
  original: (id, fields, onProgress) => upload(`photos/${id}/original/`, fields, onProgress),
};

/** @typedef {"signed_out" | "line" | "aside" | "final"} Fault */

/**
 * line: nobody knows or the server is ill, the same again later · signed_out: everything waits ·
 * aside: this one waits by itself and is asked again · final: only a person can help.
 * @returns {Fault}
 */
export function faultOf(error) {
  if (error instanceof Unreachable) return "line";
  if (!(error instanceof Refused)) return "aside";
  if (error.status === 401) return "signed_out";
  if (error.status >= 500 || [408, 425, 429].includes(error.status)) return "line";
  // 403, 404, 413: a proxy, a scope, an order that may be put right without the phone.
  if ([403, 404, 413].includes(error.status)) return "aside";
  if (error.code === "invalid" && codeOf(error) === "hash_mismatch") return "line";
  return "final";
}

function codeOf(error) {
  return error.problem?.errors?.[0]?.code || error.code;
}
