// One person's phone: the store, the photos, the queue, and what the server last said of the work.

import { get, post } from "../api.js";
import { Album } from "./album.js";
import { Drafts } from "./drafts.js";
import { device, storeName } from "./person.js";
import { Queue } from "./queue.js";
import { Rectifications } from "./rectifications.js";
import { takeTurn } from "./turn.js";

const SYNC_MS = 10 * 60000;

export class Phone {
  /** @type {any} what the server said last, or null */ work = null;
  /** The session is another person's. */
  isOthers = false;
  isOnline = navigator.onLine;
  #listeners = new Set();
  #syncing = null;
  #syncedAt = 0;

  constructor(username, disk, vault) {
    this.username = username;
    this.disk = disk;
    this.vault = vault;
    /** @type {string} */ this.device = device();
    this.drafts = new Drafts(disk, vault);
    this.album = new Album(disk, vault);
    this.rectifications = new Rectifications(disk, vault);
    this.queue = new Queue({
      drafts: this.drafts,
      album: this.album,
      rectifications: this.rectifications,
      username,
      device: this.device,
      takeTurn: (work) => takeTurn(`uploader:${username}`, work),
      onChange: (owner) => this.changed(owner),
    });
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(storeName(username)) : null;
    this.channel?.addEventListener("message", ({ data }) => this.#tell(data));
  }

  get isDurable() {
    return this.disk.isDurable;
  }

  /** @param {(owner: import("./album.js").Owner | null) => void} listener */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(owner) {
    this.#tell(owner);
    this.channel?.postMessage(owner);
  }

  #tell(owner) {
    for (const listener of this.#listeners) listener(owner);
  }

  /** Wake on everything that may mean a line: start, online, a look at the page, time. */
  watch() {
    const wake = () => {
      this.queue.now();
      this.sync();
    };
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => this.#tell(null));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) wake();
    });
    setInterval(() => {
      if (Date.now() - this.#syncedAt > SYNC_MS) this.sync();
    }, 60000);
    this.queue.now();
  }

  async load() {
    const row = await this.disk.get("meta", "work");
    this.work = row ? await this.vault.open(row.box) : null;
    return this.work;
  }

  /** Fetch the day's tasks and every sheet that reads differently now. One at a time. */
  sync() {
    this.#syncing ||= this.#sync().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  /** @returns {Promise<any>} null when the line is down */
  async #sync() {
    let work;
    try {
      work = await get("work/");
    } catch (error) {
      if (error.status === 401) this.queue.isSignedOut = true;
      this.isOthers = error.code === "other_person";
      this.#tell(null);
      return null;
    }
    this.queue.isSignedOut = false;
    await this.adopt(work);
    await this.#fetchSheets(work);
    return work;
  }

  async adopt(work) {
    this.work = work;
    this.#syncedAt = Date.now();
    await this.disk.write([{ store: "meta", put: { name: "work", box: await this.vault.seal({ ...work, key: "" }) } }]);
    this.#tell(null);
  }

  async #fetchSheets(work) {
    const held = await this.drafts.sheetVersions();
    for (const task of work.tasks) {
      if (held.get(task.assignment) === task.sheet) continue;
      try {
        await this.fetchSheet(task.assignment, task.sheet);
      } catch (error) {
        if (!error.status) return; // the line went; the rest comes next time
      }
    }
    for (const task of work.tasks) await this.#fetchPictures(task.assignment).catch(() => {});
  }

  async fetchSheet(assignment, version) {
    const askedAt = Date.now();
    const sheet = await get(`assignments/${assignment}/sheet/`);
    await this.drafts.keepSheet(sheet, version, askedAt);
    this.#tell({ assignment });
    return sheet;
  }

  // Last round's small photos, so that a basement has them too.
  async #fetchPictures(assignment) {
    const sheet = await this.drafts.sheet(assignment);
    if (!sheet) return;
    for (const item of sheet.sections.flatMap((section) => section.items)) {
      for (const photo of item.last ? item.last.photos.slice(0, 2) : []) {
        await this.keepPicture(photo.id, photo.thumbnail);
      }
    }
  }

  /** @param {string} id @param {string} url taken along once */
  async keepPicture(id, url) {
    if (await this.disk.get("pictures", id)) return;
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) return;
    const box = await this.vault.sealBytes(await response.arrayBuffer());
    await this.disk.write([{ store: "pictures", put: { id, box } }]);
  }

  /** @returns {Promise<string>} an address to show; the server's own where nothing is kept */
  async pictureUrl(id, fallback) {
    const row = await this.disk.get("pictures", id).catch(() => null);
    if (!row) return fallback;
    return URL.createObjectURL(new Blob([await this.vault.openBytes(row.box)], { type: "image/jpeg" }));
  }

  // ---- what is unsent, and what is gone

  async unsent() {
    const rows = await this.album.rows();
    const photos = rows.filter((row) => ["queued", "refused"].includes(row.state));
    return {
      rows,
      photos,
      bytes: photos.reduce((sum, row) => sum + row.size, 0),
      answers: await this.drafts.waitingCount(),
      rectifications: await this.rectifications.count(),
      originals: rows.filter((row) => row.state === "stored" && ["kept", "wanted"].includes(row.original?.state)),
    };
  }

  /** Photos the server expects of this person that are not on this phone: {mine, other}. */
  async missing() {
    const rows = await this.album.rows();
    const here = new Set(rows.map((row) => row.id));
    const gone = (this.work?.expected || []).filter((photo) => !here.has(photo.id));
    const mine = gone.filter((photo) => photo.device === this.device);
    return { mine, other: gone.filter((photo) => photo.device !== this.device) };
  }

  async reportLost(photos) {
    for (const audit of new Set(photos.map((photo) => photo.audit))) {
      const ids = photos.filter((photo) => photo.audit === audit).map((photo) => photo.id);
      await post(`audits/${audit}/lost/`, { device: this.device, photos: ids });
    }
  }

  /** Nobody will take what is here of a problem, and the person has agreed to lose it. */
  async discard({ finding, rev }) {
    if (!(await this.rectifications.remove(finding, rev))) return; // written on in another tab
    for (const row of await this.album.rowsOf({ finding })) await this.album.remove(row.id);
    this.changed({ finding });
  }

  /** Sign-out: what is unsent stays, closed; what can be fetched again goes; the key is dropped. */
  async lock() {
    const goes = async (store, key) => (await this.disk.all(store)).map((row) => ({ store, remove: row[key] }));
    const changes = [...(await goes("sheets", "assignment")), ...(await goes("pictures", "id"))];
    for (const name of ["key", "work"]) changes.push({ store: "meta", remove: name });
    await this.disk.write(changes);
    this.disk.close();
    this.channel?.close();
  }
}
