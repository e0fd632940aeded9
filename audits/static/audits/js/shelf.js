// The photos this phone holds for one audit or one finding, and how far each has come.

/**
 * @typedef {Object} Photo
 * @property {string} id
 * @property {string | null} itemCode
 * @property {string} kind
 * @property {"queued"|"uploading"|"stored"|"refused"} state
 * @property {number} sent share sent, 0 to 1
 * @property {string} problem the server's sentence when it refused
 */

export class Shelf {
  /** @type {Map<string, Photo>} */ photos = new Map();
  #listeners = new Set();

  onChange(listener) {
    this.#listeners.add(listener);
  }

  changed(code) {
    for (const listener of this.#listeners) listener(code);
  }

  inState(...states) {
    return [...this.photos.values()].filter((photo) => states.includes(photo.state));
  }

  unsentPhotos() {
    return this.inState("queued", "uploading");
  }

  addPhoto(photo) {
    this.photos.set(photo.id, { itemCode: null, state: "queued", sent: 0, problem: "", ...photo });
    this.changed(photo.itemCode);
  }

  setPhoto(id, change) {
    const photo = this.photos.get(id);
    if (!photo) return; // taken away while its hash was being made
    Object.assign(photo, change);
    this.changed(photo.itemCode);
  }

  dropPhoto(id) {
    const photo = this.photos.get(id);
    this.photos.delete(id);
    this.changed(photo.itemCode);
  }
}
