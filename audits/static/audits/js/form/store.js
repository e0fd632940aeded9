// One audit as the page sees it. Taps change it at once and are on disk before the next; what the
// queue and other tabs write comes in by reading the rows again.

import { chosen, same } from "./drafts.js";
import { Kept } from "./kept.js";

const SCORED = ["pass", "partial", "fail"];

export class Store extends Kept {
  /** @type {Map<string, any>} */ items = new Map();

  /** @param {import("./phone.js").Phone} phone @param {any} sheet */
  constructor(phone, sheet) {
    super(phone, { assignment: sheet.assignment });
    this.sheet = sheet;
    this.assignment = sheet.assignment;
    this.sections = sheet.sections;
    this.audit = null;
    for (const section of sheet.sections) {
      for (const item of section.items) {
        this.items.set(item.code, { ...item, section: section.code, mine: null, held: null, trouble: "", theirs: null });
      }
    }
  }

  static async open(phone, assignment) {
    const sheet = (await phone.drafts.sheet(assignment)) || (await phone.fetchSheet(assignment, ""));
    const store = new Store(phone, sheet);
    await store.reload();
    return store;
  }

  get isOpen() {
    return this.audit.state === "started" && !this.audit.submit;
  }

  async reload() {
    await this.settled();
    const { drafts, album } = this.phone;
    const [audit, answers, photos] = await Promise.all([
      drafts.audit(this.assignment),
      drafts.answersOf(this.assignment),
      album.photosOf(this.owner),
    ]);
    if (this.isSaving) return; // a newer tap will read again
    this.audit = audit;
    for (const { code, mine, held, theirs, trouble } of answers) {
      const item = this.items.get(code);
      if (item) Object.assign(item, { mine, held, theirs, trouble });
    }
    this.#showPhotos(photos);
    this.changed();
  }

  #showPhotos(rows) {
    const server = (this.sheet.audit?.photos || []).map(fromServer);
    const local = rows.filter((row) => row.state !== "dropped").map((row) => this.shown(row));
    this.photos = new Map([...server, ...local, ...this.inState("saving")].map((photo) => [photo.id, photo]));
  }

  list() {
    return [...this.items.values()];
  }

  ofSection(code) {
    return this.list().filter((item) => item.section === code);
  }

  photosOf(code) {
    return [...this.photos.values()].filter((photo) => photo.itemCode === code && photo.kind !== "signature");
  }

  signature() {
    return [...this.photos.values()].find((photo) => photo.kind === "signature" && photo.state !== "refused");
  }

  /** What the item still lacks: "result", "note", "photo", or nothing. */
  lack(item) {
    if (!item.mine) return "result";
    if (item.mine.result !== "pass" && !item.mine.note.trim()) return "note";
    const isPictured = this.photosOf(item.code).some((photo) => !["refused", "saving"].includes(photo.state));
    if (item.needs_photo && SCORED.includes(item.mine.result) && !isPictured) return "photo";
    return "";
  }

  lacking() {
    return this.list().filter((item) => this.lack(item));
  }

  answered() {
    return this.list().filter((item) => !["result", "note"].includes(this.lack(item)));
  }

  unsent() {
    return this.list().filter(
      (item) => item.mine && this.lack(item) !== "note" && !item.theirs && !item.trouble && !same(item.mine, item.held),
    );
  }

  /** Answers that wait for a person: refused, or answered differently by somebody else. */
  troubled() {
    return this.list().filter((item) => item.trouble || item.theirs);
  }

  /** @param {string} code @param {Partial<{result: string, note: string}>} change */
  answer(code, change) {
    const item = this.items.get(code);
    const before = item.mine || { result: "", note: "" };
    item.mine = { ...before, ...change, answeredAt: new Date().toISOString() };
    item.trouble = "";
    const { mine } = item;
    return this.save(() => this.phone.drafts.changeAnswer(this.assignment, code, (held) => ({ ...held, mine, trouble: "" })));
  }

  settle(code, side) {
    return this.save(() =>
      this.phone.drafts.changeAnswer(this.assignment, code, (held) => (held.theirs ? chosen(held, side) : null)),
    );
  }

  changeAudit(change) {
    return this.save(() => this.phone.drafts.changeAudit(this.assignment, change));
  }
}

function fromServer(photo) {
  return {
    id: photo.id,
    itemCode: photo.item_code,
    kind: photo.kind,
    state: "stored",
    sent: 1,
    size: photo.size,
    url: photo.thumbnail,
    display: photo.display,
    problem: "",
    marks: photo.marks || [],
  };
}
