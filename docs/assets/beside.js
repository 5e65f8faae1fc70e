/** The panel: on a wide screen, the whole program beside the prose, and what the lines that are read have made. */

import { element } from "./elements.js";
import { listingOf } from "./follow.js";
import { Recording } from "./recording.js";
import { store } from "./store.js";

/**
 * Open the panel. After that its button closes and opens it, and whether it is open is remembered.
 * @param {HTMLElement} article
 * @param {HTMLElement} button
 * @param {AbortSignal} signal ends it
 * @returns {(lines: import("./follow.js").Lines | undefined, iteration: number) => void} shows what is being read
 */
export function beside(article, button, signal) {
  const link = /** @type {HTMLAnchorElement} */ (article.querySelector("a[target=program]") ?? document.querySelector(".program-link"));
  const frame = document.querySelector(".md-main__inner");
  /** @type {HTMLElement | undefined} */
  let panel;
  let reading, iteration = 1, values = (/** @type {import("./follow.js").Lines | undefined} */ _lines, /** @type {number} */ _turn) => {};

  async function open() {
    const listing = new URL(link.href);
    listing.hash = "";
    const answer = await fetch(listing).catch(() => { // you may be offline
      close();
      button.setAttribute("aria-expanded", "false");
    });
    if (!answer) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
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
      const [recording, { valued }] = await Promise.all([Recording.load(listing), import("./made.js")]);
      values = (lines, turn) => made.replaceChildren(...(lines ? valued(recording, examples, lines, turn) : []));
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
    if (!panel) return;
    const lines = reading?.listing === listingOf(link.href) ? reading : undefined; // it may be about another program
    for (const row of panel.querySelectorAll("li")) {
      const number = Number(row.dataset.line);
      row.classList.toggle("embedded", number >= lines?.first && number <= lines?.last);
    }
    values(lines, iteration);
    const list = panel.querySelector("ol"), marked = [.../** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll(".embedded"))];
    if (!marked.length) return;
    const top = marked[0].offsetTop - list.offsetTop, bottom = marked.at(-1).offsetTop + marked.at(-1).clientHeight - list.offsetTop;
    if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = (top + bottom - list.clientHeight) / 2;
  }

  function set(on) {
    button.setAttribute("aria-expanded", String(on));
    store(() => localStorage, "beside", on ? "on" : "off");
    return on ? open() : close();
  }

  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"), { signal });
  signal.addEventListener("abort", close);
  set(true);
  return (lines, turn) => {
    reading = lines;
    iteration = turn;
    mark();
  };
}
