// What a photo is sent with, by the queue and in a parcel.

/**
 * @param {import("./album.js").Photo} photo @param {{audit: string} | {finding: string}} subject
 * @returns {Record<string, string | Blob>}
 */
export function fields(photo, subject, bytes) {
  const { latitude, longitude, accuracy } = photo.place || {};
  const exif = { ...photo.exif, ...(photo.place ? { position_age_s: photo.place.age } : {}) };
  return {
    sha256: photo.sha256,
    ...subject,
    ...(photo.itemCode ? { item_code: photo.itemCode } : {}),
    kind: photo.kind,
    taken_at: photo.takenAt,
    ...(latitude ? { latitude, longitude, accuracy } : {}),
    exif: JSON.stringify(exif),
    marks: JSON.stringify(photo.marks || []),
    file: new Blob([bytes], { type: photo.mime }),
  };
}

/** @param {import("./album.js").PhotoRow} row @param {import("./drafts.js").Drafts} drafts */
export async function subjectOf(row, drafts) {
  return row.finding ? { finding: String(row.finding) } : { audit: (await drafts.audit(row.assignment)).auditId };
}
