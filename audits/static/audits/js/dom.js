// Markup comes from <template> elements written by the server; these fill them.

const SVG = "http://www.w3.org/2000/svg";

/** A copy of <template id=name>, with its `data-slot` elements by name. @returns {any} */
export function clone(name) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(name));
  const root = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
  const slots = {};
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-slot]"))) {
    slots[element.dataset.slot] = element;
  }
  return { root, ...slots };
}

export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/** A sentence with a place of its own, which is not there while there is nothing to say. */
export function tell(element, value) {
  element.hidden = !value;
  text(element, value);
}

/** Show `address` once there is one; the same one is not loaded twice. */
export function picture(image, address) {
  if (!address || image.getAttribute("src") === address) return;
  image.hidden = false;
  image.src = address;
}

export function icon(name, css = "i") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", css);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Word and shape of one status, as the server's `chip` and `status` tags draw them. */
export function dress(element, base, status, word = status.word) {
  const css = `${base}${base === "chip" ? " chip--" : " t-"}${status.tone}`;
  if (element.className === css && element.textContent === word) return;
  element.className = css;
  element.replaceChildren(icon(status.icon), word);
}

/** Keep `holder`'s children in step with `rows`: one element per key, made once. */
export function keep(holder, rows, { key, make, update }) {
  const held = new Map([...holder.children].map((child) => [child.dataset.key, child]));
  let before = null;
  for (const row of rows) {
    const name = String(key(row));
    let element = held.get(name);
    held.delete(name);
    if (!element) {
      element = make(row);
      element.dataset.key = name;
    }
    const next = before ? before.nextElementSibling : holder.firstElementChild;
    if (element !== next) holder.insertBefore(element, next);
    update(element, row);
    before = element;
  }
  for (const element of held.values()) element.remove();
}
