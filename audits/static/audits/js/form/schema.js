// The phone's database, step by step. A released step is never changed: phones out there stand on
// it with unsent work. A change is a new step at the end, and no step ever deletes a store.

/** @type {((db: IDBDatabase, part: IDBTransaction) => void)[]} */
export const STEPS = [
  (db) => {
    db.createObjectStore("meta", { keyPath: "name" });
    db.createObjectStore("sheets", { keyPath: "assignment" });
    db.createObjectStore("audits", { keyPath: "assignment" });
    db.createObjectStore("answers", { keyPath: ["assignment", "code"] }).createIndex("assignment", "assignment");
    db.createObjectStore("photos", { keyPath: "id" }).createIndex("assignment", "assignment");
    db.createObjectStore("bytes", { keyPath: "id" });
  },
  (db) => {
    db.createObjectStore("originals", { keyPath: "id" });
  },
  (db) => {
    db.createObjectStore("pictures", { keyPath: "id" });
  },
  // Photos of a problem have no task: rows from before need no change to be found as they were.
  (db, part) => {
    part.objectStore("photos").createIndex("finding", "finding");
    db.createObjectStore("rectifications", { keyPath: "finding" });
  },
];

/** @param {IDBOpenDBRequest} asked @param {number} from the version found @param {number} to */
export function upgrade({ result, transaction }, from, to = STEPS.length) {
  for (const step of STEPS.slice(from, to)) step(result, transaction);
}
