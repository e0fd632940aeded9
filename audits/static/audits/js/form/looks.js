// Blurred or dark? Asked of a small grey copy; an advice to take it again, never a refusal.

const DARK_BELOW = 42;
const BRIGHT_ABOVE = 238;
const BLURRED_BELOW = 4;

/** @param {HTMLCanvasElement} canvas @returns {string[]} names of sentences */
export function looksOf(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return judged(grey(data), width, height);
}

/** @param {Float32Array} light */
export function judged(light, width, height) {
  const mean = light.reduce((sum, value) => sum + value, 0) / light.length;
  const found = [];
  if (mean < DARK_BELOW) found.push("photo_dark");
  if (mean > BRIGHT_ABOVE) found.push("photo_bright");
  if (sharpness(light, width, height) < BLURRED_BELOW) found.push("photo_blurred");
  return found;
}

export function grey(rgba) {
  const light = new Float32Array(rgba.length / 4);
  for (let n = 0; n < light.length; n++) {
    light[n] = rgba[n * 4] * 0.299 + rgba[n * 4 + 1] * 0.587 + rgba[n * 4 + 2] * 0.114;
  }
  return light;
}

// The spread of the Laplacian: edges make it large, blur makes it small.
export function sharpness(light, width, height) {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const edge = light[at - 1] + light[at + 1] + light[at - width] + light[at + width] - 4 * light[at];
      sum += edge;
      squares += edge * edge;
      count++;
    }
  }
  if (!count) return 0;
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}
