// Names made on the phone: UUIDs for rows, SHA-256 for bytes. Both work on plain HTTP too, where
// browsers hide crypto.subtle and randomUUID.

import { digest } from "./sha256.js";

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = hex(bytes);
  return [8, 12, 16, 20, 32].map((end, n, ends) => text.slice(ends[n - 1] || 0, end)).join("-");
}

/** @param {ArrayBuffer} buffer */
export async function sha256(buffer) {
  if (crypto.subtle) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", buffer)));
  return hex(digest(new Uint8Array(buffer)));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
