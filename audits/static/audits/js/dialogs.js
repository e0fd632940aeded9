// What floats above the sheet: a photo, last round's result, two answers side by side, signing in
// again. Each is a <dialog> the server wrote; look.js closes them.

import { csrf } from "./api.js";
import { dress, text } from "./dom.js";
import { clock, day, say, statusOf } from "./words.js";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @param {any} photo @param {{isOpen: boolean, onDrop: (id: string) => void, words?: string, mayDrop?: boolean, onMark?: (() => void) | null}} with_ */
export function showPhoto(photo, { isOpen, onDrop, words = "", mayDrop = false, onMark = null }) {
  const dialog = byId("d-photo");
  const image = dialog.querySelector("img");
  image.hidden = false;
  image.src = photo.file ? URL.createObjectURL(photo.file) : photo.display;
  dialog.onclose = () => {
    URL.revokeObjectURL(image.src);
    byId("d-photo-state").hidden = true; // the next picture shown here may be no photo of ours
    text(byId("d-photo-words"), "");
    act(dialog, "d-photo-drop", null);
  };
  const isRefused = photo.state === "refused";
  byId("d-photo-state").hidden = false;
  dress(byId("d-photo-state"), "chip", statusOf("photo", photo.state));
  text(byId("d-photo-words"), words || (isRefused ? photo.problem : ""));
  act(dialog, "d-photo-drop", isOpen && (isRefused || onMark || words || mayDrop) ? () => onDrop(photo.id) : null);
  act(dialog, "d-photo-mark", onMark);
  dialog.showModal();
}

function act(dialog, id, work) {
  const button = byId(id);
  if (!button) return;
  button.hidden = !work;
  button.onclick = () => {
    dialog.close();
    work();
  };
}

/** @param {any} item @param {any} [phone] whose kept pictures are shown where there is no line */
export function showLast(item, phone) {
  const { last } = item;
  const dialog = byId("d-last");
  text(byId("d-last-title"), `${item.code} ${item.title}`);
  text(byId("d-last-when"), say("last", { round: last.round, day: day(last.on) }));
  dress(byId("d-last-result"), "chip", statusOf("result", last.result));
  text(byId("d-last-note"), last.note);
  byId("d-last-photos").replaceChildren(
    ...last.photos.map((photo) => {
      const image = document.createElement("img");
      image.className = "photo-view";
      image.alt = "";
      if (!phone || navigator.onLine) image.src = photo.display;
      else phone.pictureUrl(photo.id, photo.display).then((url) => (image.src = url));
      return image;
    }),
  );
  dialog.showModal();
}

/** Mine and theirs, side by side; `onChoice` gets "mine" or "theirs". */
export function showConflict(item, onChoice) {
  const dialog = byId("d-conflict");
  text(byId("d-conflict-title"), `${item.code} ${item.title}`);
  for (const [side, value, when] of [
    ["mine", item.mine, item.mine.answeredAt],
    ["theirs", item.theirs, item.theirs.answered_at],
  ]) {
    dress(byId(`d-${side}-result`), "chip", statusOf("result", value.result));
    text(byId(`d-${side}-note`), value.note || say("no_note"));
    text(byId(`d-${side}-when`), clock(when));
    byId(`d-${side}-take`).onclick = () => {
      dialog.close();
      onChoice(side);
    };
  }
  text(byId("d-theirs-who"), item.theirs.answered_by);
  dialog.showModal();
}

/** The session is over, the work is not: sign in here and the queues go on. */
/** @param {string} words @param {() => void} onDone @param {{username: string, name: string}} [who] */
export function askSignIn(words, onDone, who) {
  const dialog = byId("d-signin");
  if (dialog.open) return;
  text(byId("d-signin-words"), words);
  const form = dialog.querySelector("form");
  if (who) {
    form.username.value = who.username;
    text(byId("d-signin-who"), who.name);
  }
  form.onsubmit = async (event) => {
    event.preventDefault();
    const isIn = await signIn(form);
    byId("d-signin-error").hidden = isIn;
    if (!isIn) return;
    form.password.value = "";
    dialog.close();
    onDone();
  };
  dialog.showModal();
}

// Django answers a right password with a redirect to `next`, a wrong one with the form again.
async function signIn(form) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: csrf(),
      body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
      credentials: "same-origin",
    });
    return response.ok && response.redirected;
  } catch {
    return false;
  }
}
