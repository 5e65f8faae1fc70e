/** What lines of the program have made, for the panel beside the prose. Loaded once the panel is open. */

import { card, rows } from "./card.js";
import { count, element } from "./elements.js";
import {} from "./program.js"; // with which the cards come, so that they are no further file for the program's page

/**
 * What some lines have bound in an iteration: the numbers and the arrays.
 * @param {import("./recording.js").Recording} whole
 * @param {string[]} examples the names of the arrays whose rows are the examples
 * @param {import("./follow.js").Lines} lines
 * @param {number} turn
 * @returns {HTMLElement[]}
 */
export function valued(whole, examples, { first, last, call = 1 }, turn) {
  const recording = whole.at(last, call), kept = recording.nearest(last, turn), index = recording.find(last, kept);
  const at = recording.steps[index], loop = recording.loop(last);
  if (!at) return [];
  const ran = recording.steps.slice(0, index + 1).filter((step) => step.iteration === at.iteration && step.line >= first && step.line <= last);
  const before = recording.steps[index - ran.length]?.state ?? {};
  const names = [...new Set(ran.flatMap(({ changed }) => changed))].filter((name) => typeof at.state[name] !== "object" || "shape" in /** @type {object} */ (at.state[name]));
  if (!names.length) return [];
  const called = rows(examples, recording);
  return [
    element("h3", {}, `After line ${last}`, loop ? `, iteration ${count(kept)}` : "", recording.call?.count > 1 ? `, call ${count(recording.call.number)}` : ""),
    element("div", { class: "cards" }, ...names.map((name) => {
      const it = card(name, recording, called(name));
      it.show(at.state[name], ran.length < 2 ? before[name] : undefined, undefined, at);
      return it.element;
    })),
  ];
}
