// Takes pictures in and sends them one by one. A picture the server refuses is set aside with its
// reason; the others go on. The bytes stay here until the receipt names the same hash.

import { Refused, upload } from "./api.js";
import { sha256, uuid } from "./ids.js";
import { watchPosition, whereabouts } from "./position.js";
import { Worker } from "./retry.js";
import { thumbnail } from "./thumbs.js";

/**
 * @param {import("./shelf.js").Shelf} shelf
 * @param {{kind: string, belong: (photo) => Promise<Record<string, string>>}} owner `belong` makes
 *   sure that what the photo hangs on is there, and says what it is: an audit's item, a finding
 */
export function photoQueue(shelf, owner) {
  const worker = new Worker(() => sendNext(shelf, owner), () => shelf.changed(null));

  function take(itemCode, files, kind = owner.kind) {
    watchPosition();
    for (const file of files) {
      const id = uuid();
      shelf.addPhoto({
        id,
        itemCode,
        file,
        kind,
        size: file.size,
        url: "",
        takenAt: new Date().toISOString(),
      });
      prepare(shelf, id, file).then(() => worker.now());
    }
  }

  return Object.assign(worker, { take });
}

async function prepare(shelf, id, file) {
  try {
    shelf.setPhoto(id, { sha256: await sha256(await file.arrayBuffer()) });
  } catch {
    shelf.setPhoto(id, { state: "refused", problem: "" });
  }
  shelf.setPhoto(id, { url: await thumbnail(file) });
}

async function sendNext(shelf, owner) {
  const photo = shelf.unsentPhotos().find((one) => one.sha256);
  if (!photo) return false;
  const parent = await owner.belong(photo);
  shelf.setPhoto(photo.id, { state: "uploading", sent: 0 });
  try {
    const receipt = await upload(`photos/${photo.id}/`, fields(photo, parent), (sent) =>
      shelf.setPhoto(photo.id, { sent }),
    );
    accept(shelf, photo, receipt);
  } catch (error) {
    if (!isFinal(error)) {
      shelf.setPhoto(photo.id, { state: "queued", sent: 0 });
      throw error;
    }
    shelf.setPhoto(photo.id, { state: "refused", problem: error.message });
  }
  return shelf.unsentPhotos().length > 0;
}

function accept(shelf, photo, receipt) {
  if (receipt.sha256 !== photo.sha256) throw new Refused(502, { title: "receipt differs" });
  const display = `/api/v1/photos/${photo.id}/display/`;
  shelf.setPhoto(photo.id, { state: "stored", sent: 1, file: null, display });
}

// 404: what it hangs on is not there yet; like a passing trouble, it is tried again.
function isFinal(error) {
  return error instanceof Refused && !error.isPassing && error.status !== 404;
}

function fields(photo, parent) {
  return {
    sha256: photo.sha256,
    ...parent,
    kind: photo.kind,
    taken_at: photo.takenAt,
    ...whereabouts(),
    file: photo.file,
  };
}
