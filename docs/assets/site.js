/** What every page loads; the rest is loaded where a page has use for it. */

import { element } from "./elements.js";
import { PLACES, Tab, program, prose } from "./follow.js";

const tab = new Tab();

/** The switch for following, beside the link to the program. */
const following = element("button", { type: "button", class: "following", title: "The text, and the program in its own tab, follow each other" });
following.addEventListener("click", () => (tab.on = !tab.on));
tab.switched = (on) => {
  following.setAttribute("aria-pressed", String(on));
  following.textContent = on ? "Following" : "Not following";
};
tab.switched(tab.on);

let page = new AbortController();

/** Bring a page to life: once, or with instant navigation each time that its content is replaced. */
async function start() {
  delete document.documentElement.dataset.ready;
  page.abort();
  page = new AbortController();
  const { signal } = page;
  await wake(signal);
  if (!signal.aborted) document.documentElement.dataset.ready = "";
}

/** @param {AbortSignal} signal ends the page; nothing of it is touched after that */
async function wake(signal) {
  tab.leave();
  for (const button of document.querySelectorAll(".following, .beside-switch")) button.remove();
  const article = /** @type {HTMLElement | null} */ (document.querySelector("article"));
  if (!article) return;
  const listing = /** @type {HTMLElement | null} */ (article.querySelector(".listing"));
  const states = /** @type {HTMLElement | null} */ (article.querySelector(".states"));
  if (listing && states) {
    // A link with this target in a page of prose leads here, also if the reader opened the tab themselves.
    window.name = "program";
    document.querySelector(".program-link")?.after(following);
    const { inspector } = await import("./program.js");
    let channel = { chosen() {} };
    const built = await inspector(listing, states, () => channel.chosen(), signal);
    if (built) channel = program(built, tab, signal);
  } else if (article.querySelector(PLACES)) {
    if (window.name === "program") window.name = "";
    document.querySelector(".program-link")?.after(following);
    const ledgers = article.querySelectorAll(".ledger");
    let turned = (_iteration) => {}, beside = (_lines) => {}, follows;
    if (ledgers.length) {
      const module = await import("./ledger.js");
      turned = module.ledgers(ledgers, (iteration) => follows?.turn(iteration), signal);
    }
    if (matchMedia("(min-width: 76.25em)").matches) {
      const module = await import("./beside.js");
      if (signal.aborted) return;
      beside = module.beside(article, signal);
    }
    if (!signal.aborted) follows = prose(article, tab, (lines) => beside(lines), (iteration) => turned(iteration), signal);
  }
}

// Material makes landmarks of the buttons of code cells and of parts of the contents, all alike.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll(".md-code__nav, .md-nav--secondary .md-nav")) {
    nav.removeAttribute("aria-label");
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

if ("document$" in window) window.document$.subscribe(start);
else start();
