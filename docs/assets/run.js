/** The runners: where the program, or what a what-if has made of it, runs in the page, and can be changed. */

import { element } from "./elements.js";
import { store } from "./follow.js";
import { ELSEWHERE, run, stop } from "./python.js";

const SIZE = ELSEWHERE ? "about 8 MB" : "up to 24 MB"; // compressed by the host, or perhaps not
const HOSTED = ELSEWHERE || "this site";
const SILENCE = 20_000; // milliseconds without a byte, until the reader is told
const ROOT = new URL("..", import.meta.url).pathname;

const kept = (key, text) => store(() => localStorage, `run ${ROOT} ${key}`, text);

/**
 * Make a runner of each place that the engine has left for one (docs/literate/runner.py).
 * @param {NodeListOf<HTMLElement>} places
 * @param {AbortSignal} signal ends them
 */
export function runners(places, signal) {
  const all = [...places].map((place, index) => runner(place, !index));
  signal.addEventListener("abort", () => {
    stop();
    for (const place of places) place.replaceChildren();
  });
  const packed = /^#run=(.*)/s.exec(location.hash)?.[1];
  if (packed === undefined) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  import("./share.js").then(({ unpack }) => unpack(packed)).then(all[0].take, (error) => all[0].say(error.message));
}

function runner(place, first) {
  const { program, key, text: canonical, printed, quiet, made, line } = place.dataset;
  const whole = !("changed" in place.dataset); // or else a what-if has made it
  const named = whole ? program : "the changed program above";
  let text = kept(key) || canonical;
  let editor, opening, busy = false, began = 0, slow;
  let shown = { all: "", quiet: "", cut: undefined };

  const button = (label, act, attributes) => {
    const made = element("button", { type: "button", ...attributes }, label);
    made.addEventListener("click", act);
    return made;
  };
  const start = button("Run", () => busy || play(), { class: "start" });
  const halt = button("Stop", stop, { hidden: "" });
  const change = button("Edit", () => open(true), { "aria-expanded": false });
  const reset = button("Reset", () => {
    set(canonical);
    say(`This is the text of ${named} again.`);
    start.focus(); // the button that had it is gone
  });
  const mine = button("Back to my own text", () => {
    set(kept(`${key} own`));
    kept(`${key} own`, "");
    showText();
    start.focus();
  });
  const share = button("Copy a link", link);
  const tools = element("div", { class: "tools" }, reset, mine, share,
    button(`Save ${program}`, () => files((file) => file.save(program, "text/x-python", text))),
    button("Save a notebook", () => files((file) => file.save(program.replace(/(\.py)?$/, ".ipynb"), "application/x-ipynb+json", file.notebook(text)))));
  const address = element("input", { readonly: "", hidden: "", "aria-label": "The link" });
  const status = element("p", { role: "status" });
  const changes = element("details", { class: "changes" }, element("summary"));
  const space = element("div", { class: "editor", hidden: "" });
  const keys = element("p", { class: "note", hidden: "" }, "Tab leaves the editor. Ctrl or ⌘ with ] indents a line, with Enter runs the text.");
  const output = element("pre", { tabindex: 0, role: "region", "aria-label": "Output here", hidden: "" });
  const verdict = element("div", { class: "verdict" });
  place.replaceChildren(
    element("div", { class: "bar" }, start, halt, change, element("span", { class: "note" }, first ? offer() : "")),
    tools, address, changes,
    element("div", { class: "desk" }, element("div", {}, space, keys), element("div", { class: "result" }, status, output, verdict)));
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", whole ? `Run ${program}` : "Run the changed program");
  changes.addEventListener("toggle", showText);
  showText();

  /** What a reader should know before the first click. */
  function offer() {
    return `With Python and NumPy from ${HOSTED} (${SIZE}, once)${ELSEWHERE && ": the only request that leaves this site"}. Your text stays here.`;
  }

  function say(words, ...more) {
    status.replaceChildren(words, ...more);
  }

  async function play() {
    busy = true;
    shown = { all: "", quiet: "", cut: undefined };
    output.replaceChildren();
    output.hidden = true;
    verdict.replaceChildren();
    editor?.select();
    halt.hidden = false;
    start.setAttribute("aria-disabled", "true");
    const ran = text;
    const heard = {
      loading: ({ part }) => {
        start.textContent = `Loading Python and NumPy, ${SIZE}: ${Math.floor(part * 100)} %`;
        start.style.setProperty("--part", part);
        wait();
      },
      ready: ({ versions }) => {
        clearTimeout(slow);
        began = performance.now();
        shown.versions = versions;
        start.textContent = "Running …";
        say("Running.");
      },
      output: ({ text, warning }) => {
        shown.all += text;
        if (!warning) shown.quiet += text;
        output.hidden = false;
        output.append(warning ? element("span", { class: "warned" }, text) : text);
      },
      cut: ({ lines, end }) => {
        shown.cut ??= output.appendChild(element("span"));
        shown.cut.replaceChildren(element("em", {}, `\n… ${lines.toLocaleString("en")} lines are left out here …\n`), end);
      },
      done: ({ error, line }) => rest(error ? `${error}${line ? `, on line ${line}` : ""}.` : `It ran in ${seconds()} s.`,
        () => compare(ran, error, line)),
      stopped: () => rest(began ? `Stopped after ${seconds()} s.` : "Stopped before Python was there."),
      failed: ({ what, why }) => rest(...failure(what, why)),
    };
    began = 0;
    if (run({ name: program, text }, (news) => heard[news.kind](news))) return;
    start.textContent = `Loading Python and NumPy, ${SIZE} …`;
    say(`Python and NumPy are coming from ${HOSTED}, ${SIZE}.`);
    wait();
  }

  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);

  function wait() {
    clearTimeout(slow);
    slow = setTimeout(() => say(`Nothing has come from ${HOSTED} for ${SILENCE / 1000} seconds. Wait on, or stop it. ${instead(program)}`), SILENCE);
  }

  /** A run is over, one way or another. */
  function rest(words, then) {
    clearTimeout(slow);
    busy = false;
    start.textContent = "Run";
    start.removeAttribute("aria-disabled");
    start.style.removeProperty("--part");
    if (document.activeElement === halt) start.focus();
    halt.hidden = true;
    say(words);
    then?.();
  }

  function failure(what, why) {
    tools.hidden = false;
    const words = what === "NumPy"
      ? `NumPy could not be loaded from ${HOSTED}, or it is not the file that its SHA-256 names. Nothing has run.`
      : `Python could not be loaded from ${HOSTED}. You may be offline, the host may be blocked, or the browser too old.`;
    return [`${words} ${instead(program)}`, () => verdict.replaceChildren(element("p", { class: "note" }, why))];
  }

  /** Say whether what was printed is what was recorded, and where it differs. */
  function compare(ran, error, line) {
    const own = ran === canonical ? "" : ` of ${whole ? `the unchanged ${program}` : named}`;
    const recorded = `the recorded output${own}`;
    if (shown.cut) status.append(" The output is too long to be compared.");
    else if (shown.all === printed) status.append(` The output is the same as ${recorded}.`);
    else if (shown.quiet === quiet) status.append(` The output is the same as ${recorded}, but for the warnings.`);
    else if (!error) {
      const [here, there] = [shown.quiet, quiet].map((text) => text.split("\n"));
      const from = here.findIndex((text, index) => text !== there[index]);
      status.append(` The output differs from ${recorded}, from line ${(from < 0 ? here.length : from) + 1} on.`);
      differences(printed, shown.all, "Recorded (−) and here (+)");
    }
    const unwarned = /\b(?:nan|inf)\b/.test(shown.all) || printed !== quiet && shown.all === shown.quiet
      ? " In a browser, Python cannot notice that a number overflows, so NumPy does not warn of it." : "";
    verdict.append(element("p", { class: "note" }, `Here: ${shown.versions}, in WebAssembly. Recorded: ${made}.${unwarned}`));
    if (!error || !line) return;
    if (editor) editor.select(line, true);
    else status.append(" ", button(`Show line ${line}`, async () => { await open(true); editor.select(line, true); }));
  }

  async function differences(before, after, label) {
    const { difference } = await import("./difference.js");
    verdict.prepend(difference(before, after, label));
  }

  /** Open the editor, or close it if the reader has asked for that. */
  async function open(asked) {
    if (editor && asked) {
      space.hidden = keys.hidden = !space.hidden;
    } else if (!editor) {
      const asks = { label: `The text of ${named}`, changed, run: () => busy || play() };
      opening ??= import("./editor.js").then(({ edit }) => edit(space, text, asks));
      try {
        editor = await opening;
      } catch {
        opening = undefined;
        return say("The editor could not be loaded. Reload the page to try again; your text is kept.");
      }
      space.hidden = keys.hidden = false;
      if (asked && line && text === canonical) editor.select(Number(line));
    }
    change.setAttribute("aria-expanded", String(!space.hidden));
    showText();
    if (!space.hidden && asked) editor.focus();
  }

  function changed(now) {
    if (now === text) return;
    text = now;
    kept(key, text === canonical ? "" : text);
    showText();
  }

  function set(now) {
    if (editor) editor.set(now);
    changed(now);
  }

  /** Say whether the text is the canonical one, and how it differs. */
  async function showText() {
    const differs = text !== canonical, editing = !space.hidden;
    place.classList.toggle("editing", editing);
    tools.hidden = !differs && !editing;
    reset.hidden = !differs;
    mine.hidden = !kept(`${key} own`);
    changes.hidden = !differs;
    changes.firstChild.textContent = `Your text differs from ${named}`;
    address.hidden = true;
    if (!changes.open || !differs) return;
    const { difference } = await import("./difference.js");
    changes.replaceChildren(changes.firstChild, difference(canonical, text, `Taken out (−) and put in (+)`));
  }

  /** Take a text that came with a link. The reader's own is kept, and nothing runs. */
  async function take(shared) {
    const own = kept(key);
    if (own && own !== shared && !kept(`${key} own`)) kept(`${key} own`, own);
    set(shared);
    await open();
    say("This text came with the link. Read it, then run it if you like.");
    place.scrollIntoView({ block: "start" });
  }

  async function files(use) {
    use(await import("./share.js"));
  }

  async function link() {
    const { pack } = await import("./share.js");
    const url = new URL(document.querySelector(".program-link").href);
    url.hash = `run=${await pack(text)}`;
    address.value = url.href;
    address.hidden = false;
    try {
      await navigator.clipboard.writeText(url.href);
      say("The link is copied. It holds the text itself, so no server has to.");
    } catch {
      say("Copy the link. It holds the text itself, so no server has to.");
      address.select();
    }
  }

  return { take, say };
}

const instead = (program) => `Your text is kept. You can save it, as a file or as a notebook, and type python ${program} in a terminal.`;
