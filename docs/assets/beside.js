/** The panel: on a wide screen, the whole program beside the prose. */

import { element, inHeader } from "./elements.js";
import { store } from "./store.js";

/**
 * Offer the panel, and open it if the reader had it open.
 * @param {HTMLElement} article
 * @param {AbortSignal} signal ends it
 * @returns {(lines: import("./follow.js").Lines) => void} marks the lines that are being read
 */
export function beside(article, signal) {
  const link = /** @type {HTMLAnchorElement} */ (article.querySelector("a[target=program]"));
  const frame = document.querySelector(".md-main__inner");
  const button = element("button", { type: "button", class: "beside-switch", "aria-expanded": false }, "Beside the text");
  button.title = "Show the program beside the text";
  /** @type {HTMLElement | undefined} */
  let panel;
  let reading;

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
    panel = element("aside", { class: "beside highlight", "aria-label": "The program", style: `--lines: ${lines.length}` }, element("ol", {}, ...lines));
    frame.append(panel);
    document.body.classList.add("has-beside");
    mark();
  }

  function close() {
    panel?.remove();
    panel = undefined;
    document.body.classList.remove("has-beside");
  }

  function mark() {
    for (const row of panel?.querySelectorAll("li") ?? []) {
      const number = Number(row.dataset.line);
      row.classList.toggle("embedded", Boolean(reading) && number >= reading.first && number <= reading.last);
    }
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
  return (lines) => {
    reading = lines;
    mark();
  };
}
