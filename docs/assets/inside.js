/**
 * Inside a line: what its parts came to, and what the program's own functions did that it called.
 * docs/literate/record/trace.py says what the file holds of it.
 *
 * @typedef {import("./recording.js").Matrix} Matrix
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./recording.js").Value} Value
 * @typedef {{number: number, text: string, value: Value, same: string, signed: boolean, parts: Item[]}} Part `same` is the variable that holds it, too
 * @typedef {{name: string, value: Value, same: string, signed: boolean}} Bound
 * @typedef {{line: number, parts: Item[], bound: Bound[], returns?: Bound}} Line
 * @typedef {{call: string, line: number, given: Bound[], lines: Line[]}} Call of a function that begins on a line
 * @typedef {Part | Call} Item
 * @typedef {{kind: string, line: number, text: string, at: number[], parent?: number, operator: string, operands: (number | string | number[])[]}} Place
 * @typedef {{number: number, value?: Value, same: string}} Heard
 */

import { matrix, shaped, written } from "./card.js";
import { element } from "./elements.js";
import { unpack } from "./recording.js";

const MOST = 2000; // pieces of news that inside.py keeps of a step

export class Inside {
  /** @param {Recording} recording */
  constructor(recording) {
    const { places, most = MOST, ...file } = recording.inside;
    this.most = most;
    /** @type {Place[]} */
    this.places = places.map(([kind, line, text = "", at = [], parent, operator = "", operands = []]) => ({ kind, line, text, at, parent, operator, operands }));
    /** The numbers of the places where a negative number was ever found. */
    this.signed = new Set();
    this.heard = this.#read(file, recording.steps.filter((step) => step.of === recording));
  }

  /** Undo `Inside` of trace.py: return what was heard in each step. */
  #read({ steps, traces, values, floats: packed }, /** @type {import("./recording.js").Step[]} */ taken) {
    const floats = unpack(packed), last = [], shapes = [];
    let next = 0, float = 0;
    const take = (number) => {
      const value = values[next++];
      if (value !== null && !(value.shape && !value.values)) return value;
      shapes[number] = value ?? shapes[number];
      const size = shapes[number].shape.reduce((a, b) => a * b, 1);
      return { ...shapes[number], values: floats.slice(float, float += size) };
    };
    return steps.map((trace, index) => {
      const { state, changed } = taken[index];
      const before = Object.fromEntries(Object.entries(state).filter(([name]) => !changed.includes(name)));
      const calls = [{ names: before, parts: {} }], /** @type {Heard[]} */ heard = [];
      for (const piece of traces[trace] ?? []) {
        const [number, how] = [piece].flat(), { kind, text } = this.places[number];
        if (kind === "call") calls.push({ names: {}, parts: {} });
        if (kind === "end") calls.pop();
        if (["call", "end", "line"].includes(kind)) {
          heard.push({ number, same: "" });
          continue;
        }
        const call = calls.at(-1);
        const value = !Array.isArray(piece) ? take(number) : how === true ? last[number] : how === null ? operate(this.places[number], call)
          : typeof how === "string" ? state[how] : heard[how].value;
        if (value?.values?.some((one) => Number(one) < 0)) this.signed.add(number);
        last[number] = value;
        if (kind === "name") call.names[text] = value;
        else call.parts[number] = value;
        heard.push({ number, value, same: typeof how === "string" ? how : "" });
      }
      return heard;
    });
  }

  /**
   * Return the parts of the line that a step has completed, nested as in the code.
   * @param {import("./recording.js").Step} step
   * @returns {Item[]}
   */
  of({ number }) {
    const heard = [...(this.heard[number] ?? [])];
    return this.#block(heard).rest;
  }

  /** Whether more happened in a step than is kept of it. */
  cut({ number }) {
    return this.heard[number]?.length >= this.most;
  }

  /** Read what a call did, up to its end: what it was given, its lines, and what belongs to none of them. */
  #block(heard) {
    const /** @type {Bound[]} */ given = [], /** @type {Line[]} */ lines = [];
    let /** @type {any[]} */ rest = [], names = given;
    for (let news; (news = heard.shift());) {
      const { kind, line, text, parent } = this.places[news.number];
      const said = { number: news.number, name: text, text, value: news.value, same: news.same, signed: this.signed.has(news.number) };
      if (kind === "end") break;
      if (kind === "call") {
        const { given, lines } = this.#block(heard);
        rest.push({ call: text, line, given, lines });
      } else if (kind === "name") names.push(said);
      else if (kind === "part") {
        const mine = (item) => item.call || item.parent === news.number;
        rest = [...rest.filter((item) => !mine(item)), { ...said, parent, line, parts: rest.filter(mine) }];
      } else {
        names = [];
        lines.push({ line, parts: rest, bound: names, returns: kind === "return" ? said : undefined });
        rest = [];
      }
    }
    if (lines.length && rest.length) lines.push({ line: rest[0].line, parts: rest, bound: [] }); // it was left by an error
    return { given, lines, rest };
  }
}

/** Return what an operation makes of its operands, element by element: _Call.operate of trace.py has seen that it is the value. */
function operate({ operator, operands }, { names, parts }) {
  const [one, two] = operands.map((operand) => (Array.isArray(operand) ? parts[operand[0]] : typeof operand === "string" ? names[operand] : operand));
  if (operator === "T") {
    const [rows, columns] = one.shape;
    return { ...one, shape: [columns, rows], values: one.values.map((_, i) => one.values[(i % rows) * columns + Math.floor(i / rows)]) };
  }
  const element = (operand, i) => Number(operand.shape ? operand.values[i] : operand);
  const [left, right] = two === undefined ? [0, one] : [one, two];
  const compute = { "+": (a, b) => a + b, "-": (a, b) => (two === undefined ? -b : a - b), "*": (a, b) => a * b, "/": (a, b) => a / b }[operator];
  const { shape, values } = left.shape ? left : right;
  return { shape, dtype: "float64", values: values.map((_, i) => compute(element(left, i), element(right, i))) };
}

/**
 * Write the parts of a line as nested lists. What a call of the program's own function did stands behind its own button.
 * @param {Item[]} items
 * @param {{rows: (name: string) => {axes: number[], lettered?: boolean}, code: (line: number) => string, shown: string[], open: Set<string>, colour: (name: string) => string | undefined}} how
 * `shown` are the variables whose values stand beside it, `open` the calls that are open, which it keeps
 * @returns {HTMLElement | undefined} nothing if there is nothing to see that does not stand beside it
 */
export function tree(items, how) {
  const seen = items.filter((item) => !isCall(item) ? !none(item.value) || item.parts.length : true);
  const plain = seen.every((item) => !isCall(item) && !item.parts.length && (how.shown.includes(item.same) || /** @type {any} */ (item.value)?.type));
  return plain ? undefined : list(seen, how, "");
}

/** @type {(item: Item) => item is Call} */
export const isCall = (item) => "call" in item;
const none = (value) => value?.type === "NoneType";

function list(items, how, path) {
  return element("ul", {}, ...items.map((item) => (isCall(item) ? element("li", {}, call(item, how, path)) : part(item, how, path))));
}

function part(item, how, path, label = "") {
  const calls = item.parts.filter(isCall), inner = item.parts.filter((one) => !isCall(one));
  const here = `${path}/${item.text}`;
  return element("li", {}, head(item.text, item, how, label), ...inner.length ? [list(inner, how, here)] : [], ...calls.map((one) => call(one, how, here)));
}

/** A piece of code with its value; a value that stands beside the tree already is only named. */
export function head(text, { value, same, signed }, how, label = "") {
  const named = same && same !== text && element("span", { class: "shape" }, "= ", element("code", { class: how.colour(same) }, same));
  const shown = how.shown.includes(same) || none(value) ? "" : value?.shape ? matrix(value, { signed, ...how.rows(same) }) : written(value);
  return element("div", { class: "part" }, element("div", {}, label, element("code", {}, text), " ", element("span", { class: "shape" }, shaped(value)), " ", named || ""), shown);
}

function call({ call: name, line, given, lines }, how, path) {
  const key = `${path} ${name}`, within = { ...how, shown: [] };
  const last = Math.max(line, ...lines.map((one) => one.line));
  const inside = element("div", {},
    ...given.length ? [element("p", {}, "It was called with")] : [], element("ul", {}, ...given.map((one) => element("li", {}, head(one.name, one, within)))),
    element("p", {}, "These lines ran"), element("ol", {}, ...lines.map((one) => ran(one, within, key))));
  const details = element("details", { class: "call", open: how.open.has(key) ? "" : undefined, "data-first": line, "data-last": last },
    element("summary", {}, "Step into ", element("code", {}, name)), inside);
  details.addEventListener("toggle", () => how.open[details.open ? "add" : "delete"](key));
  return details;
}

/** A line of a function that ran, with its parts, what it bound, and what it returned. */
function ran({ line, parts, bound, returns }, how, path) {
  const calls = parts.filter(isCall), inner = parts.filter((one) => !isCall(one));
  const whole = inner.find((one) => returns && one.value === returns.value); // what it returned is the whole of what it computed
  return element("li", { value: line }, element("code", {}, how.code(line).trim()),
    ...calls.map((one) => call(one, how, path)),
    ...inner.length ? [element("ul", {}, ...inner.map((one) => part(one, how, path, one === whole ? "returned: " : "")))] : [],
    ...bound.length ? [element("ul", {}, ...bound.map((one) => element("li", {}, head(one.name, one, how))))] : [],
    ...returns && !whole ? [element("ul", {}, element("li", {}, head("returned", returns, how)))] : []);
}
