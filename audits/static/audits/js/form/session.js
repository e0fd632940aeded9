// A session that has ended is taken up in place; who says "later" is not asked again at every try.

import { onSignedOut } from "../api.js";
import { askSignIn } from "../dialogs.js";
import { say } from "../words.js";
import { byId, slots } from "./page.js";

const LATER_MS = 10 * 60000;

/** @param {import("./phone.js").Phone} phone */
export function keepSignedIn(phone) {
  let laterSaidAt = 0;

  async function signIn() {
    const unsent = await phone.unsent();
    const items = unsent.answers + unsent.rectifications;
    const photos = unsent.photos.length;
    const kept = phone.isDurable ? "signin_words" : "signin_unkept";
    const words = say(items || photos ? kept : "signin_none", { items, photos });
    const next = () => {
      laterSaidAt = 0;
      phone.queue.isSignedOut = false;
      phone.queue.now();
      phone.sync();
    };
    askSignIn(words, next, { username: phone.username, name: phone.work?.name || phone.username });
  }

  onSignedOut(() => {
    if (Date.now() - laterSaidAt > LATER_MS) signIn();
  });
  byId("d-signin").addEventListener("close", () => {
    // The button stays; nobody is asked again at every try.
    if (phone.queue.isSignedOut) laterSaidAt = Date.now();
  });
  slots.signin_again.addEventListener("click", signIn);
}
