/**
 * The questions: what a reader chooses is kept on their device, and said to those who hear the page. A style sheet shows what
 * belongs to a choice (practise.css); which one is right, the run has said when the page was made.
 *
 * @typedef {{choice: string, right: boolean, page: string, title: string, asked: string}} Chosen
 */

import { element } from "./elements.js";
import { store } from "./store.js";

const ROOT = new URL("..", import.meta.url);
const KEY = `chosen ${ROOT.pathname}`;
const MOST = 500; // characters of a text that is kept

/** Return what is well-formed of what the browser has kept, by the questions' ids. @returns {Record<string, Chosen>} */
function kept() {
  let all;
  try {
    all = Object.entries(JSON.parse(store(() => localStorage, KEY)) ?? {});
  } catch {
    all = [];
  }
  const texts = ({ choice, page, title, asked }) => [choice, page, title, asked].every((text) => typeof text === "string" && text.length <= MOST);
  return Object.fromEntries(all.filter(([id, one]) => /^question-[0-9a-f]{8}$/.test(id) && one && texts(one) && typeof one.right === "boolean"
    && URL.canParse(one.page, ROOT) && new URL(one.page, ROOT).href.startsWith(ROOT.href)));
}

const keep = (all) => store(() => localStorage, KEY, JSON.stringify(all));

/**
 * Bring the questions of a page to life.
 * @param {NodeListOf<HTMLFieldSetElement>} all
 * @param {AbortSignal} signal ends it
 */
export function questions(all, signal) {
  const title = document.querySelector("h1")?.firstChild?.textContent.trim() ?? "";
  const before = kept();
  for (const field of all) {
    const radios = /** @type {HTMLInputElement[]} */ ([...field.querySelectorAll("input")]);
    const said = field.querySelector("[role=status]");
    const folded = /** @type {HTMLDetailsElement} */ (field.nextElementSibling);
    const again = element("button", { type: "button" }, "Choose again");

    /** Show what belongs to a choice. */
    const show = (radio) => {
      radio.checked = folded.open = true;
      radio.closest("li").append(again);
    };
    again.addEventListener("click", () => {
      const { [field.id]: _, ...others } = kept();
      keep(others);
      const radio = radios.find(({ checked }) => checked);
      for (const one of radios) one.checked = false;
      folded.open = false;
      said.textContent = "";
      again.remove();
      (radio ?? radios[0]).focus();
    }, { signal });
    field.addEventListener("change", ({ target }) => {
      const radio = /** @type {HTMLInputElement} */ (target), item = radio.closest("li");
      keep({ ...kept(), [field.id]: {
        choice: radio.value,
        right: "right" in item.dataset,
        page: location.href.slice(ROOT.href.length).replace(/[?#].*/, ""),
        title: title.slice(0, MOST),
        asked: field.querySelector("legend").textContent.trim().slice(0, MOST),
      } });
      show(radio);
      const told = /** @type {Element} */ (item.querySelector(".feedback").cloneNode(true));
      for (const evidence of told.querySelectorAll(".evidence")) evidence.remove(); // it is for whoever opens it
      said.textContent = told.textContent;
    }, { signal });
    const chosen = radios.find(({ value }) => value === before[field.id]?.choice);
    if (chosen) show(chosen);
  }
}

/**
 * Show what was missed: those questions whose kept choice is not the right one.
 * @param {Element | null} place
 * @param {AbortSignal} signal ends it
 */
export function missed(place, signal) {
  if (!place) return;
  const all = Object.entries(kept());
  const wrong = all.filter(([, { right }]) => !right);
  const said = element("p", { role: "status" });
  const clear = element("button", { type: "button" }, "Forget all");
  clear.addEventListener("click", () => {
    keep({});
    place.replaceChildren(said);
    said.textContent = "All forgotten. Nothing about your choices is kept on this device.";
  }, { signal });
  said.textContent = !all.length ? "You have chosen nothing yet."
    : `You have answered ${all.length} ${all.length === 1 ? "question" : "questions"}. ${wrong.length ? `Here ${wrong.length === 1 ? "is the one" : `are the ${wrong.length}`} to look at again.` : "Each was right."}`;
  const items = wrong.map(([id, { page, title, asked }]) => element("li", {}, `${title}: `, element("a", { href: new URL(`${page}#${id}`, ROOT).href }, asked)));
  place.replaceChildren(said, ...items.length ? [element("ul", {}, ...items)] : [], ...all.length ? [clear] : []);
}
