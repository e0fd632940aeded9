// The score as it would stand now: the server's formula (semantics §2) in whole numbers. The
// server's own figure replaces it on the receipt; a test holds the two together.

const SCALE = 10n ** 10n;

/** "1.5" → 15000000000n */
function whole(text) {
  const [units, decimals = ""] = String(text).split(".");
  return BigInt(units) * SCALE + BigInt((decimals + "0".repeat(10)).slice(0, 10));
}

/** @typedef {{earned: bigint, applicable: bigint}} Part @typedef {{code: string, floor: string | number}} Grade */

/**
 * @param {{section: string, points: string, partial_ratio: string, is_critical: boolean, result: string}[]} lines
 *   answered items
 */
export function score(lines) {
  const total = { earned: 0n, applicable: 0n };
  /** @type {Map<string, Part>} */ const sections = new Map();
  for (const line of lines) {
    if (!sections.has(line.section)) sections.set(line.section, { earned: 0n, applicable: 0n });
    const ratio = ratioOf(line);
    if (ratio === null) continue;
    for (const part of [total, sections.get(line.section)]) {
      part.earned += (whole(line.points) * ratio) / SCALE;
      part.applicable += whole(line.points);
    }
  }
  const isCriticalFailed = lines.some((line) => line.is_critical && line.result !== "pass");
  return { total, sections, isCriticalFailed };
}

function ratioOf({ result, partial_ratio: partial }) {
  if (result === "pass") return SCALE;
  if (result === "fail") return 0n;
  return result === "partial" ? whole(partial) : null;
}

/** @param {Part} part @param {Grade[]} grades @returns {string | null} as printed; null where nothing applies */
export function printed({ earned, applicable }, grades = []) {
  if (!applicable) return null;
  const lines = grades.map((grade) => whole(grade.floor)).filter((line) => line);
  const isOver = (line) => 100n * earned * SCALE >= line * applicable;
  for (let decimals = 1; decimals < 12; decimals++) {
    const unit = 10n ** BigInt(decimals);
    const shown = (200n * earned * unit + applicable) / (2n * applicable); // half up
    if (lines.every((line) => shown * SCALE >= line * unit === isOver(line))) return placed(shown, decimals);
  }
  return null;
}

function placed(shown, decimals) {
  const digits = shown.toString().padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** @param {Part} part @param {Grade[]} grades best first @returns {string} the code */
export function gradeOf({ earned, applicable }, grades, isCritical) {
  if (!applicable || !grades.length) return "";
  const lowest = grades[grades.length - 1];
  if (isCritical) return lowest.code;
  return (grades.find((grade) => 100n * earned * SCALE >= whole(grade.floor) * applicable) || lowest).code;
}
