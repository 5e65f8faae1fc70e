/**
 * The parts of an embed's lines: what each call, operation and name came to at the iteration that the embed shows. The part under the
 * pointer, or that the keyboard has gone to, is told with those around it. Loaded once a reader points at an embed, or focuses one.
 *
 * @typedef {{start: number, end: number, said: {text: string, value: import("./recording.js").Value, same: string, signed: boolean}, step: import("./recording.js").Step, around?: Part}} Part
 * @typedef {{parts: Part[], show: (part: Part) => HTMLElement[]}} Lines what an embed shows
 */

import { rows, shaped, written } from "./card.js";
import { count, element } from "./elements.js";
import { EMBED } from "./follow.js";
import { Inside, head, isCall } from "./inside.js";
import {} from "./program.js"; // with which the modules above come, so that they are no further file for the program's page
import { Recording } from "./recording.js";

const REST = 150; // milliseconds for which the pointer rests on a part before it is told
const LEAVE = 300; // and for which the card stays when it has left
const WORDLESS = ["NoneType", "function", "module", "type", "builtin_function_or_method"]; // whose values say nothing
const marks = "highlights" in CSS;

/**
 * Show the parts of a page's embeds, beginning with what has made the page load this.
 * @param {HTMLElement} article
 * @param {Event} first
 * @param {AbortSignal} signal ends it
 */
export function parts(article, first, signal) {
  const body = element("div", { class: "chain" }), where = element("p");
  const card = element("div", { class: "inside pointed" }, body, where);
  const status = article.appendChild(element("p", { role: "status", class: "unseen" }));
  /** @type {Map<Element, Promise<Lines | undefined>>} */
  const read = new Map();
  let timer = 0, saying = 0, quiet = false, pointer = { x: 0, y: 0 };
  /** @type {Element | undefined} whose part is shown; and what the pointer is over */
  let shown, over;
  /** @type {Part | undefined} what is shown of it, or waits to be */
  let part, wanted;

  /** @param {Element} pre */
  const linesOf = (pre) => {
    // What could not be loaded may come the next time.
    if (!read.has(pre)) read.set(pre, lines(pre).catch(() => void read.delete(pre)));
    return read.get(pre);
  };

  /** @param {Element} pre @param {Lines} of @param {Part} one */
  function show(pre, of, one) {
    clearTimeout(timer);
    if (shown === pre && part === one) return;
    if (shown !== pre) pre.closest(".embed").after(card);
    [shown, part] = [pre, one];
    body.replaceChildren(...of.show(one));
    const { line, iteration } = one.step, link = /** @type {HTMLAnchorElement} */ (pre.closest("figure").querySelector("figcaption a"));
    const address = new URL(link.href);
    if (iteration) address.searchParams.set("iteration", String(iteration));
    address.hash = `L${line}`;
    const words = `line ${line}${iteration ? `, iteration ${count(iteration)}` : ""}`;
    where.replaceChildren("After ", element("a", { href: address.href, target: "program" }, words));
    mark(pre, one);
    place(pre, one);
    clearTimeout(saying);
    saying = window.setTimeout(() => (status.textContent = `${spoken(one)}. ${where.textContent}`), 200);
  }

  function hide() {
    clearTimeout(timer);
    clearTimeout(saying);
    if (shown && marks) CSS.highlights.delete("pointed");
    card.remove();
    shown = part = wanted = undefined;
    status.textContent = "";
  }

  /** Below the code, or where else there is room, so that none of its lines is hidden. On a narrow screen, it stands at the foot. */
  function place(pre, one) {
    const box = pre.getBoundingClientRect(), at = rangeOf(pre, one).getBoundingClientRect();
    const figure = card.parentElement.getBoundingClientRect(), { width, height } = card.getBoundingClientRect();
    const head = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;
    const tops = [box.bottom, box.top - height, at.bottom + 4, at.top - height - 4];
    const top = tops.find((y) => y >= head && y + height <= innerHeight) ?? tops[0];
    card.style.top = `${top - figure.top}px`;
    if (getComputedStyle(card).position === "fixed") scrollBy({ top: Math.max(at.bottom + 8 - card.getBoundingClientRect().top, 0), behavior: "instant" });
    card.style.left = `${Math.max(Math.min(at.left, figure.right - width) - figure.left, 0)}px`;
  }

  /** The innermost part at a place in the window. */
  const under = ({ parts }, pre, { x, y }) => parts.filter((one) => [...rangeOf(pre, one).getClientRects()]
    .some((box) => x >= box.left && x < box.right && y >= box.top && y < box.bottom)).sort((a, b) => a.end - a.start - b.end + b.start)[0];

  /** Tell what is under the pointer, once it rests there; or at once, if it has pressed. */
  async function point(pre, rest) {
    if (rest && !read.has(pre)) {
      clearTimeout(timer);
      timer = window.setTimeout(() => linesOf(pre).then(() => point(pre, rest)), REST);
      return;
    }
    const of = await linesOf(pre);
    if (!of || signal.aborted || over !== pre) return;
    const one = under(of, pre, pointer);
    if (!rest) return one ? show(pre, of, one) : hide();
    if (one === wanted) return;
    wanted = one;
    clearTimeout(timer);
    if (one) timer = window.setTimeout(() => show(pre, of, one), REST);
    else if (shown) timer = window.setTimeout(hide, LEAVE);
  }

  /** Go to a part with the keyboard: to one that is so many further on, or to the first. */
  async function go(pre, by) {
    const of = await linesOf(pre);
    if (!of?.parts.length || signal.aborted || document.activeElement !== pre) return;
    const at = shown === pre ? of.parts.indexOf(part) + by : 0;
    const one = of.parts[Math.min(Math.max(at, 0), of.parts.length - 1)];
    rangeOf(pre, one).startContainer.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    show(pre, of, one);
  }

  const preOf = ({ target }) => /** @type {Element | null} */ (target).closest?.(EMBED);
  const on = (target, type, listener) => target.addEventListener(type, listener, { signal, passive: type !== "keydown" });
  const moved = (event) => {
    pointer = { x: event.clientX, y: event.clientY };
    const pre = over = preOf(event);
    if (pre && !event.buttons && event.pointerType !== "touch") return point(pre, true);
    wanted = part;
    clearTimeout(timer);
    if (shown && document.activeElement !== shown && !card.contains(event.target)) timer = window.setTimeout(hide, LEAVE);
  };
  const pressed = (event) => {
    const pre = over = preOf(event);
    pointer = { x: event.clientX, y: event.clientY };
    if (pre && event.detail && getSelection().isCollapsed) point(pre, false);
    else if (!pre && !card.contains(event.target)) hide();
  };
  const focused = (event) => {
    if (quiet) return;
    const pre = preOf(event);
    if (pre === event.target && pre.matches(":focus-visible")) go(pre, 0);
    else if (!pre && !card.contains(event.target)) hide();
  };
  on(document, "pointermove", (event) => event.pointerType !== "touch" && (shown || over || preOf(event)) && moved(event));
  on(document, "click", pressed);
  on(document, "focusin", focused);
  on(document, "keydown", (event) => {
    if (event.key === "Escape" && shown) {
      const pre = /** @type {HTMLElement} */ (shown), same = wanted, back = card.contains(document.activeElement);
      hide();
      wanted = same; // a pointer that lies there brings it back from another part only
      quiet = true;
      if (back) pre.focus();
      quiet = false;
      return;
    }
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key], pre = preOf(event);
    if (!by || pre !== event.target || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(pre, by);
  });
  signal.addEventListener("abort", hide);
  ({ focusin: focused, click: pressed, pointerover: moved })[first.type](first);
}

/** @type {Map<string, Promise<{recording: Recording, inside: Inside}>>} by the address of the page that lists the program */
const loaded = new Map();

/** @param {string} address */
function load(address) {
  if (!loaded.has(address)) {
    const made = Recording.load(new URL(address)).then((recording) => ({ recording, inside: new Inside(recording) }));
    made.catch(() => loaded.delete(address));
    loaded.set(address, made);
  }
  return loaded.get(address);
}

/**
 * Read what an embed's lines came to; nothing of what the recording does not keep.
 * @param {Element} pre
 * @returns {Promise<Lines>}
 */
async function lines(pre) {
  const { dataset } = /** @type {HTMLElement} */ (pre.closest(".embed"));
  const { recording: whole, inside } = await load(/** @type {HTMLAnchorElement} */ (pre.closest("figure").querySelector("figcaption a")).href.split(/[?#]/)[0]);
  const [first, last] = dataset.lines.split(" ").map(Number), call = Number(dataset.call);
  const run = call ? whole.at(last, call) : whole;
  const texts = pre.querySelector("code").textContent.split("\n").slice(0, last - first + 1);
  const starts = texts.map((_, row) => texts.slice(0, row).join("\n").length + Math.min(row, 1));
  if ("inner" in dataset || call && run.call?.number !== call) return { parts: [], show: () => [] };

  /** Where a line has completed, as the embed shows it: at its iteration; of another loop, at the last one. */
  const stepOf = (line) => {
    const loop = run.loop(line), turn = !loop ? 0 : loop === run.loop(last) ? Number(dataset.iteration) : loop.iterations.at(-1);
    return run.steps.find((step) => step.line === line && step.iteration === turn);
  };
  const steps = new Map(texts.map((_, row) => [first + row, stepOf(first + row)]));
  /** @type {Map<number, Part["said"]>} by the number of its place */
  const came = new Map();
  const take = (items) => items.filter((item) => !isCall(item)).forEach((item) => {
    came.set(item.number, item);
    take(item.parts);
  });
  for (const step of steps.values()) if (step && !call) take(inside.of(step));
  for (const [number, { kind, line, text }] of inside.places.entries()) {
    const step = steps.get(line), value = step?.state[text];
    // What a line reads and binds was another before it.
    const both = kind === "read" && inside.places.some((other) => other.kind === "bound" && other.line === line && other.text === text);
    if (["read", "bound"].includes(kind) && value !== undefined && !both) came.set(number, { text, value, same: text, signed: run.signed(text) });
  }

  /** @type {Map<number, Part>} */
  const found = new Map();
  for (const [number, said] of [...came].sort(([a], [b]) => a - b)) { // so that what is around a part comes before it
    const { line, text, at: [top, from, bottom, to], parent } = inside.places[number];
    if (top < first || bottom > last || WORDLESS.includes(/** @type {{type?: string}} */ (said.value)?.type)) continue;
    const start = starts[top - first] + from, end = starts[bottom - first] + to;
    const there = texts.join("\n").slice(start, end).split(/\s+/).join(" ");
    if (!there.startsWith(text.replace("…", ""))) continue; // it stands elsewhere in the lines as they are shown
    let above = parent;
    while (above !== undefined && above !== null && !found.has(above)) above = inside.places[above].parent;
    found.set(number, { start, end, said, step: steps.get(line), around: found.get(above) });
  }
  const colour = (name) => [...pre.querySelectorAll(".n")].find((token) => token.textContent === name)?.className.split(" ")[1];
  const how = { rows: rows(whole.file.examples ?? [], whole), shown: [], colour };
  const chain = (/** @type {Part | undefined} */ one) => (one ? [head(one.said.text, one.said, how), ...chain(one.around)] : []);
  return { parts: [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end), show: chain };
}

/** The text of a part as a range of the page. */
function rangeOf(pre, { start, end }) {
  const range = document.createRange(), texts = document.createTreeWalker(pre.querySelector("code"), NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node; (node = texts.nextNode());) {
    const { length } = /** @type {Text} */ (node);
    if (start >= at && start < at + length) range.setStart(node, start - at);
    if (end > at && end <= at + length) range.setEnd(node, end - at);
    at += length;
  }
  return range;
}

function mark(pre, one) {
  if (marks) CSS.highlights.set("pointed", new Highlight(rangeOf(pre, one)));
}

/** A part in words, for those who hear it. */
function spoken({ said: { text, value, same } }) {
  const { values } = /** @type {Partial<import("./recording.js").Matrix>} */ (value);
  const came = values ? `${shaped(value)}: ${values.map((number) => Number(Number(number).toPrecision(4))).join(", ")}` : written(value);
  return `${text}${same && same !== text ? ` = ${same}` : ""}, ${typeof came === "string" ? came : came.textContent}`;
}
