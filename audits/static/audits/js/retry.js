// One worker at a time, asked again with growing pauses for as long as there is work.

import { Refused, Unreachable } from "./api.js";

const FIRST_MS = 1000;
const LAST_MS = 30000;

export class Worker {
  #run;
  #after;
  #timer = 0;
  #failures = 0;
  #isBusy = false;
  #isAsked = false;
  /** The server's sentence when asking again unchanged will not help. */
  trouble = "";

  /**
   * @param {() => Promise<boolean>} run does one piece; true when more is waiting
   * @param {() => void} after called when a piece went well or failed
   */
  constructor(run, after) {
    this.#run = run;
    this.#after = after;
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.now();
    });
  }

  /** Whether the last try failed and the next one is being waited for. */
  get isWaiting() {
    return this.#failures > 0 && !this.#isBusy;
  }

  get isFailing() {
    return this.#failures > 0;
  }

  /** Forget the pause: somebody asked, or the line is back. */
  now() {
    if (this.#isBusy) this.#isAsked = true;
    else this.#work();
  }

  /** There may be work; a pause that is running is respected. */
  ask() {
    if (!this.isWaiting) this.now();
  }

  async #work() {
    clearTimeout(this.#timer);
    this.#isBusy = true;
    this.#isAsked = false;
    let isMore = false;
    try {
      isMore = await this.#run();
      this.#failures = 0;
      this.trouble = "";
    } catch (error) {
      this.#failed(error);
    }
    this.#isBusy = false;
    if (this.#failures) this.#timer = setTimeout(() => this.#work(), this.#pause());
    else if (isMore || this.#isAsked) this.#work();
    this.#after();
  }

  #failed(error) {
    this.#failures += 1;
    if (error instanceof Refused) this.trouble = error.isPassing ? "" : error.message;
    else if (!(error instanceof Unreachable)) console.error(error);
  }

  // Doubling, with some chance in it so that fifty phones do not knock together.
  #pause() {
    const base = Math.min(LAST_MS, FIRST_MS * 2 ** (this.#failures - 1));
    return base * (0.85 + Math.random() * 0.3);
  }
}
