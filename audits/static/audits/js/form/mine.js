// 我的: leaving the phone to somebody else. What is unsent stays here, closed, for its owner.

import { say } from "../words.js";
import { forget, remembered } from "./person.js";
import { openPhone } from "./opening.js";
import { byId } from "./page.js";
import { exportParcel } from "./waiting.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector('form[action$="/logout/"]'));
// Language and type size are changed here: the kept shell is fetched again, also where its worker
// has fetched it already and does not answer for this page yet.
navigator.serviceWorker?.ready.then(({ active }) => active.postMessage("renew"));

form?.addEventListener("submit", async (event) => {
  const known = remembered();
  if (!known || form.dataset.ready) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const phone = await openPhone(known.username).catch(() => null);
  const unsent = phone ? await phone.unsent() : { photos: [], answers: 0, rectifications: 0 };
  const items = unsent.answers + unsent.rectifications;
  if (unsent.photos.length || items) ask(phone, unsent.photos.length, items);
  else leave(phone);
});

function ask(phone, n, items) {
  const dialog = byId("d-leave");
  const isSealed = phone.vault.isSealing && phone.isDurable;
  const words = say(isSealed ? "leave_sealed" : "leave_open", { n, items });
  byId("d-leave-words").textContent = words;
  byId("d-leave-go").hidden = !isSealed;
  byId("d-leave-go").onclick = () => leave(phone);
  byId("d-leave-export").onclick = () => exportParcel(phone);
  dialog.showModal();
}

async function leave(phone) {
  await phone?.lock();
  forget();
  form.dataset.ready = "true";
  form.submit();
}
