// Our own camera view: the earlier photo lies half transparent over the live picture, so that the
// same place is taken again from the same side. Where it cannot open, the phone's own camera does.

import { text } from "../dom.js";
import { place, watchPosition } from "../position.js";
import { say } from "../words.js";
import { drawn, encoded } from "./intake.js";
import { looksOf } from "./looks.js";
import { byId } from "./page.js";

const LOOK_MS = 700;

/** @returns {Promise<MediaStream | null>} */
export async function stream() {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: 2560 }, height: { ideal: 1920 } },
    });
  } catch {
    return null;
  }
}

/**
 * @param {{title: string, words: string, ghost: string}} view
 * @returns {Promise<Blob | null | "none">} the frame, null when closed, "none" when there is no camera
 */
export async function openCamera({ title, words, ghost }) {
  const live = await stream();
  if (!live) return "none";
  watchPosition();
  const dialog = byId("d-camera");
  const video = byId("d-camera-video");
  video.srcObject = live;
  await video.play().catch(() => {});
  text(byId("d-camera-title"), title);
  text(byId("d-camera-words"), words);
  lay(ghost);
  const timer = setInterval(() => look(video), LOOK_MS);
  dialog.showModal();
  const answer = await new Promise((resolve) => {
    byId("d-camera-shoot").onclick = () => resolve(frame(video));
    dialog.onclose = () => resolve(null);
  });
  clearInterval(timer);
  for (const track of live.getTracks()) track.stop();
  video.srcObject = null;
  dialog.onclose = null;
  dialog.close();
  return answer;
}

function lay(ghost) {
  const image = byId("d-camera-ghost");
  const slider = byId("d-camera-share");
  image.hidden = byId("d-camera-slider").hidden = !ghost;
  if (!ghost) return;
  image.src = ghost;
  // Steps as classes: the page's policy allows no style of its own.
  const set = () => {
    image.setAttribute("class", `camera__ghost ghost-${Math.round(Number(slider.value) / 10)}`);
    text(byId("d-camera-percent"), `${slider.value}%`);
  };
  slider.oninput = set;
  slider.value = "40";
  set();
}

async function frame(video) {
  const canvas = drawn(video, 4096, video.videoWidth, video.videoHeight);
  return new Blob([await encoded(canvas, 0.92)], { type: "image/jpeg" });
}

// What the photo would be told of, before it is taken.
function look(video) {
  if (!video.videoWidth) return;
  const found = looksOf(drawn(video, 240, video.videoWidth, video.videoHeight));
  const where = place();
  const words = found.length ? found.map((name) => say(name)) : [say("looks_fine")];
  text(byId("d-camera-look"), words.join(" "));
  text(byId("d-camera-place"), where ? say("place_within", { n: Math.round(Number(where.accuracy)) }) : say("no_place"));
}
