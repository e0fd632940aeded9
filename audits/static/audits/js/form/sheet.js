// The sheet: draws what the store says, and turns taps into changes of the store.

import { keep, text } from "../dom.js";
import { dotted, say } from "../words.js";
import { drawBottom, drawSections, nextStep, savedWord } from "./bars.js";
import { folded, opened, updateFolded, updateOpened } from "./card.js";
import { drawLeave } from "./leave.js";
import { once, slots } from "./page.js";

export const LEAVE = "#leave";

export class Sheet {
  open = null;
  ask = once(() => this.draw());

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    this.section = store.sections[0].code;
    this.open = nextStep(store, null).code;
    if (this.open) this.section = store.items.get(this.open).section;
    store.onChange(() => this.ask());
  }

  get isLeaving() {
    return location.hash === LEAVE;
  }

  route() {
    const code = decodeURIComponent(location.hash.slice(1));
    const { store } = this;
    if (store.sections.some((section) => section.code === code)) {
      this.section = code;
      const first = store.ofSection(code).find((item) => store.lack(item));
      this.open = first ? first.code : null;
    } else if (store.items.has(code)) {
      this.open = code;
      this.section = store.items.get(code).section;
    } else if (!code && store.audit.state !== "started") {
      location.replace(LEAVE);
      return;
    }
    this.draw();
    window.scrollTo(0, 0);
    const shown = store.items.has(code) ? code : this.open;
    if (shown && !this.isLeaving && shown !== store.ofSection(this.section)[0].code) this.reveal(shown);
  }

  toggle(code) {
    this.open = this.open === code ? null : code;
    this.draw();
    if (this.open) this.reveal(code);
  }

  go(code) {
    if (location.hash === `#${code}`) this.route();
    else location.hash = code;
  }

  draw() {
    const { store } = this;
    slots.sheet_view.hidden = slots.sections_bar.hidden = slots.sheet_bottom.hidden = this.isLeaving;
    slots.leave_view.hidden = slots.leave_bottom.hidden = !this.isLeaving;
    slots.back.href = `#${this.section}`;
    slots.back_link.href = this.isLeaving ? `#${this.section}` : "/m/";
    text(slots.heading, this.isLeaving ? say("leave") : store.sheet.station.short_name);
    text(slots.subheading, dotted(store.sheet.round.name, savedWord(store)));
    if (this.isLeaving) drawLeave(store, slots);
    else this.#drawCards();
  }

  #drawCards() {
    const { store } = this;
    drawSections(slots.sections_bar, store, this.section);
    drawBottom(slots, store, nextStep(store, this.open));
    slots.locked.hidden = store.isOpen;
    slots.recheck.hidden = !store.isOpen || store.sheet.round.kind !== "recheck";
    slots.recheck_link.href = `/visit/${store.sheet.station.code}/`;
    const items = store.ofSection(this.section);
    keep(slots.cards, items, {
      key: (item) => (item.code === this.open ? `${item.code} open` : item.code),
      make: (item) => (item.code === this.open ? opened(item, store) : folded(item)),
      update: (root, item) => (root.card ? updateOpened : updateFolded)(root, item, store),
    });
  }

  reveal(code) {
    const card = slots.cards.querySelector(`[data-item="${CSS.escape(code)}"]`);
    if (!card) return;
    card.scrollIntoView({ block: "start" });
    card.querySelector("h2, b")?.focus?.({ preventScroll: true });
  }
}

