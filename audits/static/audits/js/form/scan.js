// 扫码: the poster on a station's door opens its sheet. Where the browser cannot read codes, the
// number under the code is typed.

import { text } from "../dom.js";
import { say } from "../words.js";
import { stream } from "./camera.js";
import { byId } from "./page.js";
import { leadsToVisit } from "./today.js";

const LOOK_MS = 250;
const LEAST_TYPED = 3;

/** The task a poster's address or a typed number names: the whole number, or an end only one has. */
export function taskOf(given, tasks) {
  const door = /\/s\/([^/?#]+)/.exec(given);
  const code = (door ? decodeURIComponent(door[1]) : given).trim().toUpperCase();
  const codeOf = (task) => task.station.code.toUpperCase();
  const whole = tasks.filter((task) => codeOf(task) === code);
  if (whole.length || door || code.length < LEAST_TYPED) return foremost(whole);
  const ending = tasks.filter((task) => codeOf(task).endsWith(code));
  return new Set(ending.map(codeOf)).size === 1 ? foremost(ending) : null;
}

// As at the server's door: a 回头看 that is to be done comes before whatever else is there.
function foremost(tasks) {
  return tasks.find(leadsToVisit) || tasks[0] || null;
}

/** @param {any[]} tasks @param {(task: any) => void} onFound */
export async function openScan(tasks, onFound) {
  const dialog = byId("d-scan");
  if (dialog.open) return;
  const field = byId("d-scan-code");
  const take = (given) => {
    const task = taskOf(given, tasks);
    byId("d-scan-error").hidden = Boolean(task);
    text(byId("d-scan-error"), task ? "" : say("scan_unknown"));
    if (!task) return;
    dialog.close();
    onFound(task);
  };
  field.value = "";
  byId("d-scan-error").hidden = true;
  byId("d-scan-form").onsubmit = (event) => {
    event.preventDefault();
    take(field.value);
  };
  dialog.showModal();
  await watch(dialog, byId("d-scan-video"), take);
}

async function watch(dialog, video, take) {
  const reader = await codeReader();
  const live = reader && (await stream());
  byId("d-scan-none").hidden = Boolean(live);
  video.hidden = !live;
  if (!live) return;
  const timer = setInterval(async () => {
    const [code] = await reader.detect(video).catch(() => []);
    if (code && dialog.open) take(code.rawValue);
  }, LOOK_MS);
  const end = () => {
    clearInterval(timer);
    for (const track of live.getTracks()) track.stop();
    video.srcObject = null;
  };
  if (!dialog.open) {
    end();
    return;
  }
  dialog.addEventListener("close", end, { once: true });
  video.srcObject = live;
  await video.play().catch(() => {});
}

async function codeReader() {
  try {
    const Reader = /** @type {any} */ (window).BarcodeDetector;
    const kinds = await Reader.getSupportedFormats();
    return kinds.includes("qr_code") ? new Reader({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}
