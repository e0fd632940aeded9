// One problem as its station sees it: the photos here and with the server, the words, the wish.

import { Kept } from "./kept.js";

export class Gap extends Kept {
  /** @type {import("./rectifications.js").Rectification} */ draft = null;
  /** The server has it: nothing here holds the page back. */
  isDone = false;
  /** Handed in on this page: its row may come and go before the page is drawn again. */
  isAsked = false;
  isHandingIn = false;

  /**
   * @param {import("./phone.js").Phone} phone
   * @param {{finding: number, title: string, isMine: boolean}} problem `isMine`: the station's turn
   * @param {any[]} fresh its photos that the server has and nobody handed in
   */
  constructor(phone, problem, fresh) {
    super(phone, { finding: problem.finding });
    this.fresh = fresh.map((photo) => ({ ...photo, state: "stored", sent: 1, url: photo.thumbnail, problem: "" }));
    /** @type {number} */ this.finding = problem.finding;
    /** @type {string} */ this.title = problem.title;
    /** @type {boolean} */ this.isMine = problem.isMine;
  }

  async reload() {
    await this.settled();
    const { rectifications, album } = this.phone;
    const [draft, rows] = await Promise.all([rectifications.of(this.finding), album.photosOf(this.owner)]);
    if (this.isSaving) return; // a newer word will read again
    this.draft = draft;
    const held = this.fresh.filter((photo) => !draft.left.includes(photo.id));
    const all = [...held, ...rows.map((row) => this.shown(row)), ...this.inState("saving")];
    this.photos = new Map(all.map((photo) => [photo.id, judged(photo, draft.refused[photo.id])]));
    this.changed();
  }

  get isWaiting() {
    return Boolean(this.draft?.submit);
  }

  /** Photos that count; a refused one stays in view with its reason and stops nothing. */
  good() {
    return this.inState("queued", "uploading", "stored");
  }

  /** What is still missing: "saving", "refused", "photo", "words", or nothing. */
  lack({ measure }) {
    if (this.inState("saving").length) return "saving";
    if (!this.good().length) return this.inState("refused").length ? "refused" : "photo";
    return measure.trim() ? "" : "words";
  }

  /** The server's sentence about a photo that is tried again. */
  get trouble() {
    return this.unsentPhotos().find((photo) => photo.problem)?.problem || "";
  }

  /** Whether anything of it is on this phone. */
  get isHere() {
    return Boolean(this.draft?.rev || this.inState("queued", "uploading", "refused").length);
  }

  /** @param {(held: import("./rectifications.js").Rectification) => Partial<import("./rectifications.js").RectificationFacts>} change */
  write(change) {
    return this.save(() => this.phone.rectifications.change(this.finding, (held) => ({ title: this.title, ...change(held) })));
  }

  /** It is written down here at once, with what was in the fields, and goes when it can. */
  handIn(words) {
    if (this.isHandingIn || this.isWaiting) return this.settled();
    this.isHandingIn = true;
    const submit = { photos: this.good().map((photo) => photo.id), at: new Date().toISOString() };
    const asked = this.write(() => ({ ...words, submit, problem: "", isTaken: false })).then(() => {
      this.isAsked = true;
      this.draft = { ...this.draft, submit };
    });
    return asked.finally(() => (this.isHandingIn = false));
  }

  withdraw() {
    this.isAsked = false;
    return this.write(() => ({ submit: null }));
  }

  /** Taken away by its taker; what the server holds of it is not handed in. */
  async leaveOut(photo, words) {
    const { album, disk } = this.phone;
    await this.write(({ left, refused: { [photo.id]: _gone, ...refused } }) => ({
      ...words, left: [...left, photo.id], refused, problem: "",
    }));
    const row = await disk.get("photos", photo.id);
    if (row) await album.drop(row);
    await this.reload();
  }
}

function judged(photo, problem) {
  return problem ? { ...photo, state: "refused", problem } : photo;
}
