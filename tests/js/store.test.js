import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { Album } from "../../audits/static/audits/js/form/album.js";
import { Disk, isKeeping } from "../../audits/static/audits/js/form/disk.js";
import { agreed, chosen, isWaiting } from "../../audits/static/audits/js/form/drafts.js";
import { STEPS } from "../../audits/static/audits/js/form/schema.js";
import { Locked, Vault } from "../../audits/static/audits/js/form/vault.js";
import { bytes, phone, taken } from "./place.js";

test("a photo is saved only after its bytes were read back", async () => {
  const { album, disk } = await phone();

  const photo = await album.add(taken("p1"), bytes(1), bytes(2, 3000));

  assert.equal(photo.state, "queued");
  assert.deepEqual(Buffer.from(await album.copyOf("p1")), Buffer.from(bytes(1)));
  assert.deepEqual(Buffer.from(await album.originalOf("p1")), Buffer.from(bytes(2, 3000)));
  assert.ok((await disk.get("bytes", "p1")).box.data instanceof ArrayBuffer);
});

test("a disk that gives back other bytes is not believed", async () => {
  const { album, disk } = await phone();
  const honest = disk.get.bind(disk);
  disk.get = async (store, key) => {
    const row = await honest(store, key);
    return store === "bytes" && row ? { ...row, box: { data: new ArrayBuffer(3) } } : row;
  };

  await assert.rejects(album.add(taken("p1"), bytes(1)));
  assert.equal((await album.rows()).length, 0);
});

test("bytes go only against a receipt with the same id, hash and size", async () => {
  const { album } = await phone();
  const row = await album.add(taken("p1"), bytes(1));

  for (const wrong of [{ sha256: "0" }, { size: 1 }, { id: "p2" }]) {
    assert.equal(await album.settle(row, { id: "p1", sha256: row.sha256, size: row.size, ...wrong }), false);
    assert.ok(await album.copyOf("p1"));
  }
  assert.equal(await album.settle(row, { id: "p1", sha256: row.sha256, size: row.size }), true);
  assert.equal(await album.copyOf("p1"), null);
});

for (let version = 1; version < STEPS.length; version++) {
  test(`an upgrade from schema ${version} keeps 20 queued photos and their answers`, async () => {
    const factory = new IDBFactory();
    const old = await phone(factory, version);
    const names = Array.from({ length: 20 }, (_, n) => `p${n + 1}`);
    for (const name of names) await old.album.add(taken(name), bytes(Number(name.slice(1))));
    await old.drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine: { result: "pass", note: "", answeredAt: "x" } }));
    old.disk.close();

    const now = await phone(factory);

    const rows = await now.album.rows();
    assert.deepEqual(rows.map((row) => [row.id, row.state]), names.map((name) => [name, "queued"]));
    for (const name of names) {
      assert.deepEqual(Buffer.from(await now.album.copyOf(name)), Buffer.from(bytes(Number(name.slice(1)))));
    }
    assert.equal((await now.drafts.answersOf(1))[0].mine.result, "pass");
  });
}

test("an older tab goes on after a newer one has upgraded", async () => {
  const { factory, disk } = await phone(new IDBFactory(), 1);
  await disk.write([{ store: "meta", put: { name: "a", value: 1 } }]);
  const newer = new Disk("phone", factory);
  await newer.write([{ store: "meta", put: { name: "b", value: 2 } }]);

  await disk.write([{ store: "meta", put: { name: "c", value: 3 } }]);

  assert.equal((await disk.all("meta")).length, 3);
});

test("a lost connection is opened again", async () => {
  const { disk } = await phone();
  await disk.write([{ store: "meta", put: { name: "a", value: 1 } }]);
  const real = IDBFactory.prototype;
  assert.ok(real);
  disk.close(); // what the browser does behind our back

  assert.equal((await disk.get("meta", "a")).value, 1);
});

test("two changes of one answer at once are both made", async () => {
  const { drafts } = await phone();
  const mine = (result, note) => ({ result, note, answeredAt: "x" });
  await drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine: mine("fail", "") }));

  await Promise.all([
    drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine: { ...now.mine, note: "a" } })),
    drafts.changeAnswer(1, "Q01", (now) => ({ ...now, held: { result: "pass", note: "", version: 4 } })),
  ]);

  const answer = await drafts.answer(1, "Q01");
  assert.deepEqual([answer.mine.note, answer.held.version, answer.waits], ["a", 4, true]);
});

test("without the key everything stays closed", async () => {
  const { disk, album, drafts, vault } = await phone();
  await album.add(taken("p1"), bytes(1));
  await drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine: { result: "fail", note: "secret", answeredAt: "x" } }));

  const stranger = new Vault(null);

  const box = (await disk.get("answers", [1, "Q01"])).box;
  await assert.rejects(stranger.open(box));
  await assert.rejects(stranger.openBytes((await disk.get("bytes", "p1")).box), Locked);
  assert.ok(!Buffer.from(box.data).includes("secret"));
  assert.equal((await vault.open(box)).mine.note, "secret");
});

test("half written photos of a killed tab come back whole or not at all", async () => {
  const { album, disk } = await phone();
  await album.add(taken("p1"), bytes(1));
  await album.add(taken("p2"), bytes(2));
  for (const id of ["p1", "p2"]) await album.change(id, { state: "writing" });
  await disk.write([{ store: "bytes", remove: "p2" }]);

  await album.recover();

  assert.deepEqual((await album.rows()).map((row) => [row.id, row.state]), [["p1", "queued"]]);
});

test("half written photos are left alone while their key is not here", async () => {
  const { album, disk } = await phone();
  await album.add(taken("p1"), bytes(1));
  await album.change("p1", { state: "writing" });

  await new Album(disk, new Vault(null)).recover();
  assert.equal((await album.rows()).length, 1);
  await album.recover();

  assert.deepEqual((await album.rows()).map((row) => [row.id, row.state]), [["p1", "queued"]]);
});

test("a browser without a database is noticed", async () => {
  assert.equal(await isKeeping(null), false);
  assert.equal(await isKeeping(new IDBFactory()), true);
});

test("a sheet asked before the submission and read after it does not open the sheet again", async () => {
  const { drafts } = await phone();
  const now = Date.now();
  const sheet = { assignment: 1, sections: [], audit: { id: "a", state: "started", answers: [] } };
  await drafts.changeAudit(1, () => ({ auditId: "a", isStarted: true, state: "complete", toldAt: now }));

  await drafts.keepSheet(sheet, "v1", now - 1);
  assert.equal((await drafts.audit(1)).state, "complete");
  await drafts.keepSheet(sheet, "v2", now + 1); // the bureau opened it again

  assert.equal((await drafts.audit(1)).state, "started");
});

test("a visit begun before a newer sheet came in keeps the version it was begun on", async () => {
  const { drafts } = await phone();
  const sheetOf = (assignment, hash) => ({ assignment, checklist: { hash }, sections: [], audit: null });
  for (const assignment of [1, 2]) await drafts.keepSheet(sheetOf(assignment, "old"), "v1", 0);
  const mine = { result: "pass", note: "", answeredAt: "2026-11-02T01:00:00Z" };
  await drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine }));

  for (const assignment of [1, 2]) await drafts.keepSheet(sheetOf(assignment, "new"), "v2", 0);

  assert.equal((await drafts.audit(1)).checklist, "old");
  assert.equal((await drafts.changeAudit(2, () => ({}))).checklist, "new"); // nothing was tapped before
});

test("an older answer that is read late does not replace the newer one", () => {
  const newer = { mine: { result: "fail", note: "x" }, held: { result: "fail", note: "x", version: 2 }, theirs: null, trouble: "" };

  assert.equal(agreed(newer, { item_code: "Q01", result: "pass", note: "", version: 1 }), null);
  assert.equal(agreed(newer, { item_code: "Q01", result: "pass", note: "", version: 3 }).mine.result, "pass");
});

test("what the server has never overwrites an unsent tap", () => {
  const blank = { mine: null, held: null, theirs: null, trouble: "" };
  const server = { result: "fail", note: "n", version: 2, answered_at: "t", answered_by: "b" };
  const tapped = { ...blank, mine: { result: "pass", note: "", answeredAt: "x" } };

  assert.equal(agreed(tapped, server), null);
  assert.deepEqual(agreed(blank, server).held, { result: "fail", note: "n", version: 2 });
  assert.equal(isWaiting(chosen({ ...tapped, theirs: server }, "mine")), true);
  assert.equal(isWaiting(chosen({ ...tapped, theirs: server }, "theirs")), false);
});
