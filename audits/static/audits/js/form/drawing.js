// Drawing with a finger: marks over a photo, kept as shares of its size, and the signature.

const RED = "#d62828";

/** @typedef {{kind: string, from: number[], to: number[], text: string}} Mark */

/** @param {HTMLCanvasElement} canvas @param {CanvasImageSource | null} picture @param {Mark[]} marks */
export function paint(canvas, picture, marks) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (picture) pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const line = Math.max(3, Math.max(canvas.width, canvas.height) / 200);
  for (const mark of marks) {
    const at = (place) => /** @type {[number, number]} */ ([place[0] * canvas.width, place[1] * canvas.height]);
    for (const [colour, width] of /** @type {[string, number][]} */ ([["#fff", line + 4], [RED, line]])) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width, fillStyle: RED, lineCap: "round" });
      one(pen, mark.kind, at(mark.from), at(mark.to), mark.text, canvas.width);
    }
  }
}

function one(pen, kind, [x0, y0], [x1, y1], words, width) {
  pen.beginPath();
  if (kind === "text") {
    pen.font = `bold ${Math.max(14, width / 24)}px sans-serif`;
    pen.textBaseline = "top";
    if (pen.strokeStyle === "#ffffff") pen.strokeText(words, x0, y0);
    else pen.fillText(words, x0, y0);
    return;
  }
  if (kind === "circle") {
    pen.ellipse((x0 + x1) / 2, (y0 + y1) / 2, Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2, 0, 0, 7);
  } else {
    const angle = Math.atan2(y1 - y0, x1 - x0);
    const head = pen.lineWidth * 3 + 12;
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    for (const turn of [0.85 * Math.PI, -0.85 * Math.PI]) {
      pen.moveTo(x1, y1);
      pen.lineTo(x1 + head * Math.cos(angle + turn), y1 + head * Math.sin(angle + turn));
    }
  }
  pen.stroke();
}

/**
 * Follows a finger from where it goes down to where it is lifted, in shares of the canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {{down?: (place: number[]) => void, move?: (place: number[], from: number[]) => void, up?: (place: number[], from: number[]) => void}} on
 */
export function follow(canvas, on) {
  let from = null;
  const share = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((one) => Math.min(1, Math.max(0, one)));
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    from = share(event);
    on.down?.(from);
  };
  canvas.onpointermove = (event) => from && on.move?.(share(event), from);
  canvas.onpointerup = (event) => {
    if (from) on.up?.(share(event), from);
    from = null;
  };
}
