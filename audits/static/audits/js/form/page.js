// The page's named places, and which of its views is shown.

/** @type {Record<string, any>} every [data-slot] outside templates, by name */
export const slots = {};
for (const element of document.querySelectorAll("[data-slot]")) {
  slots[/** @type {HTMLElement} */ (element).dataset.slot] = element;
}

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** @param {"today" | "sheet" | "waiting" | "closed"} name */
export function show(name) {
  for (const view of document.querySelectorAll("[data-view-of]")) {
    const part = /** @type {HTMLElement} */ (view);
    part.hidden = !part.dataset.viewOf.split(" ").includes(name);
  }
}

/** Many changes in one turn are drawn once. @param {() => void} draw */
export function once(draw) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}

/** @param {string} words */
export function toast(words) {
  const made = byId("toast").content.firstElementChild.cloneNode(true);
  made.querySelector("span").textContent = words;
  byId("toasts").append(made);
  setTimeout(() => made.remove(), 6000);
}
