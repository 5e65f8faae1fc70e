/** What every page loads; the rest is loaded where a page has use for it. */

import { element } from "./elements.js";
import { Tab, program, prose } from "./follow.js";
import { theme } from "./theme.js";

const tab = new Tab();
let page = new AbortController();

/** Bring a page to life: once, or with instant navigation each time that its content is replaced. */
async function start() {
  delete document.documentElement.dataset.ready;
  await wake();
  document.documentElement.dataset.ready = "";
}

async function wake() {
  page.abort();
  page = new AbortController();
  const { signal } = page;
  const article = /** @type {HTMLElement | null} */ (document.querySelector("article"));
  if (!article) return;
  const listing = /** @type {HTMLElement | null} */ (article.querySelector(".listing"));
  const states = /** @type {HTMLElement | null} */ (article.querySelector(".states"));
  tab.heard = tab.joined = () => {};
  if (listing && states) {
    // A link with this target in a page of prose leads here, also if the reader opened the tab themselves.
    window.name = "program";
    addFollowing();
    const { inspector } = await import("./program.js");
    let following = { chosen() {} };
    const built = await inspector(listing, states, () => following.chosen(), signal);
    following = program(built, tab);
  } else if (article.querySelector(".embed")) {
    if (window.name === "program") window.name = "";
    addFollowing();
    const ledgers = article.querySelectorAll(".ledger");
    let turned = (_iteration) => {}, beside = (_lines) => {}, follows;
    if (ledgers.length) {
      const module = await import("./ledger.js");
      turned = module.ledgers(ledgers, (iteration) => follows.turn(iteration));
    }
    if (matchMedia("(min-width: 76.25em)").matches) {
      const module = await import("./beside.js");
      beside = module.beside(article, signal);
    }
    follows = prose(article, tab, (lines) => beside(lines), (iteration) => turned(iteration), signal);
  }
}

/** Put the switch for following into the header, beside the link to the program. */
function addFollowing() {
  document.querySelector(".following")?.remove();
  const button = element("button", { type: "button", class: "following", title: "Prose and program follow each other" });
  const show = (on) => {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Following" : "Not following";
  };
  button.addEventListener("click", () => (tab.on = !tab.on));
  tab.switched = show;
  show(tab.on);
  document.querySelector(".program-link")?.after(button);
}

// Material makes landmarks of the buttons of code cells and of parts of the contents, all alike.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll(".md-code__nav, .md-nav--secondary .md-nav")) {
    nav.removeAttribute("aria-label");
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

/** Search opens by its button, and by the keys that Material gives it. */
const find = async () => (await import("./search.js")).search();
addEventListener("click", (event) => event.target.closest?.(".search-open") && find());
addEventListener("keydown", (event) => {
  if (!["/", "s", "f"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable], dialog")) return;
  event.preventDefault();
  find();
});

if ("document$" in window) window.document$.subscribe(start);
else {
  theme();
  start();
}
