// A choice that needs nothing more hides the fields of the other one.

for (const select of document.querySelectorAll("[data-shows]")) {
  const fields = document.getElementById(select.dataset.shows);
  const show = () => {
    fields.hidden = select.value !== "";
  };
  select.addEventListener("change", show);
  show();
}

// Weights as the version has them need not stand in the address.
for (const form of document.querySelectorAll("[data-sparse]")) {
  form.addEventListener("submit", () => {
    for (const input of form.querySelectorAll("[data-usual]")) {
      input.disabled = input.value.trim() === input.dataset.usual;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const input of form.querySelectorAll("[data-usual]")) input.disabled = false;
  });
}
