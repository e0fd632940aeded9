// A ZIP without compression: photos are compressed already, and this one needs no library.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** @param {Uint8Array} bytes */
export function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** @param {{name: string, bytes: Uint8Array}[]} files @param {Date} when @returns {Blob} */
export function zip(files, when = new Date()) {
  /** @type {any[]} */ const parts = [];
  /** @type {Uint8Array[]} */ const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const title = new TextEncoder().encode(name);
    const facts = header(title, bytes, when);
    const local = record(0x04034b50, facts, [title]);
    directory.push(record(0x02014b50, [[2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]], [title]));
    parts.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(0x06054b50, [[2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]], []);
  return new Blob([...parts, .../** @type {any[]} */ (directory), end], { type: "application/zip" });
}

function header(title, bytes, when) {
  const time = (when.getHours() << 11) | (when.getMinutes() << 5) | (when.getSeconds() >> 1);
  const day = ((when.getFullYear() - 1980) << 9) | ((when.getMonth() + 1) << 5) | when.getDate();
  const utf8 = 0x0800;
  return [[2, 20], [2, utf8], [2, 0], [2, time], [2, day], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
}

/** Little-endian fields [width, value] behind a signature. */
function record(signature, fields, tail) {
  const length = 4 + fields.reduce((sum, [width]) => sum + width, 0);
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  const all = new Uint8Array(length + tail.reduce((sum, part) => sum + part.length, 0));
  all.set(new Uint8Array(view.buffer));
  let place = length;
  for (const part of tail) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}
