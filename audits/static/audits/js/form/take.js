// A picture taken in: kept here, or behind a dialog until the server has it; what is no photo gets
// a plain sentence and the page goes on behind it.

import { say } from "../words.js";
import { Unfit } from "./intake.js";
import { byId } from "./page.js";
import { shoot, uploaded } from "./shoot.js";

/**
 * @param {import("./kept.js").Kept & {reload: () => Promise<void>}} store @param {any} shot see `shoot`
 * @param {(id: string, warnings: string[]) => void} onWarned it may be taken again
 */
export async function take(store, shot, onWarned) {
  try {
    const { photo, warnings } = await shoot(store, shot);
    if (!store.phone.isDurable) await waitForServer(store, photo.id);
    if (warnings.length) onWarned(photo.id, warnings);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    byId("d-unfit-words").textContent = error.message;
    byId("d-unfit").showModal();
  }
}

/** Nothing is kept here: the page waits behind this until the photo is on the server. */
async function waitForServer(store, id) {
  const { phone } = store;
  const dialog = byId("d-wait");
  dialog.oncancel = (event) => event.preventDefault();
  byId("d-wait-again").onclick = () => phone.queue.now();
  byId("d-wait-drop").onclick = async () => {
    await phone.album.drop(await phone.disk.get("photos", id));
    await store.reload();
  };
  dialog.showModal();
  await uploaded(phone, id, (share) => {
    const words = share ? say("sent_share", { n: Math.round(share * 100) }) : say(navigator.onLine ? "sending_first" : "no_signal");
    byId("d-wait-words").textContent = words;
  });
  dialog.close();
}

/** What to show large: the bytes that are here, else the server's picture. */
export async function pictureOf(store, photo) {
  const bytes = await store.phone.album.copyOf(photo.id);
  return bytes ? URL.createObjectURL(new Blob([bytes], { type: photo.mime })) : photo.display || photo.url;
}
