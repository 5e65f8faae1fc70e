/** Search: a dialog round the theme's own worker and index, which are asked for when a reader first searches. */

import { element } from "./elements.js";

const ROOT = new URL("..", import.meta.url);
const SETUP = 0, QUERY = 2, RESULT = 3; // what the worker is told, and tells
const MOST = 200; // letters of a text that are shown
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
  const ask = worker(({ items }) => {
    list.replaceChildren(...items.slice(0, 20).map(found));
    status.textContent = !field.value.trim() ? "Type to search" : items.length === 1 ? "1 page" : `${items.length || "No"} pages`;
  }, () => ask(field.value), () => (status.textContent = "The index cannot be loaded; try again later"));

  field.addEventListener("input", () => ask(field.value));
  made.addEventListener("click", (event) => (event.target === made || event.target.closest("a")) && made.close());
  made.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const here = links.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
    if (to !== undefined) (links[to] ?? (to < 0 ? field : links.at(-1)))?.focus();
    else if (event.key === "Enter" && event.target === field) list.querySelector(".best")?.click();
    else return;
    event.preventDefault();
  });
  document.body.append(made);
  return made;
}

/**
 * Start the worker and give it the index.
 * @param {(result: {items: Item[][]}) => void} answered
 * @param {() => void} ready
 * @param {() => void} failed
 * @returns {(query: string) => void} asks it
 * @typedef {{location: string, title: string, text: string, score: number}} Item
 */
function worker(answered, ready, failed) {
  const { search } = JSON.parse(document.getElementById("__config").textContent);
  const made = new Worker(new URL(search.slice(search.indexOf("assets/")), ROOT));
  let listens = false;
  made.onmessage = ({ data }) => {
    listens = true;
    if (data.type === RESULT) answered(data.data);
    else ready();
  };
  made.onerror = failed;
  fetch(new URL("search/search_index.json", ROOT)).then((answer) => answer.json())
    .then((index) => made.postMessage({ type: SETUP, data: { ...index, options: {} } }), failed);
  return (query) => listens && made.postMessage({ type: QUERY, data: query.slice(0, LONGEST) });
}

/** A page that was found: its title, and its sections with the words that were looked for. */
function found(items) {
  const page = items.find((item) => !item.location.includes("#")) ?? items[0];
  const best = items.filter((item) => item !== page && item.score >= items[0].score / 2).slice(0, 3);
  const link = (item, kind, words) => element("a", { href: new URL(item.location, ROOT), class: item === items[0] ? `${kind} best` : kind },
    element("b", {}, ...marked(item.title)), ...(words ? marked(item.text) : []));
  return element("li", {}, link(page, "page", !best.length), ...best.map((item) => link(item, "section", true)));
}

/** The text of what the worker sends, and its marks; no other markup gets into the page. */
function marked(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const parts = [" "];
  for (let left = MOST; left > 0 && walker.nextNode();) {
    const text = walker.currentNode.data.slice(0, left);
    left -= text.length;
    parts.push(walker.currentNode.parentElement.closest("mark") ? element("mark", {}, text) : text);
  }
  return parts;
}
