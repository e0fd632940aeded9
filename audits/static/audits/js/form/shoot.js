// From a file or a camera frame to a photo that is safe on this phone; never blocks the sheet.

import { uuid } from "../ids.js";
import { place, watchPosition } from "../position.js";
import { say } from "../words.js";
import { freeBytes, isTight } from "./care.js";
import { Full } from "./disk.js";
import { takeIn, Unfit } from "./intake.js";

const LOOK_MS = 200;

/**
 * @param {import("./kept.js").Kept & {reload: () => Promise<void>}} store
 * @param {{itemCode: string | null, file: Blob, isCamera: boolean, kind?: string, replaces?: string}} shot
 * @returns {Promise<{photo: any, warnings: string[]}>} throws Unfit with a sentence
 */
export async function shoot(store, { itemCode, file, isCamera, kind = "site", replaces = "" }) {
  watchPosition();
  const id = replaces || uuid();
  const createdAt = new Date().toISOString(); // two at once stay in the order they were chosen in
  store.photos.set(id, { id, itemCode, kind, state: "saving", sent: 0, size: file.size, url: "", problem: "" });
  store.changed();
  try {
    const taken = await takeIn(file);
    const photo = await keep(store, { id, itemCode, kind, isCamera, file, createdAt }, taken);
    return { photo, warnings: taken.warnings };
  } finally {
    store.photos.delete(id);
    store.phone.changed(store.owner);
    await store.reload();
    store.phone.queue.ask();
  }
}

async function keep(store, shot, taken) {
  const { album } = store.phone;
  const row = {
    id: shot.id,
    owner: store.owner,
    kind: shot.kind,
    createdAt: shot.createdAt,
    itemCode: shot.itemCode,
    takenAt: takenAt(shot, taken.exif) || shot.createdAt,
    place: shot.isCamera ? place() : null,
    exif: { ...taken.exif, source: shot.isCamera ? "camera" : "gallery" },
    marks: [],
    mime: taken.mime,
    thumb: taken.thumb,
  };
  const isRoomy = !isTight(await freeBytes(), taken.original ? taken.original.byteLength : 0);
  try {
    return await album.add(row, taken.copy, isRoomy ? taken.original : null);
  } catch (error) {
    if (!(error instanceof Full)) throw new Unfit(say("not_saved"));
    return saveWithoutRoom(store, row, taken.copy);
  }
}

// The originals may go first: their copies are on the server already. Then once more.
async function saveWithoutRoom({ phone }, row, copy) {
  const { album } = phone;
  await album.remove(row.id);
  for (const held of await album.rows()) {
    if (held.state !== "stored" || !held.original || held.original.state === "sent") continue;
    await phone.disk.write([{ store: "originals", remove: held.id }]);
    await album.change(held.id, { original: null });
  }
  try {
    return await album.add(row, copy, null);
  } catch {
    await album.remove(row.id).catch(() => {});
    phone.queue.now();
    throw new Unfit(say("phone_full"));
  }
}

function takenAt({ isCamera, file }, exif) {
  if (isCamera) return "";
  return exif.taken_at || (file instanceof File && file.lastModified ? new Date(file.lastModified).toISOString() : "");
}

/** Resolves once the photo no longer waits on this phone. @param {(share: number) => void} onWait */
export async function uploaded(phone, id, onWait) {
  phone.queue.now();
  for (;;) {
    const row = await phone.disk.get("photos", id);
    if (row?.state !== "queued") return;
    onWait(phone.queue.moving?.id === id ? phone.queue.moving.share : 0);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
