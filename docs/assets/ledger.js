/** The ledgers: tables whose values were computed for every kept iteration when the site was built. */

import { element, slider } from "./elements.js";

/**
 * Give each ledger of a page a slider; all of them show the same iteration, but for those that count something else.
 * @param {NodeListOf<HTMLElement>} ledgers
 * @param {(iteration: number) => void} moved told of the iteration that the reader chooses
 * @param {AbortSignal} signal ends it
 * @returns {(iteration: number) => void} shows an iteration
 */
export function ledgers(ledgers, moved, signal) {
  const all = [...ledgers].map((ledger) => {
    const kept = ledger.dataset.iterations.split(" ").map(Number), { of } = ledger.dataset;
    const range = slider(kept, (iteration) => {
      show(iteration, of && ledger);
      if (!of) moved(iteration);
    }, signal, of);
    ledger.prepend(element("div", { class: "controls" }, range.element));
    const places = [.../** @type {NodeListOf<HTMLElement | SVGElement>} */ (ledger.querySelectorAll("[data-at]"))]
      .map((place) => /** @type {const} */ ([place, place.dataset.at.split(";")]));
    return { ledger, of, kept, range, places };
  });

  /** Show an iteration, or what else one of them counts. */
  function show(iteration, /** @type {HTMLElement | undefined} */ only = undefined) {
    for (const { kept, range, places } of all.filter(({ ledger, of }) => (only ? ledger === only : !of))) {
      range.set(iteration);
      const index = kept.indexOf(Number([...kept].reverse().find((n) => n <= iteration) ?? kept[0]));
      for (const [place, texts] of places) {
        if (place instanceof SVGElement) {
          const [x, y, turn] = texts[index].split(" ");
          place.setAttribute("transform", `translate(${x} ${y}) rotate(${turn})`);
        } else place.textContent = texts[index];
      }
    }
  }
  return show;
}
