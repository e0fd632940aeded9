// Review at the speed of a keyboard: R sends back, S slides one picture over the other, Z looks at the
// same spot of both from near (pointer or arrows move it), J goes on, C closes. A critical item takes the reviewer's own picture from the site first.

import { upload } from "./api.js";
import { sha256, uuid } from "./ids.js";

const dialog = document.getElementById("send-back");
const reason = document.getElementById("send-back-reason");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.target.closest("input:not([type=range]), textarea, select")) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

for (const phrase of document.querySelectorAll("[data-phrase]")) {
  phrase.addEventListener("click", () => {
    const words = phrase.dataset.phrase;
    if (reason.value.includes(words)) return;
    reason.value = reason.value ? `${reason.value}，${words}` : words;
  });
}
dialog.addEventListener("toggle", () => dialog.open && reason.focus());

const compare = document.querySelector("[data-compare]");
const slide = document.querySelector("[data-slide]");
const range = compare.querySelector("input[type=range]");
slide.disabled = compare.querySelectorAll("img").length < 2;
slide.addEventListener("click", () => {
  const isOn = compare.classList.toggle("is-sliding");
  compare.querySelector(".compare__slide").hidden = !isOn;
  slide.setAttribute("aria-pressed", String(isOn));
  if (isOn) range.focus();
});
range.addEventListener("input", () => compare.style.setProperty("--cut", `${range.value}%`));

const zoom = document.querySelector("[data-zoom]");
const spot = { x: 50, y: 50 };
const ARROWS = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] };
zoom.disabled = !compare.querySelector("img");
zoom.addEventListener("click", () => {
  zoom.setAttribute("aria-pressed", String(compare.classList.toggle("is-near")));
});

function lookAt(x, y) {
  Object.assign(spot, { x: Math.min(100, Math.max(0, x)), y: Math.min(100, Math.max(0, y)) });
  compare.style.setProperty("--x", `${spot.x}%`);
  compare.style.setProperty("--y", `${spot.y}%`);
}

compare.addEventListener("pointermove", (event) => {
  const frame = event.target.closest(".thumb")?.getBoundingClientRect();
  if (frame) lookAt((100 * (event.clientX - frame.left)) / frame.width, (100 * (event.clientY - frame.top)) / frame.height);
});
document.addEventListener("keydown", (event) => {
  const step = ARROWS[event.key];
  if (!step || !compare.classList.contains("is-near") || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  lookAt(spot.x + step[0], spot.y + step[1]);
});

const current = document.querySelector(".queue [aria-current]");
if (current) current.scrollIntoView({ block: "nearest" });

const visit = document.querySelector("[data-onsite]");
if (visit) visit.querySelector("input").addEventListener("change", (event) => send(event.target.files[0]));

async function send(file) {
  if (!file) return;
  const problem = visit.querySelector("[data-problem]");
  const words = visit.querySelector("[data-words]");
  const before = words.textContent;
  problem.hidden = true;
  try {
    const fields = {
      sha256: await sha256(await file.arrayBuffer()),
      finding: visit.dataset.onsite,
      kind: "site",
      taken_at: new Date().toISOString(),
      file,
    };
    await upload(`photos/${uuid()}/`, fields, (sent) => {
      words.textContent = `${Math.floor(100 * sent)}%`;
    });
    location.reload();
  } catch (error) {
    words.textContent = before;
    problem.textContent = visit.dataset.failed + error.message;
    problem.hidden = false;
  }
}
