// A page whose photos stay in it until the server has them: the strip, the button that says what is
// missing, the complaint. Nothing is called sent before its receipt.

import { onSignedOut, setPerson } from "./api.js";
import { askSignIn, showPhoto } from "./dialogs.js";
import { keep, text } from "./dom.js";
import { photoQueue } from "./photos.js";
import { Shelf } from "./shelf.js";
import { shot, updateShot } from "./shots.js";
import { say } from "./words.js";

/** @type {Record<string, any>} */ export const slots = {};
for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-slot]"))) slots[element.dataset.slot] = element;

// What is left open here goes out as its own person's, whoever has signed in in another tab since.
setPerson(document.getElementById("person").dataset.username);

/**
 * @param {{kind: string, belong: (photo) => Promise<Record<string, string>>, held?: any[],
 *   step: (page: any) => {word: string, isReady: boolean}, drawn?: (page: any) => void}} how
 *   `held`: photos of this page the server has already; `step`: what the button says
 */
export function onlinePhotos({ kind, belong, held = [], step, drawn = () => {} }) {
  const shelf = new Shelf();
  const queue = photoQueue(shelf, { kind, belong });
  const page = { shelf, queue, isSending: false, taken, stored, draw, complain };

  for (const photo of held) {
    shelf.addPhoto({ id: photo.id, kind, state: "stored", sent: 1, size: photo.size, url: photo.thumbnail, display: photo.display });
  }

  /** How many photos count; a refused one stays in view with its reason and stops nothing. */
  function taken(of = kind) {
    return shelf.inState("queued", "uploading", "stored").filter((photo) => photo.kind === of).length;
  }

  function stored() {
    return shelf.inState("stored").filter((photo) => photo.kind === kind).map((photo) => photo.id);
  }

  function draw() {
    const { word, isReady } = page.isSending ? { word: say("sending"), isReady: false } : step(page);
    text(slots.send, word);
    slots.send.disabled = !isReady;
    const photos = [...shelf.photos.values()];
    slots.strip.hidden = !photos.length;
    keep(slots.shots, photos, { key: (photo) => photo.id, make: shot, update: updateShot });
    drawn(page);
    complain(queue.trouble);
  }

  function take() {
    if (slots.input.files.length) queue.take(null, [...slots.input.files]);
    slots.input.value = "";
  }

  shelf.onChange(draw);
  slots.input.addEventListener("change", take);
  slots.shots.addEventListener("click", (event) => {
    const button = event.target.closest("[data-photo]");
    if (!button) return;
    showPhoto(shelf.photos.get(button.dataset.photo), { isOpen: true, onDrop: (id) => shelf.dropPhoto(id) });
  });
  onSignedOut(() => askSignIn(say("signin_words"), () => queue.now()));
  window.addEventListener("beforeunload", (event) => {
    if (!shelf.unsentPhotos().length) return;
    event.preventDefault();
    event.returnValue = ""; // what Chromium before 119 asks for
  });
  take(); // a photo chosen while this module was still on its way
  return page;
}

/** What the button says while photos are missing or on their way; null when they are all there. */
export function missing(page, words, needsPhoto = true) {
  if (needsPhoto && !page.taken()) {
    const isRefused = page.shelf.inState("refused").length > 0;
    return { word: say(isRefused ? "photo_refused" : words), isReady: false };
  }
  return null;
}

/** Do the call; what it ends in is said on the next page, or here when it is a no. */
export async function hand(page, call, words, next) {
  page.isSending = true;
  page.draw();
  try {
    await call();
    sessionStorage.setItem("toast", words());
    page.shelf.photos.clear();
    window.location.assign(next());
    return null;
  } catch (error) {
    page.isSending = false;
    markRefused(page.shelf, error.problem?.errors ?? []);
    page.draw();
    complain(error.status ? error.message : say("unreachable"));
    slots.problem.scrollIntoView({ block: "center" });
    return error;
  }
}

/** The pictures a no is about say so themselves; the others can go without them. */
function markRefused(shelf, errors) {
  for (const { field, message } of errors) {
    const id = field.replace(/^photos\./, "");
    if (shelf.photos.has(id)) shelf.setPhoto(id, { state: "refused", problem: message });
  }
}

export function complain(words) {
  slots.problem.hidden = !words;
  text(slots.problem_text, words);
}
