/** The values in a network: what its parts show at a step of a recording. Loaded once a reader moves one. */

/** @typedef {import("./recording.js").Matrix} Matrix */
/** @typedef {import("./recording.js").Recording} Recording */
/** @typedef {import("./recording.js").Step} Step */

/**
 * Fill in the frames of a network, one for each example, with what a recording holds at a step.
 * @param {HTMLElement} network or a view of one
 * @param {Recording} recording
 * @param {number} at the step's index
 */
export function fill(network, recording, at) {
  const sketch = /** @type {HTMLElement} */ (network.closest("[data-sketch]")).dataset.sketch.split(" ");
  network.querySelectorAll(".turn").forEach((turn) => (turn.textContent = recording.steps[at].iteration.toLocaleString("en")));
  for (const frame of /** @type {NodeListOf<HTMLElement>} */ (network.querySelectorAll(".frame"))) {
    const number = numbers(recording.steps, at, Number(frame.dataset.example) - 1, sketch);
    for (const part of /** @type {NodeListOf<SVGElement>} */ (frame.querySelectorAll("svg *"))) {
      for (const [name, of] of Object.entries(part.dataset)) {
        const [kind, ...places] = of.split(" ");
        const found = number[kind](...places);
        if (name === "of") part.textContent = written(kind, found);
        else part.style.setProperty(`--${name}`, Number(found).toPrecision(4));
        if (name === "size") part.classList.toggle("minus", found < 0);
      }
    }
  }
}

/**
 * What the parts of a frame show at a step: Moment of network.py says what each kind is. A whole number is a BigInt.
 * @param {Step[]} steps
 * @param {number} at
 * @param {number} example its row
 * @param {string[]} sketch the layers, and between them the weights
 */
export function numbers(steps, at, example, sketch) {
  // What a network is drawn of are matrices.
  const held = (/** @type {Step} */ step) => /** @type {Record<string, Matrix>} */ (step.state);
  const { iteration } = steps[at], now = held(steps[at]);
  const past = steps.slice(0, at + 1).filter((step) => !iteration || step.iteration === iteration);
  const weighed = (layer) => held(past.findLast((step) => step.changed.includes(layer)) ?? steps[at]);
  const before = (layer) => sketch.slice(sketch.indexOf(layer) - 2);
  const cell = ({ values, shape }, row, column) => Number(values[row * shape[1] + Number(column)]);
  const value = (name, j) => {
    const found = cell(now[name], example, j);
    return now[name].dtype.startsWith("int") ? BigInt(found) : found;
  };
  const weight = (layer, i, j) => cell(weighed(layer)[before(layer)[1]], i, j);
  return {
    value,
    signed: value,
    weight,
    slope: (error, delta, j) => Number(value(delta, j)) / Number(value(error, j)) || 0,
    move: (layer, i, j) => cell(now[before(layer)[1]], i, j) - weight(layer, i, j),
    sum(layer, j) {
      const inputs = weighed(layer)[before(layer)[0]];
      return Array.from({ length: inputs.shape[1] }, (_, i) => cell(inputs, example, i) * weight(layer, i, j)).reduce((a, b) => a + b);
    },
  };
}

/** @param {string} kind @param {number | bigint} number */
function written(kind, number) {
  if (typeof number === "bigint") return String(number).replace("-", "−");
  const plain = ["value", "slope"].includes(kind);
  const size = Math.abs(number);
  const places = kind === "sum" ? 2 : plain || kind === "weight" || size >= 0.01 || !size ? 3 : size >= 0.001 ? 4 : 5;
  const text = number.toFixed(places).replace("-", "−");
  return plain || text.startsWith("−") ? text : `+${text}`;
}
