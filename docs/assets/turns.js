/** The controls for the iteration: a button each way, a range, its number, and a button that plays. */

import { count, element, slider } from "./elements.js";

const PACE = 400; // milliseconds for which an iteration is seen

/**
 * Build the controls.
 * @param {import("./recording.js").Recording} recording whose iterations can be shown
 * @param {(iteration: number) => void} asked told of the iteration that the reader asks for, kept or not; NaN for no number
 * @param {() => void} stopped told that no more is played
 * @param {AbortSignal} signal ends them
 */
export function turns({ iterations: kept, reached }, asked, stopped, signal) {
  const last = kept.at(-1);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const range = slider(kept, asked, signal);
  const button = (text, says) => element("button", { type: "button", "aria-label": says, title: says }, text);
  const back = button("‹", "Previous kept iteration"), forth = button("›", "Next kept iteration");
  const play = element("button", { type: "button", class: "play" }, "▶ Play");
  const says = element("p", { class: "kept", id: "kept" },
    [sentence(kept.filter((turn) => !reached.some((one) => one.turn === turn))), ...reached.map((one) => one.words)].join(" "));
  const field = element("input", { type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": "Iteration, as a number",
    "aria-describedby": says.id, style: `width: calc(${String(last).length}ch + .8rem)` });
  const of = element("span");
  let index = 0, timer = 0, expected = 0;

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "▶ Play";
    stopped();
  }

  function go(to) {
    expected = kept[to];
    asked(expected);
  }

  function start() {
    play.textContent = "■ Stop";
    timer = window.setInterval(() => (kept[index + 1] && !still.matches ? go(index + 1) : stop()), PACE);
    if (index < 0 || index >= kept.length - 1) go(0);
    else expected = kept[index];
  }

  const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
  on(back, "click", () => asked(kept[index - 1]));
  on(forth, "click", () => asked(kept[index + 1]));
  on(play, "click", () => (timer ? stop() : start()));
  on(field, "change", () => asked(/\d/.test(field.value) ? Number(field.value.replace(/[\s,]/g, "")) : NaN));
  on(field, "focus", () => field.select());
  signal.addEventListener("abort", () => clearInterval(timer));

  return {
    element: element("div", { class: "turns", role: "group", "aria-label": "Iteration" },
      element("div", {}, element("span", {}, "Iteration"), field, of), element("div", {}, back, range.input, forth, play)),
    says,
    stop,
    get playing() {
      return Boolean(timer);
    },
    /**
     * Show where the reader is.
     * @param {number} iteration 0 before the loop, Infinity after it
     * @param {number} end how many iterations the loop has
     * @param {string} outside the words for it, if it is outside
     */
    set(iteration, end, outside) {
      range.set(iteration, outside);
      field.value = outside ? "" : String(iteration);
      of.textContent = `of ${count(end)}`;
      index = !outside ? kept.indexOf(iteration) : iteration ? kept.length : -1;
      back.disabled = index <= 0;
      forth.disabled = index >= kept.length - 1;
      if (timer && iteration !== expected) stop();
    },
  };
}

/** Say which iterations are kept. */
function sentence(kept) {
  const last = kept.at(-1);
  if (kept.length === last) return `All ${count(last)} iterations are kept.`;
  const first = kept.findIndex((n, index) => n !== index + 1);
  return `${kept.length} of ${count(last)} iterations are kept: 1 to ${first}, then ${kept.slice(first, first + 3).map(count).join(", ")}, and so on, ever fewer.`;
}
