import assert from "node:assert/strict";
import { test } from "node:test";

const page = /** @type {any} */ (globalThis);
const told = ["way_signed_out", "way_signed_out_unkept", "way_offline", "way_offline_unkept"];
const words = { ...Object.fromEntries(told.map((word) => [word, word])), problem_n: "problem {n}" };
page.document = { getElementById: () => ({ textContent: JSON.stringify(words) }), querySelectorAll: () => [] };
Object.defineProperty(page, "navigator", { value: { onLine: true }, configurable: true });
const { pendingOf, standstill } = await import("../../audits/static/audits/js/form/pending.js");

const draft = (finding, facts = {}) => ({ finding, title: `t${finding}`, waits: false, problem: "", isTaken: false, ...facts });
const photo = (finding) => /** @type {any} */ ({ id: `p${finding}`, finding, state: "refused" });

test("what is left of a problem already handed in has its line too", () => {
  const { lines, unsent } = pendingOf([], [photo(7)]);

  assert.deepEqual([unsent.length, lines.map((one) => [one.finding, one.title, one.photos.length])], [1, [[7, "problem 7", 1]]]);
});

test("each problem has one line, and the open one and mere words have none", () => {
  const held = /** @type {any} */ ([draft(5, { waits: true }), draft(6), draft(7, { problem: "no" }), draft(8, { isTaken: true })]);

  const { lines } = pendingOf(held, [photo(5), photo(9), photo(1)], 9);

  assert.deepEqual(lines.map((one) => one.title), ["t5", "t7", "t8", "problem 1"]);
});

test("a session that is over is told before the line, and only what is kept is called kept", () => {
  const at = (queue, isDurable) => standstill({ queue: { isSignedOut: false, isFailing: false, ...queue }, isDurable });

  assert.equal(at({ isSignedOut: true, isFailing: true }, true), "way_signed_out");
  assert.equal(at({ isSignedOut: true, isFailing: true }, false), "way_signed_out_unkept");
  assert.equal(at({ isFailing: true }, true), "way_offline");
  assert.equal(at({ isFailing: true }, false), "way_offline_unkept");
  assert.equal(at({}, true), "");
});
