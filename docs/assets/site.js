/** What every page loads; the rest is loaded where a page has use for it. */

import { element, inHeader, wide } from "./elements.js";
import { EMBED, PLACES, Tab, program, prose } from "./follow.js";
import { store } from "./store.js";
import { theme } from "./theme.js";

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
  const article = /** @type {HTMLElement | null} */ (document.querySelector("article"));
  const drop = (selector) => document.querySelectorAll(selector).forEach((button) => button.remove());
  if (!article) return drop(".following, .beside-switch");
  const listing = /** @type {HTMLElement | null} */ (article.querySelector(".listing"));
  const states = /** @type {HTMLElement | null} */ (article.querySelector(".states"));
  if (listing && states) {
    // A link with this target in a page of prose leads here, also if the reader opened the tab themselves.
    window.name = "program";
    drop(".beside-switch");
    inHeader(following);
    const { inspector } = await import("./program.js");
    let channel = { chosen() {} };
    const built = await inspector(listing, states, () => channel.chosen(), signal);
    if (built) channel = program(built, tab, signal);
  } else if (article.querySelector(PLACES)) {
    if (window.name === "program") window.name = "";
    inHeader(following);
    const roomy = matchMedia("(min-width: 76.25em)").matches;
    if (!roomy) drop(".beside-switch");
    const ledgers = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".ledger"));
    const drawings = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".network"));
    let beside = (_lines) => {}, follows, own, at = Number(drawings[0]?.dataset.at) || 1, over = new AbortController();
    /** What shows an iteration: one that a reader chooses in a ledger or a network, they all show. */
    let shown = [], turn = (_iteration) => {};
    const turned = (iteration) => {
      at = iteration;
      [...shown, turn].forEach((show) => show(iteration));
    };
    const moved = (iteration) => {
      turned(iteration);
      if (!own) follows?.turn(iteration); // another tab is about the program as it is
    };
    /** Bring ledgers and networks to life: with the program's run, or with the reader's own. */
    const draw = async (/** @type {import("./runs.js").Own} */ run = undefined) => {
      own = run;
      over.abort();
      over = new AbortController();
      const ended = AbortSignal.any([signal, over.signal]);
      shown = [];
      if (ledgers.length) shown.push((await import("./ledger.js")).ledgers(ledgers, moved, ended, own));
      if (drawings.length) shown.push((await import("./network.js")).networks(drawings, moved, ended, own));
    };
    await draw();
    document.addEventListener("recorded", async (/** @type {CustomEvent} */ { detail }) => {
      const { runs } = await import("./runs.js");
      if (!signal.aborted) runs(detail, (own) => draw(own).then(() => turned(at)));
    }, { signal });
    if (roomy) ({ read: beside, turn } = panels(article, signal));
    if (!signal.aborted) follows = prose(article, tab, (lines) => beside(lines), (iteration) => own || turned(iteration), signal);
    inside(article, signal);
  } else drop(".following, .beside-switch");
  if (article.querySelector(".runner, .fence, fieldset.asked, .exercise, .chosen")) {
    const { practise } = await import("./practise.js");
    if (!signal.aborted) practise(article, signal);
  }
}

/** Offer the panel beside the text, which comes once it is asked for, or if it was open. */
function panels(article, signal) {
  const button = element("button", { type: "button", class: "beside-switch", "aria-expanded": false, title: "Show the program beside the text" }, "Beside the text");
  let lines, iteration = 1, panel;
  const tell = () => panel?.then((show) => show?.(lines, iteration));
  const open = () => {
    panel ??= import("./beside.js").then(({ beside }) => beside(article, button, signal)).catch(() => (panel = undefined)); // offline: ask again
    tell();
  };
  inHeader(button);
  button.addEventListener("click", open, { signal });
  signal.addEventListener("abort", () => button.remove());
  if (store(() => localStorage, "beside") === "on") open();
  return {
    read(read) {
      lines = read;
      iteration = read.iteration ?? iteration;
      tell();
    },
    turn(turn) {
      iteration = turn;
      tell();
    },
  };
}

/** The values inside of an embed's lines come once a reader points at the code, or focuses it. */
function inside(article, signal) {
  for (const pre of article.querySelectorAll(EMBED)) {
    pre.tabIndex = 0;
    pre.setAttribute("role", "group");
    pre.setAttribute("aria-label", `${pre.closest("figure").querySelector("figcaption").textContent.trim()}: left and right go through its parts`);
  }
  /** @type {Event | undefined} */
  let last;
  const first = async (event) => {
    if (event.pointerType === "touch" && event.type !== "click" || !event.target.closest(EMBED)) return;
    const asked = last;
    last = event;
    if (asked) return;
    const { parts } = await import("./parts.js");
    if (!signal.aborted) parts(article, last, signal);
  };
  for (const type of ["pointerover", "focusin", "click"]) article.addEventListener(type, first, { signal });
}

// Material makes landmarks of the buttons of code cells, all alike; and it puts tables into boxes.
new MutationObserver(() => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, article table, .listing code")) wide.observe(box);
  for (const nav of document.querySelectorAll(".md-code__nav")) {
    nav.removeAttribute("aria-label");
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

/** Search opens by its button, and by Ctrl+K: a single character is what whoever speaks to a computer says all the time. */
const find = async () => (await import("./search.js")).search();
addEventListener("click", (event) => /** @type {Element} */ (event.target).closest?.(".search-open") && find());
const key = document.querySelector(".search-open kbd");
if (key && /Mac|iPhone|iPad/.test(navigator.platform)) key.textContent = "⌘K";
addEventListener("keydown", (event) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  find();
});

// It says that something has been copied, but not to those who only hear.
document.querySelector(".md-dialog")?.setAttribute("role", "status");

// With instant navigation it gives single characters a meaning (n is the next page), too.
document.addEventListener("keydown", (event) => {
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !/** @type {Element} */ (event.target).closest("input, textarea")) event.stopPropagation();
});

/** While the drawer is open, what lies under it is out of reach. Escape closes it. */
const drawer = /** @type {HTMLInputElement} */ (document.getElementById("__drawer"));
const cover = () => {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-md-component=skip], .md-header, .md-content, .md-footer"))) part.inert = drawer.checked;
};
drawer.addEventListener("change", cover);
addEventListener("hashchange", () => setTimeout(cover)); // it may have been closed without a word
matchMedia("(min-width: 76.25em)").addEventListener("change", () => drawer.checked && drawer.click());
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drawer.checked) return;
  drawer.click();
  drawer.focus();
});

if ("document$" in window) window.document$.subscribe(start);
else {
  theme();
  start();
}
