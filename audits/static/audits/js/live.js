// The round's progress, fetched anew every few seconds and put in place: no reload, no tick is lost.

/** @type {HTMLElement | null} */
const line = document.querySelector("[data-live-url]");
const TIMEOUT_MS = 8000;

function say(isOn) {
  line.querySelector("[data-live-on]").toggleAttribute("hidden", !isOn);
  line.querySelector("[data-live-off]").toggleAttribute("hidden", isOn);
}

/** @param {Element | null} held @param {Element | null} fresh */
function replace(held, fresh) {
  if (held && fresh && held.innerHTML !== fresh.innerHTML) held.innerHTML = fresh.innerHTML;
}

// The first cell holds the tick box: it goes only when the task can be handed over no more.
/** @param {HTMLTableRowElement} held @param {HTMLTableRowElement} fresh */
function replaceRow(held, fresh) {
  [...fresh.cells].forEach((cell, at) => {
    const mine = held.cells[at];
    if (at === 0 && mine.firstElementChild && cell.firstElementChild) return;
    if (mine.outerHTML !== cell.outerHTML) mine.replaceWith(cell.cloneNode(true));
  });
}

/** @param {Document} page what was fetched */
function show(page) {
  const isBusy = document.querySelector("[data-live='standing']").contains(document.activeElement);
  const part = (root, name) => root.querySelector(`[data-live="${name}"]`);
  if (!isBusy) replace(part(document, "standing"), part(page, "standing"));
  /** @type {NodeListOf<HTMLTableRowElement>} */
  const rows = page.querySelectorAll("[data-task]");
  for (const fresh of rows) {
    /** @type {HTMLTableRowElement | null} */
    const held = document.querySelector(`[data-live="tasks"] [data-task="${fresh.dataset.task}"]`);
    if (held) replaceRow(held, fresh);
  }
}

async function refresh() {
  if (!document.hidden) {
    try {
      const response = await fetch(line.dataset.liveUrl + location.search, {
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.type === "opaqueredirect") return location.reload(); // signed out
      if (!response.ok) throw new Error(String(response.status));
      show(new DOMParser().parseFromString(await response.text(), "text/html"));
      say(true);
    } catch {
      say(false);
    }
  }
  setTimeout(refresh, Number(line.dataset.liveSeconds) * 1000);
}

if (line) setTimeout(refresh, Number(line.dataset.liveSeconds) * 1000);
