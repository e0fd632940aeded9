// What was typed into a form that was refused, or sent after the session had ended, stands in it
// again; so does what was typed into the forms beside the one sent ([data-beside]). It is kept in this tab only, for the same person, and no longer than to the next page.

const KEY = "typed";
const NEVER = new Set(["hidden", "password", "file", "submit", "button"]);

/** @typedef {[string, string, boolean][]} Values names, values and ticks */
/** @typedef {{person: string, isBack: boolean, sent: [string, Values], beside: [string, Values][]}} Typed */

const isTick = (control) => control.type === "checkbox" || control.type === "radio";
const person = () => document.querySelector("[data-person]")?.getAttribute("data-person") ?? "";

/** @param {HTMLFormElement} form @returns {any[]} */
function controls(form) {
  return [...form.elements].filter((one) => {
    const control = /** @type {HTMLInputElement} */ (one);
    return control.name && !NEVER.has(control.type);
  });
}

function keep(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !person()) return;
  const others = [...document.querySelectorAll("form[data-beside]")].filter((one) => one !== form);
  const beside = others.filter(isChanged).map(written);
  sessionStorage.setItem(KEY, JSON.stringify({ person: person(), isBack: false, sent: written(form), beside }));
}

/** @returns {[string, Values]} */
function written(form) {
  return [form.action, controls(form).map((one) => [one.name, one.value, Boolean(one.checked)])];
}

const isChanged = (form) => controls(form).some((one) => one.value !== one.defaultValue);

/** @returns {Typed | null} */
function taken() {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return text ? JSON.parse(text) : null;
}

function giveBack() {
  const typed = taken();
  if (!typed) return;
  if (document.querySelector("[data-held]")) {
    sessionStorage.setItem(KEY, JSON.stringify({ ...typed, isBack: true }));
  } else if (typed.person === person()) {
    typed.beside.forEach(fill);
    if (typed.isBack || document.querySelector("[data-refused]")) fill(typed.sent);
  }
}

/** @param {[string, Values]} told */
function fill([action, values]) {
  const form = [...document.forms].find((one) => one.method === "post" && one.action === action);
  if (!form) return;
  for (const one of controls(form)) {
    const told = values.find(([name, value]) => name === one.name && (!isTick(one) || value === one.value));
    if (!told) continue;
    const [, value, isTicked] = told;
    if (isTick(one) ? one.checked === isTicked : one.value === value) continue;
    if (isTick(one)) one.checked = isTicked;
    else one.value = value;
    const fold = one.closest("details");
    if (fold) fold.open = true;
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.closest("dialog")?.showModal();
}

document.addEventListener("submit", keep);
document.addEventListener("DOMContentLoaded", giveBack); // what the page's other modules do is done
