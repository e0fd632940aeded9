// Arrow keys walk over the cells of a score table: left and right, up and down, Home and End.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function target(table, link, key) {
  const rows = [...table.rows];
  const cell = link.closest("th, td");
  const row = cell.parentElement;
  if (key === "Home") return row.cells[0];
  if (key === "End") return row.cells[row.cells.length - 1];
  const [down, right] = STEPS[key] ?? [0, 0];
  const next = rows[rows.indexOf(row) + down];
  return next?.cells[cell.cellIndex + right];
}

for (const table of document.querySelectorAll("[data-arrows]")) {
  table.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) && event.key !== "Home" && event.key !== "End") return;
    const link = event.target.closest("a");
    const goal = link && target(table, link, event.key)?.querySelector("a");
    if (!goal) return;
    event.preventDefault();
    goal.focus();
  });
}
