// The screen stays up for weeks. Every few seconds the boards are fetched anew and put in place, every
// half minute the next one is shown. Space pauses, arrows turn; who asks for less motion turns by hand.
// When the server cannot be reached the last figures stay, and the screen says so.

const board = document.querySelector("[data-board]");
const offline = document.querySelector(".wall__offline");
const dots = document.querySelector("[data-dots]");
const pauser = document.querySelector("[data-pause]");
const FETCH_MS = Number(board.dataset.seconds) * 1000;
const TURN_MS = Number(board.dataset.turn) * 1000;
const TIMEOUT_MS = 8000;
const names = [...dots.querySelectorAll("[data-to]")].map((button) => button.dataset.to);

let shown = names.includes(location.hash.slice(1)) ? location.hash.slice(1) : names[0];
let turned = Date.now();
let html = "";

function show(name) {
  shown = name;
  for (const slide of board.querySelectorAll("[data-slide]")) slide.hidden = slide.dataset.slide !== name;
  for (const button of dots.querySelectorAll("[data-to]")) {
    if (button.dataset.to === name) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function turn(name) {
  turned = Date.now();
  show(name);
  history.replaceState(null, "", `#${name}`); // a reload comes back to the same board
}

function step(by) {
  turn(names[(names.indexOf(shown) + by + names.length) % names.length]);
}

const isPaused = () => pauser.getAttribute("aria-pressed") === "true";

function pause(still) {
  pauser.setAttribute("aria-pressed", String(still));
  pauser.querySelector("[data-word=pause]").hidden = still;
  pauser.querySelector("[data-word=play]").hidden = !still;
  document.querySelector("[data-turns]").hidden = still;
  turned = Date.now();
}

async function refresh() {
  try {
    const response = await fetch(board.dataset.board, {
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.type === "opaqueredirect") return location.reload(); // signed out
    if (!response.ok) throw new Error(String(response.status));
    const text = await response.text();
    if (text !== html) {
      board.innerHTML = text;
      show(shown);
    }
    html = text;
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
  setTimeout(refresh, FETCH_MS);
}

function onKey(event) {
  if (event.key === "ArrowRight") step(1);
  else if (event.key === "ArrowLeft") step(-1);
  else if (event.key === " " && !event.target.closest("button")) pause(!isPaused());
  else return;
  event.preventDefault();
}

pauser.addEventListener("click", () => pause(!isPaused()));
dots.addEventListener("click", (event) => {
  const button = event.target.closest("[data-to]");
  if (button) turn(button.dataset.to);
});
document.addEventListener("keydown", onKey);
dots.hidden = false;
document.body.classList.add("wall--turning");
pause(matchMedia("(prefers-reduced-motion: reduce)").matches);
show(shown);
setInterval(() => {
  if (!isPaused() && Date.now() - turned >= TURN_MS) step(1);
}, 1000);
setTimeout(refresh, FETCH_MS);
