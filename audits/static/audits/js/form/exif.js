// What the camera wrote into a JPEG, read before shrinking throws it away: time, place, make, size.
// Anything odd is simply not said: a photo never fails for its EXIF.

const NAMES = { 0x010f: "make", 0x0110: "model", 0x0131: "software", 0x0112: "orientation" };
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const TAKEN = 0x9003;
const OFFSET = 0x9011;
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

/** @param {ArrayBuffer} buffer @returns {{width?: number, height?: number, taken_at?: string, latitude?: number, longitude?: number, make?: string, model?: string, software?: string, orientation?: number}} */
export function readExif(buffer) {
  try {
    return read(new DataView(buffer));
  } catch {
    return {};
  }
}

function read(view) {
  const found = {};
  if (view.getUint16(0) !== 0xffd8) return found;
  for (let at = 2; at + 4 < view.byteLength && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xda) break;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) Object.assign(found, tiff(view, at + 10));
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      found.height = view.getUint16(at + 5);
      found.width = view.getUint16(at + 7);
    }
    at += 2 + view.getUint16(at + 2);
  }
  return found;
}

function tiff(view, start) {
  const isLittle = view.getUint16(start) === 0x4949;
  const reader = { view, start, isLittle };
  const main = directory(reader, view.getUint32(start + 4, isLittle));
  const found = {};
  for (const [tag, name] of Object.entries(NAMES)) {
    const value = main[tag];
    if (value !== undefined) found[name] = typeof value === "string" ? value.slice(0, 60) : value[0];
  }
  if (main[EXIF_IFD]) Object.assign(found, moment(directory(reader, main[EXIF_IFD][0])));
  if (main[GPS_IFD]) Object.assign(found, place(directory(reader, main[GPS_IFD][0])));
  return found;
}

function directory({ view, start, isLittle }, offset) {
  const entries = {};
  const base = start + offset;
  const count = Math.min(view.getUint16(base, isLittle), 200);
  for (let n = 0; n < count; n++) {
    const at = base + 2 + n * 12;
    const type = view.getUint16(at + 2, isLittle);
    const length = view.getUint32(at + 4, isLittle);
    const size = (SIZES[type] || 0) * length;
    if (!size || size > 4096) continue;
    const from = size <= 4 ? at + 8 : start + view.getUint32(at + 8, isLittle);
    entries[view.getUint16(at, isLittle)] = values(view, from, type, length, isLittle);
  }
  return entries;
}

function values(view, from, type, length, isLittle) {
  if (type === 2) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, length);
    return new TextDecoder().decode(bytes).replace(/\0.*$/s, "").trim();
  }
  return Array.from({ length }, (_, n) => {
    if (type === 3) return view.getUint16(from + n * 2, isLittle);
    if (type === 5 || type === 10) {
      return view.getUint32(from + n * 8, isLittle) / view.getUint32(from + n * 8 + 4, isLittle);
    }
    return type === 4 || type === 9 ? view.getUint32(from + n * 4, isLittle) : view.getUint8(from + n);
  });
}

// Cameras write local time, and the zone only sometimes: here it is China's.
function moment(exif) {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(exif[TAKEN] || "");
  if (!parts) return {};
  const zone = /^[+-]\d\d:\d\d$/.test(exif[OFFSET] || "") ? exif[OFFSET] : "+08:00";
  const [, year, month, day, hour, minute, second] = parts;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(at.getTime()) ? {} : { taken_at: at.toISOString() };
}

function place(gps) {
  const latitude = degrees(gps[2], gps[1], "S");
  const longitude = degrees(gps[4], gps[3], "W");
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude || longitude);
  return isPlace ? { latitude, longitude } : {};
}

function degrees(parts, side, negative) {
  if (!Array.isArray(parts) || parts.length !== 3) return NaN;
  const value = parts[0] + parts[1] / 60 + parts[2] / 3600;
  return Number((side === negative ? -value : value).toFixed(6));
}
