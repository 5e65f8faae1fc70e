/** Whose run the networks and ledgers of a page of prose show: the program's, or the reader's own (docs/literate/look/far.py). */

import { element } from "./elements.js";
import { Recording } from "./recording.js";
import { choice } from "./yours.js";

/**
 * @typedef {object} Own the reader's own run
 * @property {Recording} recording
 * @property {Record<string, number>} lines those of the reader's program, by those of the site's in whose place they stand
 * @property {Map<HTMLElement, {iterations: number[], places: [HTMLElement | SVGElement, string[]][]}>} ledgers what each shows: where, which texts
 * @property {string} note what is said of it wherever it is shown
 */

/** @type {WeakMap<Element, [string, string | null]>} what a cell of a ledger held before any other run was shown: its text, and a curve's place */
const built = new WeakMap();
const placesIn = (ledger) => [.../** @type {NodeListOf<HTMLElement | SVGElement>} */ (ledger.querySelectorAll(".value, .curve > g"))];

/** What on a page shows the run of a program. */
const figures = (program) => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".network[data-program], .ledger[data-cells]"))]
  .filter(({ dataset }) => dataset.program === program);

/**
 * What a page wants to know of a run, as JSON (docs/literate/look/far.py).
 * @param {string} program its name
 * @param {string} text the site's
 */
export function asks(program, text) {
  const all = figures(program), ledgers = all.flatMap(({ dataset }) => (dataset.cells ? JSON.parse(dataset.cells) : []));
  const lines = [...all.flatMap(({ dataset }) => Number(dataset.line) || []), ...ledgers.map(({ line }) => line)];
  return JSON.stringify({ text, lines: [...new Set(lines)], ledgers });
}

/**
 * Show the reader's run in the place of the program's, and let them choose. A program can have sent it, so nothing of it is taken for HTML.
 * @param {string} recorded
 * @param {(own?: Own) => Promise<void>} draw shows it, or the program's
 */
export async function runs(recorded, draw) {
  const file = JSON.parse(recorded), recording = new Recording(file), all = figures(recording.program);
  const tables = all.filter(({ dataset }) => dataset.cells);
  const note = `These are the numbers of your run.${file.ended ? ` It did not come to its end: ${file.ended}` : ""}`;
  const own = { recording, lines: file.lines, ledgers: new Map(), note };
  const words = new Map();
  for (const [number, ledger] of tables.entries()) {
    const { iterations, cells, says } = file.ledgers[number] ?? {};
    const { line } = JSON.parse(ledger.dataset.cells), places = placesIn(ledger);
    words.set(ledger, cells ? `${note} ${says}`.trim() : `Your program has no line in the place of line ${line}, so this is still the program’s.`);
    for (const place of places) if (!built.has(place)) built.set(place, [place.textContent, place.getAttribute("transform")]);
    if (cells) own.ledgers.set(ledger, { iterations, places: places.map((place, cell) => [place, cells[cell]]) });
  }
  const turn = async (mine, at = -1) => {
    for (const place of tables.flatMap(placesIn)) { // what is the same in every iteration of the program is shown once
      const [text, transform] = built.get(place);
      if (transform) place.setAttribute("transform", transform);
      else place.textContent = text;
    }
    await draw(mine ? own : undefined);
    for (const ledger of tables) {
      ledger.querySelector(".key")?.remove();
      if (mine) ledger.querySelector(".controls").after(element("p", { class: "key" }, words.get(ledger)));
    }
    for (const [number, figure] of all.entries()) {
      figure.querySelector(".whose")?.remove();
      const made = choice((ours) => turn(!ours, number), mine, `whose-${number}`);
      (figure.querySelector(".choices, .controls") ?? figure).prepend(made);
      if (number === at) /** @type {HTMLElement} */ (made.querySelector(":checked")).focus({ preventScroll: true });
    }
  };
  await turn(true, 0);
  all[0].scrollIntoView({ block: "center" });
}
