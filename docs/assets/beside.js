/** The panel: on a wide screen, the whole program beside the prose, and what the lines that are read have made. */

import { count, element, inHeader } from "./elements.js";
import { Recording } from "./recording.js";
import { store } from "./store.js";

/**
 * Offer the panel, and open it if the reader had it open.
 * @param {HTMLElement} article
 * @param {AbortSignal} signal ends it
 * @returns {{read: (lines: import("./follow.js").Lines) => void, turn: (iteration: number) => void}} `read` marks the lines that
 * are being read, `turn` shows an iteration
 */
export function beside(article, signal) {
  const link = /** @type {HTMLAnchorElement} */ (article.querySelector("a[target=program]"));
  const frame = document.querySelector(".md-main__inner");
  const button = element("button", { type: "button", class: "beside-switch", "aria-expanded": false }, "Beside the text");
  button.title = "Show the program beside the text";
  /** @type {HTMLElement | undefined} */
  let panel;
  let reading, iteration = 1, values = (/** @type {import("./follow.js").Lines} */ _lines, /** @type {number} */ _turn) => {};

  async function open() {
    const listing = new URL(link.href);
    listing.hash = "";
    const page = new DOMParser().parseFromString(await (await fetch(listing)).text(), "text/html");
    if (signal.aborted || panel) return;
    const code = page.querySelector(".listing pre");
    const stops = [.../** @type {NodeListOf<HTMLTableRowElement>} */ (page.querySelectorAll(".states tr"))].map((row) => (
      /** @type {const} */ ([row.cells[0].textContent.split("–").map(Number), row.cells[2]?.querySelector("a")])));
    let above; // one link a stop: each stands alone, so that it is large enough to tap
    const lines = code.querySelector("code").innerHTML.trimEnd().split("\n").map((text, index) => {
      const number = index + 1;
      const found = stops.find(([[first, last = first], a]) => a && number >= first && number <= last)?.[1].getAttribute("href");
      const stop = found !== above && found;
      above = found;
      const row = element("li", { "data-line": number });
      const label = element(stop ? "a" : "span", { class: "number", href: stop ? new URL(stop, listing).href : undefined }, String(number));
      const words = element("code");
      words.innerHTML = text || " "; // the highlighted line, from this site's own page
      row.append(label, words);
      return row;
    });
    const made = element("div", { class: "made" });
    panel = element("aside", { class: "beside highlight", "aria-label": "The program", style: `--lines: ${lines.length}` },
      element("h2", { class: "unseen" }, "The program"), element("ol", {}, ...lines), made);
    frame.append(panel);
    document.body.classList.add("has-beside");
    mark();
    const examples = /** @type {HTMLElement} */ (page.querySelector(".states")).dataset.examples.split(" ");
    try {
      const [recording, cards] = await Promise.all([Recording.load(listing), import("./card.js")]);
      values = (lines, turn) => made.replaceChildren(...valued(recording, cards, examples, lines, turn));
      mark();
    } catch { /* You may be offline: the program is there. */ }
  }

  function close() {
    panel?.remove();
    panel = undefined;
    values = () => {};
    document.body.classList.remove("has-beside");
  }

  function mark() {
    for (const row of panel?.querySelectorAll("li") ?? []) {
      const number = Number(row.dataset.line);
      row.classList.toggle("embedded", Boolean(reading) && number >= reading.first && number <= reading.last);
    }
    if (!panel || !reading) return;
    values(reading, iteration);
    const list = panel.querySelector("ol"), marked = panel.querySelectorAll(".embedded");
    const [top, bottom] = [marked[0], marked[marked.length - 1]].map((row) => /** @type {HTMLElement} */ (row)?.offsetTop - list.offsetTop);
    if (top < list.scrollTop || bottom + marked[0].clientHeight > list.scrollTop + list.clientHeight) list.scrollTop = (top + bottom - list.clientHeight) / 2;
  }

  function set(on) {
    button.setAttribute("aria-expanded", String(on));
    store(() => localStorage, "beside", on ? "on" : "off");
    return on ? open() : close();
  }

  inHeader(button);
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"), { signal });
  signal.addEventListener("abort", () => { close(); button.remove(); });
  if (store(() => localStorage, "beside") === "on") set(true);
  return {
    read(lines) {
      reading = lines;
      iteration = lines.iteration ?? iteration;
      mark();
    },
    turn(turn) {
      iteration = turn;
      mark();
    },
  };
}

/**
 * What some lines have bound in an iteration, or what they had bound by then: the numbers and the arrays.
 * @param {Recording} whole
 * @param {typeof import("./card.js")} cards
 * @param {string[]} examples the names of the arrays whose rows are the examples
 * @param {import("./follow.js").Lines} lines
 * @param {number} turn
 * @returns {HTMLElement[]}
 */
function valued(whole, { card, rows }, examples, { first, last, call = 1 }, turn) {
  const recording = whole.at(last, call), kept = recording.nearest(last, turn), index = recording.find(last, kept);
  const at = recording.steps[index], loop = recording.loop(last);
  if (!at) return [];
  const ran = recording.steps.slice(0, index + 1).filter((step) => step.iteration === at.iteration && step.line >= first && step.line <= last);
  const before = recording.steps[index - ran.length]?.state ?? {};
  const names = [...new Set(ran.flatMap(({ changed }) => changed))].filter((name) => typeof at.state[name] !== "object" || "shape" in /** @type {object} */ (at.state[name]));
  if (!names.length) return [];
  const called = rows(examples, recording);
  return [
    element("h3", {}, `After line ${last}`, loop ? `, iteration ${count(kept)}` : "", recording.call?.count > 1 ? `, call ${count(recording.call.number)}` : ""),
    element("div", { class: "cards" }, ...names.map((name) => {
      const it = card(name, recording, called(name));
      it.show(at.state[name], ran.length < 2 ? before[name] : undefined, undefined, at);
      return it.element;
    })),
  ];
}
