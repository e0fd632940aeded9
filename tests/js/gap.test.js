import assert from "node:assert/strict";
import { test } from "node:test";

import { Gap } from "../../audits/static/audits/js/form/gap.js";
import { bytes, phone, taken } from "./place.js";

async function opened(made, finding) {
  const shown = { ...made, queue: { moving: null }, changed: () => {} };
  const gap = new Gap(/** @type {any} */ (shown), { finding, title: `t${finding}`, isMine: true }, []);
  await gap.reload();
  return gap;
}

test("a problem speaks of its own photos' trouble, not of another's", async () => {
  const made = await phone();
  await made.album.add(taken("p7", { finding: 7 }), bytes(1));
  await made.album.add(taken("p8", { finding: 8 }), bytes(2));
  await made.album.change("p7", { problem: "not found" });

  assert.deepEqual([(await opened(made, 7)).trouble, (await opened(made, 8)).trouble], ["not found", ""]);
});
