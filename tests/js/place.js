// A phone without a browser: fake IndexedDB, and a server that fails as it is told to.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";

import { Album } from "../../audits/static/audits/js/form/album.js";
import { Disk } from "../../audits/static/audits/js/form/disk.js";
import { Drafts } from "../../audits/static/audits/js/form/drafts.js";
import { Rectifications } from "../../audits/static/audits/js/form/rectifications.js";
import { Queue } from "../../audits/static/audits/js/form/queue.js";
import { importKey, Vault } from "../../audits/static/audits/js/form/vault.js";
import { Refused, Unreachable } from "../../audits/static/audits/js/api.js";

export const KEY = Buffer.alloc(32, 7).toString("base64");
export const FACTS = { itemCode: "Q01", takenAt: "2026-11-23T02:00:00Z", place: null, exif: {}, marks: [], mime: "image/jpeg", thumb: "" };

export async function phone(factory = new IDBFactory(), version) {
  const disk = new Disk("phone", factory, version);
  const vault = new Vault(await importKey(KEY));
  return { factory, disk, vault, drafts: new Drafts(disk, vault), album: new Album(disk, vault), rectifications: new Rectifications(disk, vault) };
}

export function bytes(seed, size = 1000) {
  return Uint8Array.from({ length: size }, (_, n) => (n * 31 + seed * 17) % 256).buffer;
}

export function taken(id, owner = { assignment: 1 }) {
  return { id, owner, kind: owner.finding ? "after" : "site", createdAt: new Date(1e12 + Number(id.slice(1))).toISOString(), ...FACTS };
}

/** What the server holds; `fault(call, id)` may return an error to throw. */
export function fakeServer(fault = () => null) {
  const held = { audits: new Map(), answers: new Map(), photos: new Map(), originals: new Map(), calls: [], finding: { status: "open", events: [], told: null } };
  const call = (name, id, work) => {
    held.calls.push(`${name} ${id}`);
    const error = fault(name, id, held);
    if (error && !error.after) return Promise.reject(error);
    let answer;
    try {
      answer = work();
    } catch (refused) {
      return Promise.reject(refused);
    }
    return error ? Promise.reject(error) : Promise.resolve(answer);
  };
  const receive = async (shelf, id, given) => {
    const content = Buffer.from(await given.file.arrayBuffer());
    if (!shelf.has(id)) shelf.set(id, { sha256: given.sha256, size: content.length, content });
    return { id, sha256: shelf.get(id).sha256, size: shelf.get(id).size };
  };
  return {
    held,
    start: (audit) => call("start", audit.auditId, () => held.audits.set(audit.auditId, {}) && {}),
    sheet: (assignment) => call("sheet", assignment, () => ({})),
    expect: (id) => call("expect", id, () => ({})),
    answers: (id, answers) =>
      call("answers", id, () => ({
        answers: answers.map((one) => {
          const before = held.answers.get(one.item_code);
          if (before && before.result === one.result && before.note === one.note) return { status: 200, version: before.version };
          if (before && before.version !== one.base_version) return { status: 409, answer: before };
          const version = (before?.version || 0) + 1;
          held.answers.set(one.item_code, { result: one.result, note: one.note, version });
          return { status: 200, version };
        }),
      })),
    submit: (id, photos) =>
      call("submit", id, () => ({ state: "submitted", missing: photos.map((photo) => photo.id).filter((one) => !held.photos.has(one)) })),
    receipt: (id) => call("receipt", id, () => ({ state: "complete", missing: [] })),
    finding: (id) => call("finding", id, () => structuredClone(held.finding)),
    begin: (id) => call("begin", id, () => move(held.finding, "open", "in_progress")),
    handIn: (id, given) =>
      call("handIn", id, () => {
        move(held.finding, "in_progress", "submitted");
        held.finding.told = given;
        held.finding.events.push({ kind: "submitted", by: "head", reason: given.measure, photos: given.photos.map((one) => ({ id: one })) });
      }),
    photo: (id, given) => call("photo", id, () => receive(held.photos, id, given)),
    original: (id, given) => call("original", id, () => receive(held.originals, id, given)),
  };
}

function move(finding, from, to) {
  if (finding.status !== from) throw refusal(409, "illegal_move", { detail: `now ${finding.status}` });
  finding.status = to;
}

export function queueOf(phone, server, extra = {}) {
  return new Queue({
    ...phone,
    username: "head",
    device: "d",
    takeTurn: async (work) => (await work(), true),
    onChange: () => {},
    server,
    ...extra,
  });
}

/** One round of work, however it ends. */
export async function round(queue) {
  queue.now();
  while (queue.isBusy) await new Promise((resolve) => setTimeout(resolve, 2));
}

export const refusal = (status, code = "", problem = {}) => new Refused(status, { detail: `no ${status}`, code, ...problem });
export const silence = () => new Unreachable("cut");
export const lostAnswer = () => Object.assign(new Unreachable("answer lost"), { after: true });
