/** The networks: drawings that were filled in for some iterations when the site was built, and are filled in for all others here. */

import { slider } from "./elements.js";
import { Recording } from "./recording.js";

/**
 * Give each network of a page that stands in a loop a slider; all of them show the same iteration.
 * @param {NodeListOf<HTMLElement>} networks
 * @param {(iteration: number) => void} moved told of the iteration that the reader chooses
 * @param {AbortSignal} signal ends it
 * @returns {(iteration: number) => void} shows an iteration
 */
export function networks(networks, moved, signal) {
  let wanted = 0, loaded;
  const all = [...networks].filter((network) => network.dataset.iterations).map((network) => {
    const kept = network.dataset.iterations.split(" ").map(Number);
    const range = slider(kept, (iteration) => {
      show(iteration);
      moved(iteration);
    }, signal);
    network.querySelector(".turn").replaceWith(range.element);
    network.querySelectorAll(".frame:not(.live)").forEach((frame) => frame.remove());
    const built = Number(network.dataset.at);
    range.set(built);
    return { network, range, built, line: Number(network.dataset.line) };
  });

  /** The recording comes when it is first asked for. */
  async function show(iteration) {
    wanted = iteration;
    for (const { range } of all) range.set(iteration);
    if (!all.length) return;
    const listing = new URL(/** @type {HTMLAnchorElement} */ (all[0].network.querySelector("a[href*='#L']")).href);
    loaded ??= Promise.all([Recording.load(listing), import("./picture.js")]);
    const [recording, pictures] = (await loaded.catch(() => (loaded = undefined))) ?? [];
    if (signal.aborted || wanted !== iteration) return;
    for (const { network, range, built, line } of all) {
      if (recording) pictures.drawn(network, recording, recording.find(line, recording.nearest(line, iteration)));
      else range.set(built); // which is what is still drawn
    }
  }
  return show;
}
