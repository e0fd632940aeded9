// Arrow, circle and words over a photo, as a layer of its own: the photo stays as it was taken.

import { byId } from "./page.js";
import { follow, paint } from "./drawing.js";

/** @param {string} url @param {any[]} before @param {(marks: any[]) => void} onDone */
export async function openMarks(url, before, onDone) {
  const dialog = byId("d-marks");
  const canvas = byId("d-marks-canvas");
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  const marks = [...before];
  let kind = "arrow";
  const draw = (extra = []) => paint(canvas, picture, [...marks, ...extra]);
  const made = (to, from) => ({ kind, from, to, text: kind === "text" ? byId("d-marks-text").value.trim() : "" });
  follow(canvas, {
    move: (to, from) => draw([made(to, from)]),
    up: (to, from) => {
      const mark = made(to, from);
      if (kind !== "text" || mark.text) marks.push(mark);
      draw();
    },
  });
  for (const button of dialog.querySelectorAll("[data-mark]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mark === kind));
    button.onclick = () => {
      kind = button.dataset.mark;
      byId("d-marks-words").hidden = kind !== "text";
      for (const one of dialog.querySelectorAll("[data-mark]")) one.setAttribute("aria-pressed", String(one === button));
    };
  }
  byId("d-marks-undo").onclick = () => {
    marks.pop();
    draw();
  };
  byId("d-marks-done").onclick = () => {
    dialog.close();
    onDone(marks);
  };
  draw();
  dialog.showModal();
}

/** The station head signs on the glass. @param {(picture: Blob) => void} onDone */
export function openSignature(onDone) {
  const dialog = byId("d-sign");
  const canvas = byId("d-sign-canvas");
  const pen = canvas.getContext("2d");
  let isSigned = false;
  const clear = () => {
    Object.assign(pen, { fillStyle: "#fff", strokeStyle: "#191b1d", lineWidth: 5, lineCap: "round", lineJoin: "round" });
    pen.fillRect(0, 0, canvas.width, canvas.height);
    isSigned = false;
  };
  const at = (place) => [place[0] * canvas.width, place[1] * canvas.height];
  let last = null;
  follow(canvas, {
    down: (place) => {
      last = at(place);
    },
    move: (place) => {
      pen.beginPath();
      pen.moveTo(last[0], last[1]);
      last = at(place);
      pen.lineTo(last[0], last[1]);
      pen.stroke();
      isSigned = true;
    },
  });
  byId("d-sign-clear").onclick = clear;
  byId("d-sign-done").onclick = () => {
    dialog.close();
    if (isSigned) canvas.toBlob((picture) => onDone(picture), "image/jpeg", 0.9);
  };
  clear();
  dialog.showModal();
}
