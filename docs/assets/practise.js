/** What a reader does on a page, beside reading it: answer questions, write lines, run programs. */

import { fences } from "./fence.js";
import { COMES, HOST, HOSTED, had, loaded, lost, offer, own, prepare, run, stop } from "./python.js";
import { missed, questions } from "./questions.js";
import { runners } from "./run.js";

/** For frame.js, record.js and exercise.js, which come when they are needed: Python in the page is here already. */
export const python = { COMES, HOST, HOSTED, had, loaded, lost, offer, own, prepare, run, stop };

/**
 * Bring to life whatever of it is on a page.
 * @param {HTMLElement} article
 * @param {AbortSignal} signal ends it
 */
export function practise(article, signal) {
  questions(article.querySelectorAll("fieldset.asked"), signal);
  missed(article.querySelector(".chosen"), signal);
  const places = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".runner"));
  if (places.length) runners(places, signal);
  fences(article, signal);
  const sheets = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".exercise .sheet"));
  const near = new IntersectionObserver(async (seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    const { exercises } = await import("./exercise.js");
    if (!signal.aborted) exercises(sheets, signal);
  }, { rootMargin: "100%" }); // a screen away
  for (const sheet of sheets) near.observe(sheet);
  signal.addEventListener("abort", () => near.disconnect());
}
