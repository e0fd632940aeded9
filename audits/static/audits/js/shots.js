// One photo in a strip: its picture, how far it has come, its state in words.

import { clone, dress, picture } from "./dom.js";
import { statusOf } from "./words.js";

export function shot(photo) {
  const slots = clone("t-shot");
  slots.root.dataset.photo = photo.id;
  slots.root.shot = slots;
  return slots.root;
}

export function updateShot(root, photo) {
  const slots = root.shot;
  picture(slots.image, photo.url);
  const percent = Math.round(photo.sent * 100);
  const isMoving = photo.state === "uploading";
  slots.bar.classList.toggle("is-off", !isMoving);
  slots.fill.setAttribute("width", String((76 * percent) / 100));
  const status = statusOf("photo", photo.state);
  dress(slots.state, "shot__state st", status, isMoving ? `${status.word} ${percent}%` : status.word);
}
