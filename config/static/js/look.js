// Small behaviours every page shares: reveal a password, open and close dialogs, dismiss toasts,
// send a form once, close a menu by clicking beside it.

const TOAST_MS = 6000;

function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

function closest(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

function onClick(event) {
  const revealer = closest(event, "[data-reveal]");
  if (revealer) reveal(revealer);

  const opener = closest(event, "[data-open]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.open).showModal();
  }

  const viewer = closest(event, "[data-view]");
  if (viewer) view(event, viewer);

  const closer = closest(event, "[data-close]");
  if (closer) closer.closest("dialog").close();
  const ground = event.target instanceof HTMLDialogElement ? event.target : null; // the dimmed one
  if (ground && !("hold" in ground.dataset)) ground.close();

  const dismisser = closest(event, "[data-dismiss]");
  if (dismisser) dismisser.closest(".toast").remove();

  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

// A second tap on a slow line must not send the form twice.
function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "true";
}

// Coming back by the browser's own cache: forms can be sent again, and a list whose rows have moved
// on since is asked for anew.
function onShow(event) {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  if (document.querySelector("[data-fresh]")) window.location.reload();
}

function onKey(event) {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

// A picture that is still being made, or cannot be had, leaves a quiet square.
function onMissing(image) {
  image.closest(".thumb")?.classList.add("thumb--none");
  image.hidden = true;
}

function view(event, link) {
  event.preventDefault();
  const dialog = document.getElementById(link.dataset.view);
  dialog.querySelector("img").src = link.href;
  dialog.showModal();
}

/** What a module left for the page that follows it. */
function toastFromBefore() {
  const words = sessionStorage.getItem("toast");
  if (!words) return;
  sessionStorage.removeItem("toast");
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = words;
  document.getElementById("toasts").append(toast);
}

document.addEventListener("click", onClick);
document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) onMissing(event.target);
}, true);
document.addEventListener("submit", onSubmit);
document.addEventListener("keydown", onKey);
window.addEventListener("pageshow", onShow);
for (const control of document.querySelectorAll("[data-auto]")) {
  control.addEventListener("change", () => {
    const isHalfTyped = control.type === "date" && control.value && control.value < "2000";
    if (!isHalfTyped) control.form.requestSubmit();
  });
}
for (const image of document.images) {
  if (image.complete && image.src && !image.naturalWidth) onMissing(image);
}
document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
toastFromBefore();
for (const toast of document.querySelectorAll(".toast")) {
  setTimeout(() => toast.remove(), TOAST_MS);
}
