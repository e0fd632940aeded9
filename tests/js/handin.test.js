import assert from "node:assert/strict";
import { test } from "node:test";

import { hasTaken } from "../../audits/static/audits/js/form/handin.js";
import { bytes, fakeServer, lostAnswer, phone, queueOf, refusal, round, silence, taken } from "./place.js";

const PROBLEM = { finding: 7 };
/** @type {any} */ (globalThis).navigator ??= {}; // Node 20 has none

/** A problem with after-photos p1…, written down and handed in on this phone. */
async function wished(count = 2) {
  const made = await phone();
  const photos = Array.from({ length: count }, (_, n) => `p${n + 1}`);
  for (const id of photos) await made.album.add(taken(id, PROBLEM), bytes(Number(id.slice(1))));
  await made.rectifications.change(7, () => ({ measure: "done", person: "Li", submit: { photos, at: "x" } }));
  return made;
}

const names = (server) => server.held.calls.map((call) => call.split(" ")[0]);
const draft = (made) => made.rectifications.of(7);

test("photos go first, then start and submit, then nothing is left here", async () => {
  const made = await wished();
  const server = fakeServer();

  await round(queueOf(made, server));

  assert.deepEqual(names(server), ["photo", "photo", "finding", "begin", "handIn"]);
  assert.deepEqual(server.held.finding.told, { measure: "done", person: "Li", photos: ["p1", "p2"] });
  assert.deepEqual([(await draft(made)).rev, await made.album.rows()], [0, []]);
});

test("photos of a problem are sent as its own, and no audit is begun for them", async () => {
  const made = await wished(1);
  const server = fakeServer();
  const given = [];
  const { photo } = server;
  server.photo = (id, fields, onProgress) => given.push(fields) && photo(id, fields, onProgress);

  await round(queueOf(made, server));

  assert.deepEqual([given[0].finding, given[0].audit, given[0].kind], ["7", undefined, "after"]);
  assert.ok(!names(server).includes("start"));
});

test("nothing is handed in while a photo is still here", async () => {
  const made = await wished();
  const server = fakeServer((name, id) => (name === "photo" && id === "p2" ? refusal(500) : null));

  await round(queueOf(made, server));

  assert.deepEqual([names(server).includes("handIn"), (await draft(made)).submit.photos.length], [false, 2]);
});

test("any lost answer asked again makes one submission and no complaint", async () => {
  for (const lost of ["photo", "finding", "begin", "handIn"]) {
    const made = await wished(1);
    let isLost = false;
    const server = fakeServer((name) => (name === lost && !isLost ? (isLost = true) && lostAnswer() : null));
    const queue = queueOf(made, server);

    for (let n = 0; n < 4; n++) await round(queue);

    assert.deepEqual([lost, server.held.finding.events.length, (await draft(made)).rev], [lost, 1, 0]);
  }
});

test("a call repeated by the browser itself is taken for what it did", async () => {
  const made = await wished(1);
  const server = fakeServer();
  const { begin, handIn } = server;
  server.begin = async (...given) => (await begin(...given), begin(...given));
  server.handIn = async (...given) => (await handIn(...given), handIn(...given));

  await round(queueOf(made, server));

  assert.deepEqual([server.held.finding.events.length, (await draft(made)).rev], [1, 0]);
});

test("a problem that moved on is told in the server's words, and all of it stays", async () => {
  const made = await wished(1);
  const server = fakeServer();
  server.held.finding.status = "closed";

  await round(queueOf(made, server));

  const held = await draft(made);
  assert.deepEqual([held.submit, held.problem, held.measure], [null, "now closed", "done"]);
  assert.equal((await made.album.rows())[0].state, "stored");
});

test("a photo the submission names comes back with its sentence", async () => {
  const made = await wished();
  const errors = [{ field: "photos.p2", code: "already_evidence", message: "used elsewhere" }];
  const server = fakeServer((name) => (name === "handIn" ? refusal(400, "photos_refused", { errors }) : null));

  await round(queueOf(made, server));

  const held = await draft(made);
  assert.deepEqual([held.submit, held.refused], [null, { p2: "used elsewhere" }]);
});

test("a photo refused at its upload takes the wish back, not the words", async () => {
  const made = await wished();
  const server = fakeServer((name, id) => (name === "photo" && id === "p1" ? refusal(400, "invalid") : null));

  await round(queueOf(made, server));

  const held = await draft(made);
  assert.deepEqual([held.submit, held.problem, held.measure], [null, "no 400", "done"]);
  assert.ok(await made.album.copyOf("p1"));
  assert.ok(!names(server).includes("handIn"));
});

for (const status of [403, 404, 500, 503]) {
  test(`${status} to a submission keeps the wish and asks again`, async () => {
    const made = await wished(1);
    let isIll = true;
    const server = fakeServer((name) => (isIll && name === "handIn" ? refusal(status) : null));
    const queue = queueOf(made, server);

    await round(queue);
    assert.ok((await draft(made)).submit);
    isIll = false;
    await round(queue);

    assert.deepEqual([server.held.finding.events.length, (await draft(made)).rev], [1, 0]);
  });
}

test("a silent line and a closed session keep everything", async () => {
  for (const fault of [silence, () => refusal(401)]) {
    const made = await wished(1);
    const queue = queueOf(made, fakeServer((name) => (name === "finding" ? fault() : null)));

    await round(queue);

    assert.deepEqual([(await draft(made)).submit.photos, (await draft(made)).problem], [["p1"], ""]);
    assert.ok(queue.isFailing);
  }
});

for (const answer of ["taken", "refused"]) {
  test(`words written while the submission was on its way stay, ${answer}`, async () => {
    const made = await wished(1);
    const server = fakeServer((name) => (name === "handIn" && answer === "refused" ? refusal(400, "bad") : null));
    const { handIn } = server;
    server.handIn = async (...given) => {
      await made.rectifications.change(7, () => ({ submit: null, measure: "done better" }));
      return handIn(...given);
    };

    await round(queueOf(made, server));

    const held = await draft(made);
    assert.deepEqual([held.submit, held.measure, held.isTaken, held.problem], [null, "done better", answer === "taken", ""]);
  });
}

test("other words with the same photos are not taken for what was handed in", async () => {
  const made = await wished(1);
  const server = fakeServer();
  server.held.finding.status = "submitted";
  server.held.finding.events.push({ kind: "submitted", by: "head", reason: "done badly", photos: [{ id: "p1" }] });

  await round(queueOf(made, server));

  const held = await draft(made);
  assert.deepEqual([held.submit, held.problem, held.measure], [null, "now submitted", "done"]);
});

test("an original still to be sent outlives the submission, then goes too", async () => {
  const made = await phone();
  await made.album.add(taken("p1", PROBLEM), bytes(1), bytes(2, 3000));
  await made.rectifications.change(7, () => ({ measure: "done", submit: { photos: ["p1"], at: "x" } }));
  const server = fakeServer();
  const queue = queueOf(made, server);

  await round(queue);
  const [row] = await made.album.rows();
  assert.deepEqual([row.isHandedIn, (await made.album.photosOf(PROBLEM)).length], [true, 0]);
  await made.album.change("p1", { original: { ...row.original, state: "wanted" } });
  await round(queue);

  assert.deepEqual([server.held.originals.size, await made.album.rows()], [1, []]);
});

test("words are counted without the key, and read only with it", async () => {
  const made = await wished(0);

  assert.equal(await made.rectifications.count(), 1);
  const { box } = await made.disk.get("rectifications", 7);
  assert.ok(!Buffer.from(box.data).toString().includes("done"));
});

test("only the same photos of the same person are this submission", () => {
  const event = { kind: "submitted", by: "head", reason: "done", photos: [{ id: "a" }, { id: "b" }] };
  const measure = "done";

  assert.ok(hasTaken({ events: [event, { kind: "sent_back", by: "x", photos: [] }] }, { measure, photos: ["b", "a"] }, "head"));
  for (const [photos, by] of [[["a"], "head"], [["a", "c"], "head"], [["a", "b"], "other"]]) {
    assert.ok(!hasTaken({ events: [event] }, { measure, photos }, by));
  }
});
