/** Search: a dialog over the page. The index is asked for when a reader first searches. */

import { element } from "./elements.js";
import { finder, pieces } from "./find.js";

const ROOT = new URL("..", import.meta.url);
const LONGEST = 100; // letters that are looked for

/** @type {HTMLDialogElement | undefined} */
let dialog;

/** Open the dialog. */
export function search() {
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input").select();
}

function build() {
  const field = element("input", { type: "search", "aria-label": "Search", placeholder: "Search", maxlength: LONGEST, autocomplete: "off", spellcheck: "false" });
  const status = element("p", { role: "status" }, "Loading the index…");
  const list = element("ol");
  const made = element("dialog", { class: "search", "aria-label": "Search" },
    element("form", { method: "dialog", role: "search" }, field, element("button", { type: "submit" }, "Close")), status, list);
  let find;
  const show = () => {
    if (!find) return;
    const pages = find(field.value.slice(0, LONGEST));
    list.replaceChildren(...pages.slice(0, 20).map(found));
    status.textContent = !field.value.trim() ? "Type to search" : pages.length === 1 ? "1 page" : `${pages.length || "No"} pages`;
  };
  fetch(new URL("search/search_index.json", ROOT)).then((answer) => answer.json()).then((index) => {
    find = finder(index);
    show();
  }).catch(() => (status.textContent = "The index cannot be loaded; try again later"));

  field.addEventListener("input", show);
  made.addEventListener("click", (event) => (event.target === made || /** @type {Element} */ (event.target).closest("a")) && made.close());
  made.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const here = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
    const to = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
    if (to !== undefined) (links[to] ?? (to < 0 ? field : links.at(-1)))?.focus();
    else if (event.key === "Enter" && event.target === field) /** @type {HTMLElement | null} */ (list.querySelector(".best"))?.click();
    else return;
    event.preventDefault();
  });
  document.body.append(made);
  return made;
}

/** A page that was found: its title, and its sections with the words that were looked for. */
function found({ location, title, best, sections }) {
  const own = sections.find((section) => section.location === location);
  const shown = sections.filter((section) => section !== own && section.score >= best.score / 3).slice(0, 3);
  const link = (kind, { location, title, passage, terms }) =>
    element("a", { href: new URL(location, ROOT), class: location === best.location ? `${kind} best` : kind },
      element("b", {}, ...marked(title, terms)), ...marked(passage, terms));
  return element("li", {}, link("page", { location, title, terms: best.terms, passage: shown.length ? "" : own?.passage ?? "" }),
    ...shown.map((section) => link("section", section)));
}

const marked = (text, terms) => Array.from(pieces(text, terms), ([piece, found]) => (found ? element("mark", {}, piece) : piece));
