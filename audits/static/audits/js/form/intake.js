// A file becomes a photo: looked at, its EXIF read, shrunk to 1,280 px, checked for blur and dark.
// What is no photo gets a plain sentence; what cannot be opened here goes as it is.

import { say } from "../words.js";
import { readExif } from "./exif.js";
import { looksOf } from "./looks.js";

export const SIDE = 1280;
const THUMB_SIDE = 176;
const QUALITY = 0.82;
const MOST_BYTES = 30 * 1024 * 1024;
const SMALL_BYTES = 700 * 1024;

/** Not a photo; the message is for people. */
export class Unfit extends Error {}

/**
 * @typedef {Object} Taken
 * @property {ArrayBuffer} copy what is sent first
 * @property {ArrayBuffer | null} original what follows on a good line; null where the copy is it
 * @property {string} mime of the copy
 * @property {string} thumb
 * @property {Record<string, any>} exif
 * @property {string[]} warnings sentences; none blocks anything
 */

/** @param {Blob} file @returns {Promise<Taken>} */
export async function takeIn(file) {
  if (!file.size) throw new Unfit(say("file_empty"));
  const buffer = await file.arrayBuffer();
  if (!buffer.byteLength) throw new Unfit(say("file_empty"));
  const mime = kindOf(new Uint8Array(buffer, 0, Math.min(16, buffer.byteLength)));
  if (!mime) throw new Unfit(say(file.type.startsWith("video/") ? "file_video" : "file_unknown"));
  if (mime === "video") throw new Unfit(say("file_video"));
  const exif = readExif(buffer);
  const picture = await opened(new Blob([buffer], { type: mime }));
  if (!picture) return unopened(buffer, mime, exif);
  try {
    return await shrunk(buffer, mime, exif, picture);
  } finally {
    picture.close();
  }
}

// By the first bytes: names and types lie.
export function kindOf(head) {
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  if (text.slice(4, 8) === "ftyp") {
    return /^(heic|heix|hevc|hevx|mif1|msf1|heim|heis)/.test(text.slice(8)) ? "image/heic" : "video";
  }
  return text.startsWith("\x1aE\xdf\xa3") || text.slice(8, 11) === "AVI" ? "video" : "";
}

async function opened(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

// HEIC on most Androids, or a picture too big for this phone's memory: the server can look at it.
function unopened(buffer, mime, exif) {
  if (buffer.byteLength > MOST_BYTES) throw new Unfit(say("file_large"));
  if (mime !== "image/heic" && !exif.width) throw new Unfit(say("file_broken"));
  const warning = say(mime === "image/heic" ? "photo_heic" : "photo_unopened");
  return { copy: buffer, original: null, mime, thumb: "", exif, warnings: [warning] };
}

async function shrunk(buffer, mime, exif, picture) {
  const canvas = drawn(picture, SIDE);
  const isSmall = Math.max(picture.width, picture.height) <= SIDE && buffer.byteLength <= SMALL_BYTES;
  const copy = isSmall ? buffer : await encoded(canvas, QUALITY);
  const warnings = looksOf(drawn(canvas, 320)).map((name) => say(name));
  if (Math.max(picture.width, picture.height) < 480) warnings.push(say("photo_tiny"));
  if (picture.width * picture.height > 40e6) warnings.push(say("photo_huge", { n: Math.round((picture.width * picture.height) / 1e6) }));
  const original = isSmall || buffer.byteLength > MOST_BYTES ? null : buffer;
  return {
    copy,
    original,
    mime: isSmall ? mime : "image/jpeg",
    thumb: drawn(canvas, THUMB_SIDE).toDataURL("image/jpeg", 0.6),
    exif: { ...exif, width: picture.width, height: picture.height },
    warnings,
  };
}

/** @param {ImageBitmap | HTMLCanvasElement | HTMLVideoElement} source */
export function drawn(source, side, width = source.width, height = source.height) {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // transparency becomes white paper
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<ArrayBuffer>} */
export function encoded(canvas, quality = QUALITY) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob.arrayBuffer()) : reject(new Error("no memory"))), "image/jpeg", quality);
  });
}
