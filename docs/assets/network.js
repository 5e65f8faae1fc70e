/** The networks: drawings that were filled in for some iterations when the site was built, and are filled in for all others here. */

import { element, slider } from "./elements.js";
import { Recording } from "./recording.js";

/**
 * Give each network of a page that stands in a loop a slider; all of them show the same iteration.
 * @param {NodeListOf<HTMLElement>} networks
 * @param {(iteration: number) => void} moved told of the iteration that the reader chooses
 * @param {AbortSignal} signal ends it
 * @param {import("./runs.js").Own} [run] the reader's own, if that is to be shown
 * @returns {(iteration: number) => void} shows an iteration
 */
export function networks(networks, moved, signal, run) {
  let wanted = 0, loaded;
  const all = [...networks].filter(({ dataset }) => dataset.iterations || dataset.program === run?.recording.program).map((network) => {
    const own = network.dataset.program === run?.recording.program ? run : undefined;
    const line = own ? own.lines[network.dataset.line] : Number(network.dataset.line);
    const kept = own ? own.recording.loop(line)?.iterations : network.dataset.iterations.split(" ").map(Number);
    const built = Number(network.dataset.at);
    const range = kept && slider(kept, (iteration) => {
      show(iteration);
      moved(iteration);
    }, signal);
    network.querySelector("fieldset.turn, .iterations")?.replaceWith(range?.element ?? element("span", { class: "iterations" }));
    network.querySelectorAll(".frame:not(.live)").forEach((frame) => frame.remove());
    range?.set(built);
    return { network, own, range, built, line };
  });

  /** The recording comes when it is first asked for. */
  async function show(iteration) {
    wanted = iteration;
    for (const { range } of all) range?.set(iteration);
    if (!all.length) return;
    const listing = new URL(/** @type {HTMLAnchorElement} */ (all[0].network.querySelector("a[href*='#L']")).href);
    loaded ??= Promise.all([Recording.load(listing), import("./picture.js")]);
    const [program, pictures] = (await loaded.catch(() => (loaded = undefined))) ?? [];
    if (signal.aborted || wanted !== iteration) return;
    for (const { network, own, range, built, line } of all) {
      if (!program) range?.set(built); // which is what is still drawn
      else if (own) pictures.yours(network, own, program, line, iteration);
      else pictures.drawn(network, program, program.find(line, program.nearest(line, iteration)));
    }
  }
  return show;
}
