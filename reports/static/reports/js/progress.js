// Papers under way are asked after every two seconds; when one is done the page is read anew, so
// that the server alone says what a finished one looks like.

const PAUSE_MS = 2000;
const TIMEOUT_MS = 8000;

function waiting() {
  return [...document.querySelectorAll('[data-state="queued"], [data-state="running"]')];
}

async function ask(row) {
  const response = await fetch(`/api/v1/reports/${row.dataset.report}/`, {
    credentials: "same-origin",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function show(row, told) {
  row.querySelector("[data-progress]").value = told.progress;
  row.querySelector("[data-percent]").textContent = `${told.progress}%`;
}

async function look() {
  let changed = false;
  for (const row of waiting()) {
    try {
      const told = await ask(row);
      show(row, told);
      changed ||= told.state !== row.dataset.state;
    } catch {
      // the next round asks again
    }
  }
  if (changed) return location.reload();
  if (waiting().length) setTimeout(look, PAUSE_MS);
}

if (waiting().length) setTimeout(look, PAUSE_MS);
