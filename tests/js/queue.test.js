import assert from "node:assert/strict";
import { test } from "node:test";

import { takeTurn, withLease } from "../../audits/static/audits/js/form/turn.js";
import { bytes, fakeServer, lostAnswer, phone, queueOf, refusal, round, silence, taken } from "./place.js";

async function filled(count) {
  const made = await phone();
  for (let n = 1; n <= count; n++) await made.album.add(taken(`p${n}`), bytes(n));
  await made.drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine: { result: "pass", note: "", answeredAt: "x" } }));
  return made;
}

const states = async (made) => (await made.album.rows()).map((row) => row.state);

test("text goes before photos", async () => {
  const made = await filled(2);
  const server = fakeServer();

  await round(queueOf(made, server));

  assert.deepEqual(server.held.calls.map((call) => call.split(" ")[0]), ["start", "expect", "answers", "photo", "photo"]);
  assert.deepEqual(await states(made), ["stored", "stored"]);
});

test("a photo the server refuses is set aside and the rest goes on", async () => {
  const made = await filled(3);
  const server = fakeServer((name, id) => (name === "photo" && id === "p1" ? refusal(400, "invalid") : null));

  await round(queueOf(made, server));

  assert.deepEqual(await states(made), ["refused", "stored", "stored"]);
  assert.equal((await made.album.rows())[0].problem, "no 400");
  assert.ok(await made.album.copyOf("p1"));
});

for (const status of [500, 413, 403, 404, 503, 429, 507]) {
  test(`${status} is never the last try`, async () => {
    const made = await filled(3);
    let isIll = true;
    const server = fakeServer((name, id) => (isIll && name === "photo" && id === "p1" ? refusal(status) : null));
    const queue = queueOf(made, server);

    await round(queue);
    assert.deepEqual((await states(made)).slice(1), ["stored", "stored"]);
    assert.ok(await made.album.copyOf("p1"));
    isIll = false;
    await round(queue);

    assert.deepEqual(await states(made), ["stored", "stored", "stored"]);
  });
}

test("a silent line stops the round early and keeps everything", async () => {
  const made = await filled(9);
  const server = fakeServer((name) => (name === "photo" ? silence() : null));
  const queue = queueOf(made, server);

  await round(queue);

  assert.equal(server.held.calls.filter((call) => call.startsWith("photo")).length, 2);
  assert.ok(queue.isFailing);
  assert.deepEqual(new Set(await states(made)), new Set(["queued"]));
});

test("lost answers are asked again and count once", async () => {
  const made = await filled(4);
  const seen = new Set();
  const server = fakeServer((name, id) => (seen.has(`${name}${id}`) ? null : (seen.add(`${name}${id}`), lostAnswer())));
  const queue = queueOf(made, server);

  for (let n = 0; n < 12; n++) await round(queue);

  assert.deepEqual(new Set(await states(made)), new Set(["stored"]));
  assert.equal(server.held.photos.size, 4);
  assert.equal(server.held.answers.get("Q01").version, 1);
});

test("a receipt for other bytes deletes nothing", async () => {
  const made = await filled(1);
  const server = fakeServer();
  server.photo = async (id) => ({ id, sha256: "0".repeat(64), size: 1000 });

  await round(queueOf(made, server));

  assert.deepEqual(await states(made), ["queued"]);
  assert.ok(await made.album.copyOf("p1"));
});

test("a closed session stops everything and sets nothing aside", async () => {
  const made = await filled(3);
  let isOut = true;
  const server = fakeServer(() => (isOut ? refusal(401) : null));
  const queue = queueOf(made, server);

  await round(queue);
  assert.ok(queue.isSignedOut);
  assert.equal(server.held.calls.length, 1);
  isOut = false;
  await round(queue);

  assert.deepEqual(new Set(await states(made)), new Set(["stored"]));
  assert.ok(!queue.isSignedOut);
});

test("a closed session is said until the server has answered again", async () => {
  const made = await phone();
  const said = [];
  let isOut = true;
  const server = fakeServer(() => (isOut ? refusal(401) : null));
  const queue = queueOf(made, server, { onChange: () => said.push(queue.isSignedOut) });
  queue.isSignedOut = true; // the day's tasks were refused, and there is nothing to send

  await round(queue);
  assert.deepEqual([...new Set(said)], [true]);
  await made.album.add(taken("p1"), bytes(1));
  await round(queue);
  assert.deepEqual([...new Set(said)], [true]);
  isOut = false;
  await round(queue);

  assert.ok(!queue.isSignedOut);
  assert.deepEqual(await states(made), ["stored"]);
});

test("an answer tapped during the call stays unsent, and theirs waits for a choice", async () => {
  const made = await filled(0);
  const server = fakeServer();
  const sendAnswers = server.answers;
  server.answers = async (...given) => {
    const outcome = await sendAnswers(...given);
    await made.drafts.changeAnswer(1, "Q01", (now) => ({ ...now, mine: { result: "fail", note: "n", answeredAt: "y" } }));
    server.answers = sendAnswers;
    return outcome;
  };
  const queue = queueOf(made, server);

  await round(queue);
  assert.equal((await made.drafts.answer(1, "Q01")).waits, true);
  server.held.answers.set("Q01", { result: "pass", note: "theirs", version: 5 });
  await round(queue);

  const answer = await made.drafts.answer(1, "Q01");
  assert.deepEqual([answer.mine.result, answer.theirs.note, answer.waits], ["fail", "theirs", false]);
});

test("a submission waits for the answers, then for the photos", async () => {
  const made = await filled(2);
  const server = fakeServer((name) => (name === "photo" && !server.held.calls.some((call) => call.startsWith("submit")) ? refusal(500) : null));
  await made.drafts.changeAudit(1, () => ({ submit: { declared: [{ id: "p1", item_code: "Q01" }], at: "x" } }));

  await round(queueOf(made, server));

  const audit = await made.drafts.audit(1);
  assert.deepEqual([audit.state, audit.submit], ["complete", null]);
});

test("the count is asked again when a sheet told of the end before the receipt did", async () => {
  const made = await filled(1);
  const told = { state: "submitted", missing: ["p1"] };
  await made.drafts.changeAudit(1, () => ({ isStarted: true, state: "complete", receipt: told }));

  await round(queueOf(made, fakeServer()));

  assert.deepEqual((await made.drafts.audit(1)).receipt, { state: "complete", missing: [] });
});

test("damaged bytes are set aside, never sent", async () => {
  const made = await filled(2);
  const box = await made.vault.sealBytes(bytes(99));
  await made.disk.write([{ store: "bytes", put: { id: "p1", box } }]);
  const server = fakeServer();

  await round(queueOf(made, server));

  assert.deepEqual(await states(made), ["refused", "stored"]);
  assert.deepEqual([...server.held.photos.keys()], ["p2"]);
});

test("only one tab uploads", async () => {
  const shelf = new Map();
  const storage = { getItem: (k) => shelf.get(k) ?? null, setItem: (k, v) => shelf.set(k, v), removeItem: (k) => shelf.delete(k) };
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 30));
    running--;
  };

  const turns = await Promise.all(["a", "b", "c"].map((tab) => withLease("u", work, storage, tab)));

  assert.equal(most, 1);
  assert.equal(turns.filter(Boolean).length, 1);
  assert.equal(typeof takeTurn, "function");
});
