/** What a reader does on a page, beside reading it: answer questions, write lines, run programs. */

import { exercises } from "./exercise.js";
import { fences } from "./fence.js";
import { COMES, HOSTED, loaded, lost, run, stop } from "./python.js";
import { missed, questions } from "./questions.js";
import { runners } from "./run.js";

/** For record.js, which comes when a run is to be recorded: Python in the page is here already. */
export const python = { COMES, HOSTED, loaded, lost, run, stop };

/**
 * Bring to life whatever of it is on a page.
 * @param {HTMLElement} article
 * @param {AbortSignal} signal ends it
 */
export function practise(article, signal) {
  questions(article.querySelectorAll("fieldset.asked"), signal);
  missed(article.querySelector(".chosen"), signal);
  exercises(article.querySelectorAll(".exercise .sheet"), signal);
  const places = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".runner"));
  if (places.length) runners(places, signal);
  fences(article, signal);
}
