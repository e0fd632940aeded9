import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { alarmOf, oldestHours } from "../../audits/static/audits/js/form/care.js";
import { readExif } from "../../audits/static/audits/js/form/exif.js";
import { judged } from "../../audits/static/audits/js/form/looks.js";
import { crc32, zip } from "../../audits/static/audits/js/form/zip.js";

test("crc32 of the well-known nine digits", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("any unzip reads what was packed", async () => {
  const files = [
    { name: "parcel.json", bytes: new TextEncoder().encode('{"n": "站长"}') },
    { name: "photos/荣誉墙.jpg", bytes: Uint8Array.from({ length: 5000 }, (_, n) => n % 251) },
  ];
  const path = join(mkdtempSync(join(tmpdir(), "zip-")), "a.zip");
  writeFileSync(path, Buffer.from(await zip(files).arrayBuffer()));

  const code = "import sys, zipfile, json; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), z.namelist(), z.read('parcel.json').decode()]))";
  const told = JSON.parse(execFileSync("python3", ["-c", code, path], { encoding: "utf8" }));

  assert.deepEqual(told, [null, ["parcel.json", "photos/荣誉墙.jpg"], '{"n": "站长"}']);
});

test("odd bytes have no EXIF and raise nothing", () => {
  for (const bytes of [[], [0xff, 0xd8], [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 0x45], [1, 2, 3, 4]]) {
    assert.deepEqual(readExif(Uint8Array.from(bytes).buffer), {});
  }
  const noise = Uint8Array.from({ length: 4000 }, (_, n) => (n * 7919) % 256);
  noise.set([0xff, 0xd8, 0xff, 0xe1, 0x0f, 0x00, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49]);
  assert.equal(typeof readExif(noise.buffer), "object");
});

test("dark and blurred pictures are told from good ones", () => {
  const picture = (value) => Float32Array.from({ length: 100 * 100 }, (_, n) => value(n % 100, Math.floor(n / 100)));

  assert.deepEqual(judged(picture((x, y) => ((x >> 2) + (y >> 2)) % 2 * 200), 100, 100), []);
  assert.deepEqual(judged(picture((x, y) => ((x >> 2) + (y >> 2)) % 2 * 30), 100, 100), ["photo_dark"]);
  assert.deepEqual(judged(picture((x) => 60 + x), 100, 100), ["photo_blurred"]);
});

test("the oldest unsent photo sets the alarm", () => {
  const now = Date.now();
  const row = (state, hours) => ({ state, createdAt: new Date(now - hours * 3600000).toISOString() });

  assert.equal(oldestHours([row("stored", 90)], now), 0);
  assert.equal(Math.round(oldestHours([row("queued", 3), row("refused", 13)], now)), 13);
  assert.deepEqual([1, 12, 48, 72].map(alarmOf), ["", "warn", "bad", "block"]);
});
