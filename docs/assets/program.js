/** The program page: the listing beside an inspector, which shows what the variables hold after a line. */

import { count, element, slider } from "./elements.js";
import { Recording } from "./recording.js";

/** @typedef {import("./recording.js").Matrix} Matrix */
/** @typedef {{show: (first: number, last: number, iteration?: number) => void, place: () => {line: number, iteration: number, stop?: string}}} Inspector */

/**
 * Build the inspector.
 * @param {HTMLElement} listing
 * @param {HTMLElement} states the tables that stand below the listing, which it takes the place of
 * @param {() => void} chosen called when the reader has chosen a line or an iteration
 * @param {AbortSignal} signal ends it
 * @returns {Promise<Inspector | undefined>} nothing if the page has ended meanwhile
 */
export async function inspector(listing, states, chosen, signal) {
  const recording = await Recording.load(new URL(location.href));
  if (signal.aborted) return;
  const gutter = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (listing.querySelectorAll(".gutter a"))];
  const said = sentences(states);
  const byExample = states.dataset.examples.split(" ");
  const examples = /** @type {Matrix | undefined} */ (recording.steps.at(-1).state[byExample[0]]);
  const cards = new Map(recording.names.map((name) => [name, card(name, recording, examples?.shape ?? [],
    byExample.length > 1 ? byExample.includes(name) : undefined)]));

  let line = 1, iteration = recording.iterations[0] ?? 0, timer;

  const heading = element("h2");
  const says = element("p", { class: "says" });
  const back = element("button", { type: "button" }, "← Step back");
  const forth = element("button", { type: "button" }, "Step →");
  const range = recording.iterations.length
    ? slider(recording.iterations, (n, first) => choose(line, n, first ? "push" : "replace"), signal) : undefined;
  const groups = ["changed", "read", "other"].map((kind) => element("div", { class: `cards ${kind}` }));
  const titles = ["", "It read", "Everything else"].map((text) => element("h3", {}, text));
  const printed = element("div");
  const status = element("p", { role: "status", class: "unseen" });
  const panel = element("section", { class: "inspector", "aria-label": "State" },
    heading, says, element("div", { class: "controls" }, element("div", { class: "steps" }, back, forth), range?.element ?? ""),
    titles[0], printed, groups[0], titles[1], groups[1], titles[2], groups[2], status);
  const frame = element("div", { class: "workbench" });
  listing.before(frame);
  frame.append(listing, panel);
  states.hidden = true;

  // One tab stop for the whole listing; its lines are chosen with the arrow keys.
  for (const link of gutter) link.tabIndex = -1;
  listing.tabIndex = 0;
  listing.setAttribute("role", "group");
  listing.setAttribute("aria-label", `${recording.program}: left and right step, up and down choose a line`);

  const index = () => recording.find(line, iteration);

  /** @param {"push" | "replace" | "keep"} history */
  function choose(to, turn, history) {
    show(to, to, turn);
    if (history !== "keep") write(history);
    chosen();
  }

  /** Choose the statement that completes next, or that completed before. */
  function step(by, history) {
    const here = index();
    const onComment = recording.steps[here]?.line !== line && by < 0;
    const next = recording.steps[onComment ? here : here + by];
    if (next) choose(next.line, next.iteration || iteration, history);
  }

  function show(first, last, turn = iteration) {
    line = Math.min(Math.max(last, 1), gutter.length);
    iteration = recording.nearest(turn);
    for (const [number, link] of gutter.entries()) {
      link.classList.toggle("embedded", number + 1 >= first && number + 1 <= last);
      if (number + 1 === line) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    render();
    reveal(gutter[line - 1], panel);
  }

  function render() {
    const here = index();
    const at = recording.steps[here] ?? { line: 0, iteration: 0, changed: [], printed: "", state: {}, from: {} };
    const before = at.iteration ? recording.steps[here - 1] : undefined;
    const runs = recording.statements[line - 1] === line;
    const turn = at.iteration ? `iteration ${count(at.iteration)} of ${count(recording.iterations.at(-1))}`
      : here < recording.steps.findIndex((other) => other.iteration) ? "before the loop"
      : recording.iterations.length ? "after the loop" : "";
    heading.replaceChildren(`After line ${line}`, ...(turn ? [element("small", {}, turn)] : []));
    const { sentence, stop } = said(line);
    says.replaceChildren(...(runs || sentence ? sentence ?? [] : ["Nothing runs on this line. "]),
      ...(stop ? [" ", element("a", { href: stop.href }, `${stop.text} →`)] : []));
    range?.set(iteration);
    back.disabled = here <= 0 && runs;
    forth.disabled = here === recording.steps.length - 1;

    const told = runs ? at : { changed: [], printed: "" };
    const lists = [[...told.changed], runs ? recording.uses[line] : [], recording.names];
    titles[0].textContent = told.changed.length ? "This line changed" : told.printed ? "This line printed"
      : runs ? "This line changed no variable" : `The values are those after line ${at.line}`;
    printed.replaceChildren(told.printed && element("pre", {}, told.printed));
    const shown = new Set();
    for (const [number, all] of lists.entries()) {
      const names = all.filter((name) => name in at.state && !shown.has(name));
      names.forEach((name) => shown.add(name));
      const plain = (name) => Number(!(/** @type {Partial<Matrix>} */ (at.state[name]).shape));
      names.sort((a, b) => plain(a) - plain(b)); // what can be read at a glance first
      if (number) titles[number].hidden = !names.length;
      groups[number].replaceChildren(...names.map((name) => {
        const it = cards.get(name);
        it.show(at.state[name], number ? undefined : before?.state[name], number ? at.from[name] : undefined, at);
        return it.element;
      }));
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      status.textContent = `Line ${line}${turn && `, ${turn}`}. ${titles[0].textContent}${told.changed.length ? `: ${told.changed.join(", ")}` : ""}.`;
    }, 200);
  }

  function write(how) {
    const url = new URL(location.href);
    if (recording.iterations.length) url.searchParams.set("iteration", String(iteration));
    url.hash = `L${line}`;
    if (url.href !== location.href) window.history[`${how}State`](null, "", url);
  }

  function read() {
    const found = /^#L(\d+)$/.exec(location.hash);
    const turn = Number(new URLSearchParams(location.search).get("iteration")) || iteration;
    show(Number(found?.[1] ?? line), Number(found?.[1] ?? line), turn);
  }

  /** Nobody else is to follow the link: neither the browser, nor Material's instant navigation. */
  function taken(event) {
    event.preventDefault();
    event.stopPropagation();
    listing.focus({ preventScroll: true });
  }

  const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
  on(back, "click", () => step(-1, "push"));
  on(forth, "click", () => step(1, "push"));
  on(listing, "click", (event) => {
    if (event.metaKey || event.ctrlKey || event.target.closest("button") || !getSelection().isCollapsed) return;
    const link = gutter.find((other) => event.clientY < other.getBoundingClientRect().bottom);
    if (!link) return;
    taken(event);
    choose(gutter.indexOf(link) + 1, iteration, "push");
  });
  on(listing, "keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const how = event.repeat ? "replace" : "push";
    if (event.key === "ArrowRight") step(1, how);
    else if (event.key === "ArrowLeft") step(-1, how);
    else if (event.key === "ArrowDown") choose(Math.min(line + 1, gutter.length), iteration, how);
    else if (event.key === "ArrowUp") choose(Math.max(line - 1, 1), iteration, how);
    else if (event.key === "Home") choose(1, iteration, how);
    else if (event.key === "End") choose(gutter.length, iteration, how);
    else return;
    event.preventDefault();
  });
  on(panel, "click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link || event.metaKey || event.ctrlKey) return;
    taken(event);
    choose(Number(link.dataset.line), Number(link.dataset.iteration) || iteration, "push");
  });
  on(window, "popstate", read);
  read();
  if (location.hash) {
    frame.scrollIntoView();
    reveal(gutter[line - 1], panel);
  }

  return {
    show(first, last, turn) {
      show(first, last, turn);
      write("replace");
    },
    place: () => ({ line, iteration: recording.steps[index()]?.iteration ?? 0, stop: said(line).stop?.href }),
  };
}

/** Scroll no further than it takes for a line to be seen, above what may stand at the foot of the screen. */
function reveal(link, panel) {
  const box = link.getBoundingClientRect();
  const { left, top } = panel.getBoundingClientRect();
  if (box.top < 60 || box.bottom > Math.min(innerHeight, left < box.right ? top : innerHeight)) {
    link.scrollIntoView({ block: "nearest" });
  }
}

/** Read what each line does, and its stop, from the table below the listing. */
function sentences(states) {
  const rows = [...(states.querySelector("table")?.tBodies[0].rows ?? [])].map((row) => {
    const [first, last = first] = row.cells[0].textContent.split("–").map(Number);
    const link = row.cells[2].querySelector("a");
    return { first, last, words: row.cells[1], stop: link && { href: link.href, text: link.textContent } };
  });
  return (line) => {
    const own = rows.find((row) => line >= row.first && line <= row.last);
    // A comment belongs to what it stands above.
    const near = own ?? rows.find((row) => row.first > line);
    return { sentence: own && [...own.words.cloneNode(true).childNodes], stop: near?.stop };
  };
}

/**
 * A variable: its name, its shape, where its value comes from, and the value.
 * @param {string} name
 * @param {Recording} recording
 * @param {number[]} axes the lengths of the examples and of the inputs
 * @param {boolean | undefined} lettered whether its rows are the examples; if nobody has said it, its length tells
 */
function card(name, recording, axes, lettered) {
  const extent = recording.extent(name);
  const listed = [...document.querySelectorAll(".listing .n")].find((token) => token.textContent === name);
  const colour = listed?.className.split(" ")[1];
  const shape = element("span", { class: "shape" });
  const from = element("span", { class: "from" });
  const body = element("div");
  const made = element("div", { class: `card ${colour ?? ""}`, "data-name": name },
    element("h4", {}, element("code", { class: colour }, name), " ", shape, " ", from), body);

  function show(value, before, origin, at) {
    shape.textContent = value?.shape ? `(${value.shape.join(", ")}${value.shape.length === 1 ? "," : ""})` : "";
    from.replaceChildren(...(origin ? ["from ", element("a", {
      href: `?iteration=${origin.iteration || at.iteration}#L${origin.line}`, "data-line": origin.line, "data-iteration": origin.iteration,
    }, `line ${origin.line}`), origin.iteration && origin.iteration !== at.iteration ? `, iteration ${count(origin.iteration)}` : ""] : []));
    body.replaceChildren(value?.shape ? matrix(value, before?.shape ? before : undefined)
      : typeof value === "object" ? `${value.type}${value.text && value.text !== name ? ` ${value.text}` : ""}` : element("code", {}, String(value)));
  }

  function matrix(value, before) {
    const columns = value.shape.length > 1 ? value.shape.at(-1) : 1;
    const rows = value.values.length / columns;
    const letters = lettered ?? rows === axes[0], numbered = lettered === false || rows === axes[1];
    const cell = (number) => {
      const float = value.dtype.startsWith("float");
      const text = float ? Math.abs(number).toFixed(6) : String(Math.abs(number));
      const sign = number < 0 ? "−" : extent.signed && number > 0 ? "+" : "";
      const bar = float ? element("i", { class: number < 0 ? "minus" : "plus", style: `--size: ${Math.abs(number) / extent.size}` }) : "";
      return element("td", { class: extent.signed ? "signed" : undefined }, element("span", {}, sign + text), bar);
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

  return { element: made, show };
}
