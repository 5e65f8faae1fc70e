/**
 * The recording of a program: the values of its variables after each line, at the iterations that are kept.
 * docs/literate/record/file.py says what the file holds.
 *
 * @typedef {{shape: number[], dtype: string, values: (number | string)[]}} Matrix
 * @typedef {number | string | Matrix | {type: string, text?: string}} Value
 * @typedef {{line: number, iteration: number}} Place
 * @typedef {{number: number, name: string, count: number, kept: number[]}} Call
 * @typedef {Place & {changed: string[], printed: string, state: Record<string, Value>, from: Record<string, Place>, of: Recording, number: number}} Step a run's, by its number there
 */

/** Fetch a file that lies beside a page, under its name with another ending. */
export async function beside(page, ending) {
  const address = new URL(page);
  address.pathname = address.pathname.replace(/(\/|(\/index)?\.html)$/, ending); // a path alone, such as //host/, could name a host
  address.search = address.hash = "";
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

export class Recording {
  /** @param {URL} listing the address of the program's page, which the recording lies beside */
  static async load(listing) {
    return new Recording(await (await beside(listing, ".json")).json());
  }

  constructor(file) {
    this.program = file.program;
    this.uses = file.uses;
    this.inside = file.inside;
    /** For each line, the first line of the statement that has completed there. */
    this.statements = file.statements;
    /** @type {Step[]} */
    this.steps = [];
    const floats = unpack(file.floats);
    const shapes = {};
    let /** @type {Record<string, Value>} */ state = {}, /** @type {Record<string, Place>} */ from = {};
    for (const [line, iteration, values, named, printed = ""] of file.steps) {
      const changed = named ?? Object.keys(values);
      state = { ...state };
      from = { ...from };
      for (const [name, value] of Object.entries(values)) {
        state[name] = value;
        if (value === null || (value.shape && !value.values)) {
          shapes[name] = value ?? shapes[name];
          const size = shapes[name].shape.reduce((a, b) => a * b, 1);
          state[name] = { ...shapes[name], values: floats.splice(0, size) };
        }
        // What differs and was not changed here was changed in the iteration before, which is not kept; or a call was given it.
        if (!changed.includes(name) && from[name]) from[name] = { ...from[name], iteration: iteration - 1 };
      }
      for (const name of changed) from[name] = { line, iteration };
      this.steps.push({ line, iteration, changed, printed, state, from, of: this, number: this.steps.length });
    }
    /** The names in the order in which they are first bound. */
    this.names = Object.keys(state);
    /** @type {{turn: number, words: string}[]} iterations of another run that stand among them (record.js) */
    this.reached = [];
    /** Of which call of a function this is, and of how many; nothing for the program itself. @type {Call | undefined} */
    this.call = undefined;
    this.file = file;
    /** @type {Map<string, Recording>} */
    this.within = new Map();
    this.order();
  }

  /** Find the iterations and the loops in the steps. */
  order() {
    this.iterations = [...new Set(this.steps.map((step) => step.iteration))].filter(Boolean).sort((a, b) => a - b);
    /**
     * The outermost loops, in order, with the iterations that are kept of each.
     * @type {{first: number, last: number, iterations: number[]}[]}
     */
    this.loops = [];
    let loop;
    for (const { line, iteration } of this.steps) {
      if (!iteration || iteration < loop?.iterations.at(-1)) loop = undefined;
      if (!iteration) continue;
      if (!loop) this.loops.push(loop = { first: line, last: line, iterations: [] });
      loop.first = Math.min(loop.first, line);
      loop.last = Math.max(loop.last, line);
      if (loop.iterations.at(-1) !== iteration) loop.iterations.push(iteration);
    }
  }

  /**
   * The recording that shows a line: that of a call, the kept one nearest to a number, of the innermost function around the line that
   * is recorded by the call; or this one.
   * @param {number} line
   * @param {number} number
   * @returns {Recording}
   */
  at(line, number) {
    const around = (this.file.calls ?? []).filter(({ first, statements }) => first < line && line <= first + statements.length);
    const found = around.at(-1), kept = Object.keys(found?.kept ?? {}).map(Number);
    if (!kept.length) return this;
    const near = nearest(kept, number), key = `${found.first} ${near}`;
    if (!this.within.has(key)) {
      const statements = [...this.statements.slice(0, found.first), ...found.statements, ...this.statements.slice(found.first + found.statements.length)];
      const inside = { places: [], steps: [], traces: [], values: [], floats: "" };
      const one = new Recording({ program: this.program, uses: found.uses, inside, statements, ...found.kept[near] });
      one.call = { number: near, name: found.name, count: found.count, kept };
      this.within.set(key, one);
    }
    return this.within.get(key);
  }

  /** The loop that a line stands in. */
  loop(line) {
    const statement = this.statements[line - 1];
    return this.loops.find(({ first, last }) => first <= statement && statement <= last);
  }

  /**
   * The index of the step that a line has completed with, in a loop at a kept iteration. If it did not run then, that of the
   * last line before it that did; -1 if nothing has run by then.
   */
  find(line, iteration) {
    const statement = this.statements[line - 1];
    const loop = this.loop(line);
    if (loop) return this.steps.findLastIndex((step) => step.iteration === iteration && step.line >= loop.first && step.line <= statement);
    const found = this.steps.findIndex((step) => step.line === statement);
    return found >= 0 ? found : this.steps.findLastIndex((step) => step.line < statement);
  }

  /** The kept iteration of a line's loop that is nearest to a number, on a logarithmic scale. */
  nearest(line, iteration) {
    return nearest(this.loop(line)?.iterations ?? this.iterations, iteration);
  }

  /** Whether any number that a variable ever holds is negative. */
  signed(name) {
    return this.steps.some((step) => /** @type {Partial<Matrix>} */ (step.state[name])?.values?.some((number) => Number(number) < 0));
  }
}

/** Whether a step stands in a loop. */
export const inLoop = ({ first, last }, { line, iteration }) => iteration > 0 && line >= first && line <= last;

/** @param {number[]} kept @param {number} iteration */
export function nearest(kept, iteration) {
  const far = (n) => Math.abs(Math.log(n / Math.max(iteration, 1)));
  return kept.reduce((best, n) => (far(n) < far(best) ? n : best), kept[0] ?? 0);
}

/** Undo `pack` of floats.py: Base64 of all first bytes of big-endian float64 numbers, all second bytes, and so on. */
export function unpack(text) {
  const planes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const count = planes.length / 8;
  const view = new DataView(new ArrayBuffer(8));
  return Array.from({ length: count }, (_, number) => {
    for (let byte = 0; byte < 8; byte++) view.setUint8(byte, planes[byte * count + number]);
    return view.getFloat64(0);
  });
}
