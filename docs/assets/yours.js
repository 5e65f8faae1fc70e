/** The reader's own run, beside the program that they have made: in the place of the site's. */

import { colourOf, count, element } from "./elements.js";
import { Recording } from "./recording.js";

/** @typedef {import("./program.js").Shown} Shown */

/**
 * Read what the page's Python has recorded (docs/literate/look/far.py). A program can have sent it, so nothing of it is taken for HTML.
 * @param {string} recorded
 * @param {Shown} program the site's
 * @param {string} loss the array whose mean size both runs are compared by; "" for none
 * @returns {Shown & {choice: (turn: (ours: boolean) => void) => HTMLElement, first: number}} `first` is the first line of its own, if there is one
 */
export function yours(recorded, program, loss) {
  const file = JSON.parse(recorded), lines = String(file.text).replace(/\n$/, "").split("\n");
  const known = program.listing.querySelector("code").textContent.split("\n");
  const gutter = lines.map((_, index) => element("a", { href: `#L${index + 1}`, id: `L${index + 1}` }, String(index + 1)));
  const code = element("code", {}, ...lines.flatMap((line) => [...tokens(line), "\n"]));
  const listing = element("div", { class: "listing" },
    element("div", { class: "gutter" }, element("p", {}, ...gutter.flatMap((link) => [link, "\n"]))),
    element("div", { class: "embed highlight" }, element("pre", {}, code)));
  for (const [index, line] of lines.entries()) gutter[index].classList.toggle("own", Boolean(line.trim()) && !known.includes(line));
  /** What a line does is known of those that stand in the program as it is. */
  const said = (line) => (lines[line - 1]?.trim() && known.includes(lines[line - 1]) ? program.said(known.indexOf(lines[line - 1]) + 1) : {});
  const ended = file.ended ? ` It did not come to its end: ${file.ended}` : "";
  const recording = new Recording(file);
  const note = element("div", { class: "note" }, element("p", { class: "kept" }, `This is the run of a changed text. Dotted numbers are lines that the program does not have.${ended}`),
    fall(loss, [["the program", sizes(program.recording, loss)], ["yours", sizes(recording, loss)]]) ?? "");
  return { listing, recording, said, note, choice, first: gutter.findIndex((link) => link.className) + 1 };
}

/** A line, with the names of the program's arrays in their colours. */
function tokens(line) {
  return line.split(/([A-Za-z_]\w*)/).map((piece, index) => {
    const colour = index % 2 && colourOf(piece);
    return colour ? element("span", { class: `n ${colour}` }, piece) : piece;
  });
}

/** Radio buttons for whose run is shown: the reader's, if it is `mine`. */
export function choice(turn, mine = true, name = "whose") {
  const radio = (label, ours) => {
    const input = element("input", { type: "radio", name, checked: ours === mine ? undefined : "" });
    input.addEventListener("change", () => {
      turn(ours);
      input.focus({ preventScroll: true });
    });
    return element("label", {}, input, label);
  };
  return element("fieldset", { class: "whose" }, element("legend", { class: "unseen" }, "Whose run is shown"), radio("The program’s run", true), radio("Your run", false));
}

/** @typedef {[number, number]} Point an iteration, and a size */

/** The mean size of an array after each kept iteration. @returns {Point[]} */
function sizes(recording, name) {
  const last = new Map(recording.steps.filter((step) => step.iteration).map((step) => [step.iteration, step.state[name]]));
  return [...last].flatMap(([iteration, value]) => {
    const numbers = value?.values?.map((number) => Math.abs(Number(number))) ?? [];
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    return mean > 0 && Number.isFinite(mean) ? [/** @type {Point} */ ([iteration, mean])] : [];
  });
}

const WIDE = 320, HIGH = 110, LEFT = 34, FOOT = 16, RIGHT = 66, TOP = 6;

/** Draw how it fell in several runs, both axes in tens; nothing if there is nothing to draw. */
function fall(name, /** @type {[string, Point[]][]} */ runs) {
  const all = runs.flatMap(([, points]) => points);
  if (runs.some(([, points]) => !points.length)) return undefined;
  const tens = (index, round) => Math[round](Math.log10(Math[round === "floor" ? "min" : "max"](...all.map((point) => point[index]))) + (round === "ceil" ? -1e-9 : 1e-9));
  const right = Math.max(Math.log10(Math.max(...all.map(([iteration]) => iteration))), 1), low = tens(1, "floor"), high = Math.max(tens(1, "ceil"), low + 1);
  const x = (iteration) => LEFT + Math.log10(iteration) / right * (WIDE - LEFT - RIGHT);
  const y = (size) => HIGH - FOOT - (Math.log10(size) - low) / (high - low) * (HIGH - FOOT - TOP);
  const ends = runs.map(([words, points]) => `${words === "yours" ? "yours" : `${words}’s`} is ${points.at(-1)[1].toPrecision(2)} after ${count(points.at(-1)[0])}`).join(", ");
  const words = `The mean size of ${name} over the iterations: ${ends}.`;
  const svg = draw("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": words });
  const steps = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => 10 ** (from + n));
  const apart = Math.ceil((high - low) / 4);
  for (const size of steps(low, high).filter((_, n) => n % apart === 0)) {
    svg.append(draw("path", { class: "grid", d: `M${LEFT} ${y(size)}H${WIDE - RIGHT}` }), draw("text", { x: LEFT - 4, y: y(size) + 3, class: "end" }, String(Number(size.toPrecision(1)))));
  }
  for (const iteration of steps(0, Math.floor(right))) svg.append(draw("text", { x: x(iteration), y: HIGH - 3, class: "middle" }, count(iteration)));
  const labels = runs.map(([, points]) => y(points.at(-1)[1]) + 3);
  if (Math.abs(labels[0] - labels[1]) < 11) labels[labels[0] < labels[1] ? 1 : 0] = Math.min(...labels) + 11;
  for (const [index, [words, points]] of runs.entries()) {
    svg.append(draw("polyline", { class: words === "yours" ? "own" : "program", points: points.map(([iteration, size]) => `${x(iteration).toFixed(1)},${y(size).toFixed(1)}`).join(" ") }),
      draw("text", { x: x(points.at(-1)[0]) + 4, y: labels[index] }, words));
  }
  return element("figure", { class: "fall" }, svg, element("figcaption", {}, "Mean size of ", element("code", { class: colourOf(name) }, name), ` over the iterations: ${ends}.`));
}

function draw(name, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}
