/** The fences of a page: each can be run and changed where it stands, in the state that the page has reached there. */

import { element } from "./elements.js";
import { offer, own, prepare } from "./python.js";
import { kept, runner } from "./run.js";

/**
 * Make what runs a fence of each place that the engine has left for one (docs/literate/practise/fence.py).
 * @param {HTMLElement} article
 * @param {AbortSignal} signal ends it
 */
export function fences(article, signal) {
  const places = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".fence"));
  const written = /** @type {HTMLElement | null} */ (article.querySelector("[data-steps]"));
  if (!written) return;
  const { made, folder, programs, colours, steps } = JSON.parse(written.dataset.steps);
  const runners = new Map(); // by the line of the fence on its page
  for (const [number, place] of places.entries()) {
    const line = Number(place.dataset.line), step = steps.find((step) => step.line === line);
    if (step.figure) place.dataset.figure = step.figure;
    const button = (label, act) => {
      const made = element("button", { type: "button", "aria-label": `${label} fence ${number + 1}` }, label);
      made.addEventListener("click", () => act(runners.get(line) ?? begin()));
      made.addEventListener("pointerenter", prepare);
      return made;
    };
    const begin = () => {
      Object.assign(place.dataset, { program: "fence.py", text: step.code, printed: step.printed, quiet: step.printed, made, label: `fence ${number + 1}` });
      place.classList.add("runner");
      runners.set(line, runner(place, () => before(step, place)));
      return runners.get(line);
    };
    place.replaceChildren(element("div", { class: "bar" }, button("Run", ({ attempt }) => attempt()), button("Edit", ({ edit }) => edit()),
      element("span", { class: "note" }, offer(place.dataset))));
    if (kept(place.dataset.key)) begin();
  }
  signal.addEventListener("abort", () => {
    for (const place of places) place.replaceChildren();
  });

  /**
   * Return the Python that takes the steps up to a fence. What a reader has changed above it counts. The fences that draw are taken
   * on the way to one that draws, too: no other has Matplotlib.
   */
  async function before({ line, figure }, place) {
    const above = steps.filter((step) => step.line < line && runners.get(step.line));
    place.toggleAttribute("data-above", above.some((step) => runners.get(step.line).text() !== step.code));
    const taken = steps.slice(0, steps.findIndex((step) => step.line === line)).filter((step) => figure || !step.figure)
      .filter((step, number, all) => !("program" in step && "program" in (all[number + 1] ?? {}))) // no fence between them
      .map(({ printed, ...step }) => ("code" in step ? { code: runners.get(step.line)?.text() ?? step.code } : step));
    const handed = JSON.stringify(JSON.stringify({ folder, programs, colours, taken }));
    const [code, style] = await Promise.all([own("fence.py"), figure && own("figure.py")]);
    const draws = style ? `import matplotlib\nmatplotlib.use("svg")\n${style}\n` : "";
    return `${code}\n${draws}import functools, json\nfrom types import SimpleNamespace\npage = SimpleNamespace(**json.loads(${handed}))\n`
      + `lay_out(page.folder, page.programs)\nown = {}\n${figure ? "drawing = functools.partial(drawing, page.colours)\n" : ""}`
      + `for step in page.taken: go(names, own, page.programs, step${figure ? ", drawing" : ""})\n`;
  }
}
