/**
 * What a reader meets of the theme's own scripts, in as many lines. Material's bundle weighs more than all the rest of a page, so
 * a page has it only with instant navigation, which is Material's; then nothing here is called.
 */

import { element, wide } from "./elements.js";
import { store } from "./store.js";

const all = (selector) => [...document.querySelectorAll(selector)];

/** Bring the theme to life, once. */
export function theme() {
  document.documentElement.classList.replace("no-js", "js");
  palette();
  copying();
  scrolling();
  last();
  addEventListener("hashchange", arrive);
  addEventListener("keydown", press);
  addEventListener("beforeprint", () => {
    const closed = all("details:not([open])");
    for (const details of closed) details.open = true;
    addEventListener("afterprint", () => closed.forEach((details) => (details.open = false)), { once: true });
  });
  if (location.hash) arrive();
  for (const link of all(".md-sidebar .md-nav__link--active[href]")) reveal(link);
}

/** Light or dark: as the system is, until the reader chooses. The choice is kept where Material keeps it. */
function palette() {
  const form = /** @type {HTMLElement | null} */ (document.querySelector("[data-md-component=palette]"));
  if (!form) return;
  const inputs = [...form.querySelectorAll("input")];
  const key = `${new URL(window.__md_scope).pathname}.__palette`;
  const kept = () => {
    try {
      const index = JSON.parse(store(() => localStorage, key))?.index;
      return Number.isInteger(index) && inputs[index] ? index : undefined;
    } catch { /* It was not written here. */ }
  };
  const show = (index) => {
    document.body.dataset.mdColorSwitching = "";
    for (const name of ["media", "scheme", "primary", "accent"]) {
      document.body.setAttribute(`data-md-color-${name}`, inputs[index].getAttribute(`data-md-color-${name}`));
    }
    for (const [number, input] of inputs.entries()) /** @type {HTMLElement} */ (input.nextElementSibling).hidden = number !== index;
    setTimeout(() => delete document.body.dataset.mdColorSwitching);
  };
  const system = () => Math.max(inputs.findIndex((input) => matchMedia(input.dataset.mdColorMedia).matches), 0);
  const shown = () => inputs.findIndex((input) => !/** @type {HTMLElement} */ (input.nextElementSibling).hidden);
  form.addEventListener("change", (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
    const index = inputs.indexOf(target);
    show(index);
    const color = Object.fromEntries(["media", "scheme", "primary", "accent"].map((name) => [name, target.getAttribute(`data-md-color-${name}`)]));
    store(() => localStorage, key, JSON.stringify({ index, color }));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const next = inputs[(shown() + 1) % inputs.length];
    next.click();
    next.focus();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => kept() ?? show(system()));
  show(kept() ?? system());
}

/** A button to copy each piece of code; and one that is wider than the page can be scrolled with the keyboard. */
function copying() {
  const { translations } = JSON.parse(document.getElementById("__config").textContent);
  const dialog = document.querySelector(".md-dialog");
  let timer;
  const codes = all(".md-content pre > code");
  for (const code of codes) {
    const button = element("button", { type: "button", class: "md-code__button", title: translations["clipboard.copy"], "data-md-type": "copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(ready(code));
      dialog.firstElementChild.textContent = translations["clipboard.copied"] + (code.closest(".what-if") ? ": the lines as they are after the change" : "");
      dialog.classList.add("md-dialog--active");
      clearTimeout(timer);
      timer = setTimeout(() => dialog.classList.remove("md-dialog--active"), 2000);
    });
    code.before(element("div", { class: "md-code__nav" }, button));
  }
  for (const code of codes) wide.observe(code);
}

/** Return a piece of code as it can be run: of a diff the lines after the change, and without the indent that all lines share. */
function ready(code) {
  const copy = code.cloneNode(true);
  for (const gone of copy.querySelectorAll("del, .sign")) gone.remove();
  const text = copy.textContent.trimEnd(), margin = /^ +/.exec(text)?.[0];
  return margin && text.split("\n").every((line) => !line || line.startsWith(margin)) ? text.replaceAll(`\n${margin}`, "\n").slice(margin.length) : text;
}

/** What follows the scrolling: the place in the contents, the page's name in the header, the button to the top. */
function scrolling() {
  const title = document.querySelector(".md-header__title");
  const heading = document.querySelector(".md-content h1");
  const top = /** @type {HTMLElement | null} */ (document.querySelector(".md-top"));
  const places = all("[data-md-component=toc] .md-nav__link").map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
    .filter(([, target]) => target);
  let before = scrollY, active;

  const update = () => {
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 1 && scrollY > 0;
    const passed = places.filter(([, target]) => atEnd || target.getBoundingClientRect().top < 80).map(([link]) => link);
    for (const [link] of places) {
      link.classList.toggle("md-nav__link--passed", passed.includes(link));
      link.classList.toggle("md-nav__link--active", passed.findLast((other) => other.closest(".md-sidebar") === link.closest(".md-sidebar")) === link);
    }
    if (passed.at(-1) !== active && passed.length) reveal(active = passed.at(-1));
    title.classList.toggle("md-header__title--active", Boolean(heading) && heading.getBoundingClientRect().bottom < 48);
    if (top) top.hidden = !(scrollY > 0 && scrollY < before);
    before = scrollY;
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  }, { passive: true });
  top?.addEventListener("click", () => scrollTo({ top: 0, behavior: "smooth" }));
  update();
}

/** Keep which page a reader is at; the start page leads there the next time. Its words are the navigation's own. */
function last() {
  const key = `${new URL(window.__md_scope).pathname}.last`;
  const place = document.querySelector(".place");
  if (place && !place.matches(".last")) store(() => localStorage, key, location.pathname);
  if (!place?.matches(".last")) return;
  const kept = store(() => localStorage, key);
  const link = /** @type {HTMLAnchorElement[]} */ (all(".md-nav--primary a[href]")).find(({ pathname }) => pathname === kept);
  if (link) place.append("You were last at ", element("a", { href: link.href }, link.textContent.trim()), ".");
}

/** Scroll a sidebar, and nothing else, until a link in it is seen. */
function reveal(link) {
  const frame = link.closest(".md-sidebar__scrollwrap");
  if (!link.clientHeight || !frame) return;
  const from = link.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  if (from < 0 || from > frame.clientHeight - link.clientHeight) frame.scrollTop += from - frame.clientHeight / 2;
}

/** Close the drawer, and open what hides the place that an address names. */
function arrive() {
  /** @type {HTMLInputElement} */ (document.getElementById("__drawer")).checked = false;
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* It is no name of ours. */ }
  const target = document.getElementById(id);
  const details = /** @type {HTMLDetailsElement | null | undefined} */ (target?.closest("details:not([open])"));
  if (!details) return;
  details.open = true;
  target.scrollIntoView();
}

/** Enter on a switch's label is a click on it. */
function press(event) {
  if (event.key === "Enter" && event.target instanceof HTMLLabelElement) event.target.click();
}
