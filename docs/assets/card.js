/** A card of the inspector: a variable, with its shape and its value. */

import { colourOf, count, element } from "./elements.js";

/** @typedef {import("./recording.js").Matrix} Matrix */
/** @typedef {import("./recording.js").Recording} Recording */

/**
 * A variable: its name, its shape, where its value comes from, and the value.
 * @param {string} name
 * @param {Recording} recording
 * @param {{axes: number[], lettered?: boolean}} how the lengths of the examples and of the inputs, and whether its rows are the
 * examples; if nobody has said it, its length tells
 */
export function card(name, recording, how) {
  const signed = recording.signed(name);
  const colour = colourOf(name);
  const shape = element("span", { class: "shape" });
  const from = element("span", { class: "from" });
  const body = element("div");
  const made = element("div", { class: `card ${colour ?? ""}`, "data-name": name },
    element("h4", {}, element("code", { class: colour }, name), " ", shape, " ", from), body);

  function show(value, before, origin, at) {
    shape.textContent = shaped(value);
    from.replaceChildren(...(origin ? ["from ", element("a", {
      href: `?iteration=${origin.iteration || at.iteration}#L${origin.line}`, "data-line": origin.line, "data-iteration": origin.iteration,
    }, `line ${origin.line}`), origin.iteration && origin.iteration !== at.iteration ? `, iteration ${count(origin.iteration)}` : ""] : []));
    body.replaceChildren(value?.shape ? matrix(value, { signed, ...how, before: before?.shape ? before : undefined })
      : written(value, name));
  }

  return { element: made, show };
}

/**
 * How the rows of a value are called: see `card`.
 * @param {string[]} examples the names of the arrays whose rows are the examples; of a single one, its length tells that of others
 * @param {Recording} recording
 * @returns {(name: string) => {axes: number[], lettered?: boolean}} of the value of a variable; "" is that of none
 */
export function rows(examples, recording) {
  const axes = /** @type {Partial<Matrix>} */ (recording.steps.at(-1)?.state[examples[0]])?.shape ?? [];
  return (name) => (examples.length < 2 ? { axes } : name ? { axes, lettered: examples.includes(name) } : { axes: [] });
}

/** What is no array, as it is written: the name of a function is not said twice. */
export function written(value, name = "") {
  if (typeof value === "boolean") return element("code", {}, value ? "True" : "False");
  return typeof value === "object" ? `${value.type}${value.text && value.text !== name ? ` ${value.text}` : ""}` : element("code", {}, String(value));
}

/** The shape of a value as NumPy writes it; "" if it is no array. */
export const shaped = (value) => (value?.shape ? `(${value.shape.join(", ")}${value.shape.length === 1 ? "," : ""})` : "");

/**
 * The numbers of an array as a table.
 * @param {Matrix} value
 * @param {{signed: boolean, axes: number[], lettered?: boolean, before?: Matrix}} how whether any is ever negative, and see card
 */
export function matrix(value, { signed, axes, lettered, before }) {
  const columns = value.shape.length > 1 ? value.shape.at(-1) : 1;
  const rows = value.values.length / columns;
  // The longest bar is the largest number that stands here: what a variable holds later would make specks of what it holds now.
  const largest = Math.max(...value.values.map((number) => Math.abs(Number(number)))) || 1;
  const letters = lettered ?? rows === axes[0], numbered = lettered === false || rows === axes[1];
  const cell = (number) => {
    const float = value.dtype.startsWith("float");
    const text = float ? Math.abs(number).toFixed(6) : String(Math.abs(number));
    const sign = number < 0 ? "−" : signed && number > 0 ? "+" : "";
    const bar = float ? element("i", { class: number < 0 ? "minus" : "plus", style: `--size: ${Math.abs(number) / largest}` }) : "";
    return element("td", { class: signed ? "signed" : undefined }, element("span", {}, sign + text), bar);
  };
  const was = before && columns === 1 && value.dtype.startsWith("float");
  const table = element("table", { class: "matrix" });
  if (was) table.append(element("tr", {}, element("td"), element("th", { scope: "col" }, "before"), element("th", { scope: "col" }, "after")));
  if (columns > 1 && (lettered !== undefined || columns === axes[1])) {
    table.append(element("tr", {}, element("td"), ...Array.from({ length: columns }, (_, column) => element("th", { scope: "col" }, String(column + 1)))));
  }
  for (let row = 0; row < rows; row++) {
    const label = letters ? String.fromCharCode(65 + row) : numbered ? String(row + 1) : "";
    const values = value.values.slice(row * columns, (row + 1) * columns);
    const old = was ? [element("td", { class: "was" }, cell(before.values[row]).firstChild, " →")] : [];
    table.append(element("tr", {}, ...(label ? [element("th", { scope: "row" }, label)] : []), ...old, ...values.map(cell)));
  }
  return table;
}
