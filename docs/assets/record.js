/** Python in the page writes a run down, as the site's was (docs/literate/look/far.py): for the inspector (program.js). */

import { count, element } from "./elements.js";
import { python } from "./practise.js";
import { Recording, beside, inLoop } from "./recording.js";

const { COMES, HOSTED, loaded, lost, run, stop } = python;

/**
 * Record a run.
 * @param {import("./python.js").Program} program
 * @param {(words: string) => void} say told how far it has come
 * @param {URL} [listing] the address of the program's page, if it is not this one
 * @returns {Promise<{words: string, recorded?: string, why?: string, again?: boolean}>} how it ended, the recording, why there can be
 * none, and whether there may be one if it is asked for again
 */
export async function record(program, say, listing = new URL(location.href)) {
  let recorder;
  try {
    recorder = await (await beside(listing, ".recorder.json")).text();
  } catch {
    return { words: "What records a run could not be loaded. You may be offline. Your text is kept.", again: true };
  }
  return new Promise((end) => {
    let began = 0;
    const heard = {
      loading: ({ part }) => say(`Loading Python and NumPy, ${COMES}: ${Math.floor(part * 100)} %`),
      ready() {
        began = performance.now();
        say("Recording …");
      },
      recorded: ({ text }) => end({ words: `Recorded in ${((performance.now() - began) / 1000).toFixed(1)} s.`, recorded: text }),
      done: ({ error }) => end({ words: `It could not be recorded: ${error?.replace(/^[\w.]+Error: /, "")}.` }),
      stopped: () => end({ words: "Stopped. Nothing was recorded.", again: true }),
      flooded: () => end({ words: "It sent more than a page can show, so it was ended." }),
      failed: ({ what, why }) => end({ words: lost(what), why, again: true }),
    };
    run({ ...program, recorder }, (news) => heard[news.kind]?.(news));
  });
}

/**
 * Offer to run to an iteration that a recording does not keep, and take it in.
 * @param {Recording} recording
 * @param {string} text the program's
 * @param {{first: number, last: number}} loop
 * @param {number} turn
 * @param {() => void} took told once it is there
 */
export function reach(recording, text, loop, turn, took) {
  const label = `Run to iteration ${count(turn)}`;
  const go = element("button", { type: "button" }, label), halt = element("button", { type: "button", hidden: "" }, "Stop");
  const says = element("span", { role: "status" }, loaded() ? "" : `With Python and NumPy from ${HOSTED}, ${COMES}.`);
  go.addEventListener("click", async () => {
    if (!halt.hidden) return;
    halt.hidden = false;
    go.setAttribute("aria-disabled", "true");
    says.textContent = "";
    const asked = { name: recording.program, text, until: `${loop.first} ${turn}` };
    const { words, recorded } = await record(asked, (words) => (go.textContent = words));
    go.textContent = label;
    go.removeAttribute("aria-disabled");
    if (document.activeElement === halt) go.focus();
    halt.hidden = true;
    if (recorded && take(recording, new Recording(JSON.parse(recorded)), loop, turn)) took();
    else says.textContent = recorded ? "It does not come as far as that." : words;
  });
  halt.addEventListener("click", stop);
  return element("p", { class: "reach" }, go, halt, says);
}

/** Put an iteration of one run among those of another; return whether it is there. */
function take(recording, run, loop, turn) {
  const [mine, found] = [recording, run].map(({ steps }) => steps.filter((step) => inLoop(loop, step)));
  const wanted = found.filter((step) => step.iteration === turn);
  if (!wanted.length) return false;
  const other = mine.find((step) => !agree(step, found.find(({ line, iteration }) => line === step.line && iteration === step.iteration)));
  const next = mine.find((step) => step.iteration > turn);
  recording.steps.splice(recording.steps.indexOf(next), 0, ...wanted);
  recording.order();
  recording.reached.push({ turn, words: `Python in this page ran to ${count(turn)}${other
    ? `; from iteration ${count(other.iteration)} on, its numbers were not the recorded ones` : ", and on its way had the recorded numbers, to six digits"}.` });
  return true;
}

/** Whether two runs held the same arrays after a step, to six digits; also if only one of them has come there. */
function agree(one, other) {
  return !other || Object.entries(one.state).every(([name, value]) => !value?.values || value.values.every((number, index) => {
    const there = other.state[name]?.values?.[index];
    return number === there || Math.abs(number - there) <= 1e-6 * Math.max(1, Math.abs(number));
  }));
}
