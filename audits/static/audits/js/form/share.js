// 发回执给站长: the receipt in a few lines, by whatever way this browser has of handing text on.

import { clock, day, dotted, say } from "../words.js";
import { byId, toast } from "./page.js";

/** @param {import("./store.js").Store} store */
export function receiptText({ sheet, audit: { receipt } }) {
  const { station, round } = sheet;
  const { score } = receipt;
  const raised = { n: receipt.findings, day: receipt.earliest_due_on ? day(receipt.earliest_due_on) : "" };
  return [
    dotted(station.name, round.name),
    dotted(
      say("counted_all", { items: receipt.answered, photos: receipt.photos_verified }),
      say("all_verified", { time: clock(receipt.counted_at) }),
    ),
    score && score.total !== null ? `${say("score")} ${score.total} ${score.grade}` : "",
    receipt.findings ? say(raised.day ? "findings_due" : "findings", raised) : say("no_findings"),
    `${location.origin}/s/${encodeURIComponent(station.code)}/`,
  ].filter(Boolean).join("\n");
}

/** @param {import("./store.js").Store} store */
export async function shareReceipt(store) {
  const words = receiptText(store);
  try {
    if (navigator.share) return await navigator.share({ text: words });
    await navigator.clipboard.writeText(words);
    toast(say("receipt_copied"));
  } catch (error) {
    if (error?.name !== "AbortError") show(words);
  }
}

function show(words) {
  byId("d-share-text").value = words;
  byId("d-share").showModal();
  byId("d-share-text").select();
}
