/** The network in the inspector: of its views, one for each thing that the lines reach, the one for the chosen line. */

import { element } from "./elements.js";
import { inLoop } from "./recording.js";
import { fill, numbers } from "./values.js";

/** @typedef {import("./recording.js").Matrix} Matrix */
/** @typedef {import("./recording.js").Recording} Recording */
/** @typedef {{element: HTMLElement, show: (recording: Recording, at: number, line: number) => void}} Picture */

const RIGHT = 18, FOOT = 14, SCALE = 3; // of a function's curve: from its middle to its edges, and of one to the right (picture.py)
const NEAR = 0.02; // of a curve's height: so far from it may a number lie that it is drawn for

/** Fill in a network of a page of prose with the program's run. All that such a page has use for comes once a reader moves something. */
export function drawn(network, recording, at) {
  said(network, "");
  fill(network, recording, at);
}

/** Put some words below a network, which is not drawn if they say why. */
function said(network, words, why = "") {
  network.querySelector(".mine")?.remove();
  if (words) network.append(element("p", { class: "key mine" }, words));
  network.classList.toggle("unlike", Boolean(why));
}

/**
 * Fill it in with the reader's own run, behind a line of theirs, if it can be, and say so, or why not.
 * @param {HTMLElement} network
 * @param {import("./runs.js").Own} own
 * @param {Recording} program the run that it was drawn of
 * @param {number | null} line
 * @param {number} iteration
 */
export function yours(network, { recording, note }, program, line, iteration) {
  const built = Number(network.dataset.line);
  const arrays = /** @type {Record<string, Partial<Matrix>>} */ (program.steps.at(-1).state);
  const names = [...network.querySelectorAll(".parts code")].map((code) => code.textContent).filter((name) => arrays[name]?.shape);
  const at = recording.find(line, recording.nearest(line, iteration));
  /** What a run has made when it has come to a step: in that iteration, if it is in a loop. */
  const reached = (/** @type {Recording} */ { steps }, at) => {
    const past = steps.slice(0, at + 1).filter((step) => step.iteration === steps[at].iteration).flatMap(({ changed }) => changed);
    return names.filter((name) => past.includes(name) || !steps[at].iteration && name in steps[at].state).join();
  };
  const other = () => reached(recording, at) !== reached(program, program.find(built, program.nearest(built, iteration)));
  const why = !line ? `it has nothing in the place of line ${built}` : !recording.steps[at] ? "it does not come as far"
    : misfit(network, names, recording, program) || (other() ? "its lines come in another order" : "");
  said(network, why ? `Your run is not drawn: ${why}.` : note, why);
  if (!why) fill(network, recording, at);
}

/**
 * Say why a run is none that a picture can show; "" if it is one. Its arrays may be others, or what is made of them.
 * @param {HTMLElement} network
 * @param {string[]} names what it shows, beside its layers and weights
 * @param {Recording} recording
 * @param {Recording} program
 */
function misfit(network, names, recording, program) {
  const sketch = network.dataset.sketch.split(" "), layers = sketch.filter((_, index) => index % 2 === 0);
  const last = ({ steps }) => /** @type {Record<string, Partial<Matrix>>} */ (steps.at(-1)?.state ?? {});
  const held = last(recording), wanted = last(program);
  for (const name of new Set([...sketch, ...names])) {
    if (!(name in held) || !(name in wanted) || held[name].values && String(held[name].shape) === String(wanted[name].shape)) continue;
    const { shape } = held[name];
    return shape ? `${name} has the shape (${shape.join(", ")}${shape.length === 1 ? "," : ""}) there` : `${name} is no array there`;
  }
  const valued = layers.slice(1).filter((layer) => network.querySelector(`[data-of^="value ${layer} "]`));
  const other = valued.find((layer) => recording.steps.some((step, at) => step.changed.includes(layer) && !made(network, recording, at, layer)));
  return other ? `${other} is made in another way there` : "";
}

/** Whether a layer is made of the one before it, the weights and the function that is drawn between them. */
function made(network, recording, at, layer) {
  const sketch = network.dataset.sketch.split(" ");
  const point = /** @type {SVGElement} */ (network.querySelector(`[data-x^="sum ${layer} "]`))?.parentElement;
  const { state } = recording.steps[at], { shape } = state[layer], place = sketch.indexOf(layer);
  if (sketch.slice(place - 2, place + 1).some((name) => state[name]?.shape?.length !== 2)) return false;
  return Array.from({ length: shape[0] * shape[1] }, (_, cell) => {
    const number = numbers(recording.steps, at, Math.floor(cell / shape[1]), sketch), node = String(cell % shape[1]);
    const sum = number.sum(layer, node), value = Number(number.value(layer, node));
    if (!point) return Math.abs(sum - value) <= NEAR;
    const curve = point.previousElementSibling.getAttribute("d").slice(1).split("L").map((pair) => pair.split(" ").map(Number));
    const [low, high] = ["--low", "--high"].map((name) => Number(point.style.getPropertyValue(name)));
    const right = curve.findIndex(([x]) => x >= sum * SCALE);
    if (Math.abs(sum * SCALE) > RIGHT || right < 1 || Number.isNaN(value)) return true; // beyond what is drawn
    const [[x, y], [x2, y2]] = curve.slice(right - 1, right + 1);
    const drawn = (FOOT - y - (y2 - y) * (sum * SCALE - x) / (x2 - x)) / (2 * FOOT);
    return Math.abs(drawn - (value - low) / (high - low)) <= NEAR;
  }).every(Boolean);
}

/**
 * Make a network ready for the inspector, which says whose run it shows, and where.
 * @param {HTMLElement} network
 * @param {Recording} program the run that it is drawn of; any other is the reader's own
 * @returns {Picture}
 */
export function picture(network, program) {
  const sketch = network.dataset.sketch.split(" ");
  const weights = sketch.filter((_, index) => index % 2);
  const views = [.../** @type {NodeListOf<HTMLElement>} */ (network.querySelectorAll(".view"))].map((view) => ({ view, reach: view.dataset.reach.split(" ") }));
  const marks = [...new Set(views.flatMap(({ reach }) => reach))];
  const examples = [.../** @type {NodeListOf<HTMLInputElement>} */ (network.querySelectorAll(".example input"))];
  const own = element("p", { class: "key" }, "These are the numbers of your run."), says = element("p", { class: "key" });
  const /** @type {WeakMap<Recording, string>} */ checked = new WeakMap();
  let again = () => {};

  network.querySelector("fieldset.turn")?.remove();
  network.querySelectorAll('.frame:not(.live[data-example="1"])').forEach((frame) => frame.remove());
  network.querySelectorAll(".parts a").forEach((link) => link.removeAttribute("target"));
  network.append(own, says);
  for (const input of examples) input.addEventListener("change", () => again());

  /** What Network.reach says of a line, of a step: whether the picture has an array, whether weights have moved, whether it is behind the loop. */
  function reached(recording, at) {
    const { steps, loops } = recording, step = steps[at], loop = step.iteration && recording.loop(step.line);
    const turn = loop ? steps.slice(0, at + 1).filter((one) => one.iteration === step.iteration && inLoop(loop, one)) : [];
    const before = loop ? steps[steps.findIndex((one) => inLoop(loop, one)) - 1]?.state ?? {} : step.state;
    return (mark) => {
      if (mark === ">") return !loop && step.line > loops.at(-1)?.last;
      const name = mark.replace("+", "");
      if (mark === name) return name in before || turn.some(({ changed }) => changed.includes(name));
      const layer = turn.findLastIndex(({ changed }) => changed.includes(sketch[sketch.indexOf(name) + 1]));
      return layer >= 0 && turn.slice(layer).some(({ changed }) => changed.includes(name));
    };
  }

  function show(recording, at, line) {
    const step = recording.steps[at], mine = recording !== program;
    const begun = step && weights.some((name) => name in step.state), has = begun && reached(recording, at);
    const view = has && views.find(({ reach }) => marks.every((mark) => reach.includes(mark) === has(mark)))?.view;
    if (mine && !checked.has(recording)) checked.set(recording, misfit(network, marks, recording, program));
    const why = begun && mine && (checked.get(recording) || !view && "its lines come in another order");
    again = () => show(recording, at, line);
    network.hidden = !view && !why;
    for (const other of views) other.view.hidden = other.view !== view || Boolean(why);
    network.classList.toggle("own", mine);
    own.hidden = !mine || Boolean(why);
    says.hidden = !why;
    says.textContent = why ? `Your run is not drawn: ${why}.` : "";
    if (!view || why) return;
    const example = Math.max(examples.findIndex((input) => input.checked), 0);
    /** @type {HTMLElement} */ (view.querySelector(".frame")).dataset.example = String(example + 1);
    const title = view.querySelector("title");
    title.textContent = title.textContent.replace(/example .$/, `example ${String.fromCharCode(65 + example)}`);
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (view.querySelectorAll(".parts span"))) {
      const name = part.querySelector("code").textContent, from = step.from[name], link = part.querySelector("a");
      part.classList.toggle("now", step.line === line && step.changed.includes(name));
      if (!from) continue;
      link.href = `#L${from.line}`;
      link.dataset.line = String(from.line);
      link.textContent = `line ${from.line}`;
    }
    fill(view, recording, at);
  }

  return { element: network, show };
}
