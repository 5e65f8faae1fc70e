/** The ledgers: tables whose values were computed for every kept iteration when the site was built. */

import { element, slider } from "./elements.js";

/**
 * Give each ledger of a page a slider; all of them show the same iteration, but for those that count something else.
 * @param {NodeListOf<HTMLElement>} ledgers
 * @param {(iteration: number) => void} moved told of the iteration that the reader chooses
 * @param {AbortSignal} signal ends it
 * @param {import("./runs.js").Own} [run] the reader's own, if that is to be shown
 * @returns {(iteration: number) => void} shows an iteration
 */
export function ledgers(ledgers, moved, signal, run) {
  const all = [...ledgers].map((ledger) => {
    const { of } = ledger.dataset, own = run?.ledgers.get(ledger);
    const kept = own?.iterations ?? ledger.dataset.iterations.split(" ").map(Number);
    const range = slider(kept, (iteration) => {
      show(iteration, of && ledger);
      if (!of) moved(iteration);
    }, signal, of);
    const controls = element("div", { class: "controls" }, range.element);
    ledger.prepend(controls);
    signal.addEventListener("abort", () => controls.remove());
    const places = own?.places ?? [.../** @type {NodeListOf<HTMLElement | SVGElement>} */ (ledger.querySelectorAll("[data-at]"))]
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
