/** What the scripts build their parts of a page from. */

import { nearest } from "./recording.js";

/**
 * Return a new element.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, unknown>} [attributes] those whose value is undefined are left out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Put a button into the header: in the place that the page keeps for it, so that nothing moves. */
export function inHeader(button) {
  const kept = document.querySelector(`.md-header .${button.className}`);
  if (!kept) document.querySelector(".program-link")?.after(button);
  else if (kept !== button) kept.replaceWith(button);
}

/**
 * Code, a table or a listing that is wider than its place can be reached with the keyboard, which then scrolls it.
 * Asked in the next frame: to ask here can lay out the page once more, and a browser then reports a loop.
 */
export const wide = new ResizeObserver((entries) => requestAnimationFrame(() => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
}));

export const count = (number) => number.toLocaleString("en");

/**
 * Return a range input on a logarithmic scale that stops at the kept iterations only.
 * @param {number[]} kept
 * @param {(iteration: number) => void} moved told of each new iteration
 * @param {AbortSignal} signal ends it
 * @param {string} [of] what it counts
 */
export function slider(kept, moved, signal, of = "Iteration") {
  const last = kept.at(-1);
  const input = element("input", { type: "range", "aria-label": of, title: `${kept.length} of ${count(last)} are kept`,
    min: 0, max: Math.log10(last), step: "any" });
  const shown = element("output");
  let current = kept[0];

  /** Show an iteration; with words for it, one before them all (0) or after them all (Infinity). */
  const set = (iteration, outside = "") => {
    const near = nearest(kept, Math.min(iteration, last));
    current = outside ? iteration : near;
    input.value = String(Math.log10(near));
    shown.value = outside || `${count(near)} of ${count(last)}`;
    input.setAttribute("aria-valuetext", shown.value);
  };
  const move = (iteration) => {
    const before = current;
    set(iteration);
    if (current !== before) moved(current);
  };
  const on = (type, listener) => input.addEventListener(type, listener, { signal });
  on("input", () => move(10 ** Number(input.value)));
  on("keydown", (event) => {
    // One key is one kept iteration: the input's own steps would be too small to leave one.
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5, Home: -99, End: 99 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const index = current > last ? kept.length : kept.indexOf(current);
    move(kept[Math.min(Math.max(index + by, 0), kept.length - 1)]);
  });
  set(current);
  return { element: element("label", { class: "iterations" }, `${of} `, shown, input), set, input };
}

/** The class of a variable's colour in the listing; nothing for what is no array of the program. */
export function colourOf(name) {
  const listed = [...document.querySelectorAll(":is(.listing, .beside) .n")].find((token) => token.textContent === name);
  return listed?.className.split(" ")[1];
}
