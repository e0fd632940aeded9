// What a page shows of the phone's store, and how it writes back: one write after the other, and
// "saved" is said when the last one is on disk.

export class Kept {
  /** @type {Map<string, any>} */ photos = new Map();
  savedAt = null;
  isBroken = false;
  #saving = 0;
  #chain = Promise.resolve();
  #listeners = new Set();

  /** @param {import("./phone.js").Phone} phone @param {import("./album.js").Owner} owner */
  constructor(phone, owner) {
    this.phone = phone;
    this.owner = owner;
  }

  onChange(listener) {
    this.#listeners.add(listener);
  }

  changed() {
    for (const listener of this.#listeners) listener();
  }

  get isSaving() {
    return this.#saving > 0;
  }

  /** Resolves when every tap so far is on disk. */
  settled() {
    return this.#chain;
  }

  save(write) {
    this.#saving += 1;
    this.changed();
    const done = this.#chain.then(write);
    this.#chain = done.then(
      () => this.#saved(true),
      () => this.#saved(false),
    );
    return done.then(() => this.phone.changed(this.owner));
  }

  #saved(isWell) {
    this.#saving -= 1;
    if (isWell) this.savedAt = new Date();
    this.isBroken = !isWell;
    this.changed();
  }

  // ---- photos

  /** @param {import("./album.js").Photo} row */
  shown(row) {
    const moving = this.phone.queue.moving;
    const isMoving = moving?.id === row.id && row.state === "queued";
    return { ...row, state: isMoving ? "uploading" : row.state, sent: isMoving ? moving.share : 0, url: row.thumb, display: "" };
  }

  inState(...states) {
    return [...this.photos.values()].filter((photo) => states.includes(photo.state));
  }

  unsentPhotos() {
    return this.inState("queued", "uploading");
  }
}
