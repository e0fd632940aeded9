import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { KEY } from "./place.js";

const page = /** @type {any} */ (globalThis);
page.navigator ??= {}; // Node 20 has none
page.window = {};
page.document = { cookie: "" };
const { openKnown, openOwn, openPhone } = await import("../../audits/static/audits/js/form/opening.js");

const ME = { username: "head", name: "Head" };
const WORK = { key: KEY, username: "head", name: "Head", role: "station_head", tasks: [] };
let asked = 0;
page.fetch = async () => {
  asked += 1;
  return { status: 200, text: async () => JSON.stringify(WORK) };
};
/** @type {any[]} */ const opened = [];

afterEach(() => opened.splice(0).forEach((phone) => phone.disk.close()));

async function own() {
  opened.push(await openOwn(ME));
  return opened.at(-1);
}

test("what is known here opens without a line", async () => {
  await (await own()).rectifications.change(7, () => ({ measure: "done" }));
  const before = asked;

  const again = await own();

  assert.deepEqual([asked, (await again.rectifications.of(7)).measure], [before, "done"]);
});

test("what another tab closed opens again with the key the server gives", async () => {
  const tab = await own();
  await tab.rectifications.change(7, () => ({ measure: "done" }));
  await tab.disk.write([{ store: "meta", remove: "key" }]); // signed out there; `work` came in once more

  assert.equal(await openKnown("head"), null);
  const again = await own();

  assert.equal((await again.rectifications.of(7)).measure, "done");
  opened.push(await openPhone("head"));
  assert.ok(opened.at(-1).vault.isSealing);
});
