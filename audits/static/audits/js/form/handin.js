// A problem is handed in when its photos have their receipts. Whoever asks again after a lost answer
// first looks whether it went through; what the server refuses comes back to the person. Meanwhile the
// person may take the wish back and write on: an answer is about the row as it was asked for.

import { faultOf } from "./server.js";

/**
 * @typedef {{rectifications: import("./rectifications.js").Rectifications,
 *   album: import("./album.js").Album, username: string, server: typeof import("./server.js").server}} Parts
 */

/** @param {Parts} parts @param {number} finding */
export async function handIn(parts, finding) {
  const { rectifications, album } = parts;
  const wish = await rectifications.of(finding);
  if (!wish.submit) return;
  const rows = (await album.rowsOf({ finding })).filter((row) => wish.submit.photos.includes(row.id));
  const refused = rows.find((row) => row.state === "refused");
  if (refused) {
    await rectifications.change(finding, asAsked(wish, () => ({ submit: null, problem: refused.problem })));
    return;
  }
  if (rows.some((row) => row.state !== "stored")) return;
  try {
    await tell(parts, wish);
  } catch (error) {
    await noteRefusal(rectifications, wish, error);
    if (faultOf(error) !== "final") throw error;
    return;
  }
  for (const id of wish.submit.photos) await album.finish(id);
  if (await rectifications.remove(finding, wish.rev)) return;
  await rectifications.change(finding, () => ({ submit: null, isTaken: true }));
}

function asAsked({ rev }, change) {
  return (held) => (held.rev === rev ? change(held) : null);
}

async function tell({ server, username }, { finding, measure, person, submit: { photos } }) {
  let before = { status: "", conflict: null };
  for (;;) {
    const held = await server.finding(finding);
    if (hasTaken(held, { measure, photos }, username)) return;
    if (held.status === before.status) throw before.conflict;
    try {
      if (held.status === "open") await server.begin(finding, { measure, person });
      await server.handIn(finding, { measure, person, photos });
      return;
    } catch (error) {
      // Somebody else, or our own call, repeated by the browser, was in between: look again.
      if (error.status !== 409) throw error;
      before = { status: held.status, conflict: error };
    }
  }
}

/** Whether this very submission is in the problem's story, whatever came after it. */
export function hasTaken({ events }, { measure, photos }, username) {
  return events.some(
    (event) =>
      event.kind === "submitted" &&
      event.by === username &&
      event.reason === measure &&
      event.photos.length === photos.length &&
      event.photos.every((photo) => photos.includes(photo.id)),
  );
}

async function noteRefusal(rectifications, wish, error) {
  const { finding } = wish;
  const fault = faultOf(error);
  if (fault === "aside" && error.status) await rectifications.change(finding, asAsked(wish, () => ({ problem: error.message, isGone: error.status === 404 })));
  if (fault !== "final") return;
  const named = (error.problem.errors || []).filter((one) => one.field.startsWith("photos."));
  const refused = Object.fromEntries(named.map((one) => [one.field.slice("photos.".length), one.message]));
  const told = (held) => ({ submit: null, problem: error.message, refused: { ...held.refused, ...refused } });
  await rectifications.change(finding, asAsked(wish, told));
}
