// The scope fields a role does not have are hidden; the password can be copied.
// Without this module every field is shown, and the server takes only what the role has.

const COPIED_MS = 2500;

function showScope(roles) {
  const chosen = roles.querySelector("input:checked")?.value ?? "";
  for (const part of roles.form.querySelectorAll("[data-for-roles]")) {
    part.hidden = !part.dataset.forRoles.split(" ").includes(chosen);
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const word = button.querySelector("span");
  const before = word.textContent;
  word.textContent = button.dataset.done;
  button.classList.add("is-done");
  setTimeout(() => {
    word.textContent = before;
    button.classList.remove("is-done");
  }, COPIED_MS);
}

for (const roles of document.querySelectorAll("fieldset[data-roles]")) {
  roles.addEventListener("change", () => showScope(roles));
  showScope(roles);
}
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}
