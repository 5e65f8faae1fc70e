/** What every page loads; the rest is loaded where a page has use for it. */

import { element } from "./elements.js";
import { Tab, program, prose } from "./follow.js";

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
  document.querySelector(".program-link")?.before(button);
}

/** A table that is wider than its place can be reached with the keyboard, which then scrolls it. */
const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

// Material makes landmarks of the buttons of code cells, all alike; and it puts tables into boxes.
new MutationObserver(() => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, article table")) wide.observe(box);
  for (const nav of document.querySelectorAll(".md-code__nav")) {
    nav.removeAttribute("aria-label");
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

// It says that something has been copied, but not to those who only hear.
document.querySelector(".md-dialog")?.setAttribute("role", "status");

// It gives single characters a meaning (n is the next page), which whoever speaks to a computer says all the time.
document.addEventListener("keydown", (event) => {
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea")) event.stopPropagation();
});

/** While the drawer is open, what lies under it is out of reach. Escape closes it. */
const drawer = /** @type {HTMLInputElement} */ (document.getElementById("__drawer"));
const cover = () => {
  for (const part of document.querySelectorAll("[data-md-component=skip], .md-header, .md-content, .md-footer")) part.inert = drawer.checked;
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
else start();
