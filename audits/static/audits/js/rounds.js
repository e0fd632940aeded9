// Ticking stations: the bar with what can be done to them shows only while something is ticked.

function boxesOf(root, name) {
  return [...root.querySelectorAll(`input[name="${name}"]`)];
}

for (const form of document.querySelectorAll("[data-bulk]")) {
  const boxes = boxesOf(form, "assignments");
  const bar = form.querySelector("[data-bulk-bar]");
  const all = form.querySelector("[data-bulk-all]");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked);
    bar.hidden = ticked.length === 0;
    form.querySelector("[data-bulk-count]").textContent = ticked.length;
    all.checked = boxes.length > 0 && ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && !all.checked;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", box.checked);
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}

for (const group of document.querySelectorAll("[data-group]")) {
  const all = group.querySelector("[data-all]");
  const boxes = boxesOf(group, "stations");
  group.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    all.checked = boxes.every((box) => box.checked);
    all.indeterminate = !all.checked && boxes.some((box) => box.checked);
  });
}
