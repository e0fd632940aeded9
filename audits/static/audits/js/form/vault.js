// What lies on the phone is sealed with its owner's key (AES-GCM). The key comes from the server to
// the signed-in owner only, is kept unreadable beside the data, and is dropped at sign-out: the
// data stays, closed, until the same person signs in again.

/** @typedef {{iv?: Uint8Array, data: ArrayBuffer | string}} Box sealed when it has an `iv` */

/** The box belongs to somebody whose key is not here. */
export class Locked extends Error {}

/** @param {string} base64 32 bytes @returns {Promise<CryptoKey | null>} null where plain HTTP hides crypto */
export async function importKey(base64) {
  if (!globalThis.crypto?.subtle) return null;
  const raw = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export class Vault {
  /** @param {CryptoKey | null} key */
  constructor(key) {
    this.key = key;
  }

  get isSealing() {
    return Boolean(this.key);
  }

  /** @param {ArrayBuffer} data @returns {Promise<Box>} */
  async sealBytes(data) {
    if (!this.key) return { data };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, data) };
  }

  /** @param {Box} box @returns {Promise<ArrayBuffer>} */
  async openBytes(box) {
    if (!box.iv) return /** @type {ArrayBuffer} */ (box.data);
    if (!this.key) throw new Locked();
    const iv = /** @type {Uint8Array<ArrayBuffer>} */ (box.iv);
    return crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, /** @type {ArrayBuffer} */ (box.data));
  }

  /** @param {any} value JSON @returns {Promise<Box>} */
  async seal(value) {
    const text = JSON.stringify(value);
    return this.key ? this.sealBytes(encoded(text)) : { data: text };
  }

  /** @param {Box} box @returns {Promise<any>} */
  async open(box) {
    if (!box.iv) return JSON.parse(String(box.data));
    return JSON.parse(new TextDecoder().decode(await this.openBytes(box)));
  }
}

/** @param {string} text @returns {ArrayBuffer} */
function encoded(text) {
  return /** @type {ArrayBuffer} */ (new TextEncoder().encode(text).buffer);
}
