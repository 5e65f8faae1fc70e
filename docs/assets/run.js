/** The runners: where the program, or what a what-if has made of it, runs in the page, and can be changed. */

import { element } from "./elements.js";
import { drawn } from "./drawn.js";
import { shown as visible, unseen } from "./hidden.js";
import { COMES, HOSTED, lost, offer, prepare, run, stop } from "./python.js";
import { fits } from "./share.js";
import { store } from "./store.js";

const SILENCE = 20_000; // milliseconds without a byte, until the reader is told
const FRAME = 16; // milliseconds for which what is printed waits for more
const LISTED = 20; // lines that are listed because they hold what is not seen
const ROOT = new URL("..", import.meta.url).pathname;

export const kept = (key, text) => store(() => localStorage, `run ${ROOT} ${key}`, text);
/** Keep a text; return whether the browser has kept it. */
const keep = (key, text) => (kept(key, text), (kept(key) ?? "") === text);

/**
 * Make a runner of each place that the engine has left for one (docs/literate/write/runner.py).
 * @param {NodeListOf<HTMLElement>} places
 * @param {AbortSignal} signal ends them
 */
export function runners(places, signal) {
  const all = [...places].map((place) => runner(place));
  signal.addEventListener("abort", () => {
    stop();
    for (const place of places) place.replaceChildren();
  });
  const follow = () => {
    const packed = /^#run=(.*)/s.exec(location.hash)?.[1];
    if (packed === undefined) return;
    const address = new URL(location.href); // a path alone, such as //host/, could name a host
    address.hash = "";
    history.replaceState(history.state, "", address);
    import("./share.js").then(({ unpack }) => unpack(packed))
      .then((text) => (kept("walk") === text ? all[0].walkThrough : all[0].take)(text), (error) => all[0].say(error.message));
  };
  addEventListener("hashchange", follow, { signal }); // another link in the same tab
  follow();
}

/**
 * Make a runner of one place.
 * @param {HTMLElement} place
 * @param {() => Promise<string>} [before] what brings Python to where the text is to run, if it is no whole program but a fence
 */
export function runner(place, before) {
  const { program, key, text: canonical, printed, quiet, made, line, asked, figure } = place.dataset;
  const whole = !("changed" in place.dataset); // or else a what-if has made it
  const named = before ? "this fence" : whole ? program : "the changed program above";
  const found = kept(key) || "";
  let text = found && fits(found) ? found : canonical;
  let last = text === found ? found : ""; // what is kept, as far as this tab knows; another tab may write there, too
  let editor, opening, busy = false, halted = false, began = 0, slow, painting;
  let shown = { all: "", quiet: "", cut: undefined, pieces: [] };
  let proposed = !last && asked; // the change that the page asks for, until it has been made once
  const unkept = new Set(); // texts that the browser has no room for

  const button = (label, act, attributes) => {
    const made = element("button", { type: "button", ...attributes }, label);
    made.addEventListener("click", act);
    return made;
  };
  const start = button("Run", () => busy || attempt(), { class: "start" });
  start.addEventListener("pointerenter", prepare);
  const halt = button("Stop", () => {
    halted = true;
    stop();
  }, { hidden: "" });
  const change = button("Edit", () => {
    propose();
    open(true);
  }, { "aria-expanded": false });
  const reset = button("Reset", () => {
    setAside();
    set(canonical);
    say(`This is the text of ${named} again.`);
    start.focus(); // the button that had it is gone
  });
  const mine = button("Back to my own text", back);
  const tools = element("div", { class: "tools" }, reset, mine, ...before ? [] : [button("Copy a link", link),
    button(`Save ${program}`, () => files((file) => file.save(program, "text/x-python", text))),
    button("Save a notebook", () => files((file) => file.save(program.replace(/(\.py)?$/, ".ipynb"), "application/x-ipynb+json", file.notebook(text))))]);
  const address = element("input", { readonly: "", hidden: "", "aria-label": "The link" });
  const status = element("p", { role: "status" });
  const changes = element("details", { class: "changes" }, element("summary"));
  const concealed = element("details", { class: "changes concealed", open: "", hidden: "" }, element("summary"), element("pre", { tabindex: 0 }));
  const space = element("div", { class: "editor", hidden: "" });
  const keys = element("p", { class: "note", hidden: "" }, "Tab leaves the editor. Ctrl or ⌘ with ] indents a line, with Enter runs the text.");
  const output = element("pre", { tabindex: 0, role: "region", "aria-label": `Output here${before ? `, of ${place.dataset.label}` : ""}`, hidden: "" });
  const verdict = element("div", { class: "verdict" });
  const walk = element("p", { hidden: "" });
  place.replaceChildren(
    element("div", { class: "bar" }, start, halt, change, element("span", { class: "note" }, offer(place.dataset))),
    tools, address, concealed, changes,
    element("div", { class: "desk" }, element("div", {}, space, keys), element("div", { class: "result" }, status, walk, output, verdict)));
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", before ? `Run ${place.dataset.label}` : whole ? `Run ${program}` : "Run the changed program");
  changes.addEventListener("toggle", showText);
  showText();
  if (!fits(found)) tooLong(found);

  /** Return what a reader has typed here and something else has taken the place of: none of it is dropped. */
  function aside() {
    let list = [];
    try {
      list = JSON.parse(kept(`${key} texts`));
    } catch { /* It was not written here. */ }
    const all = [kept(`${key} own`), ...(Array.isArray(list) ? list : []), ...unkept];
    return [...new Set(all.filter((one) => one && typeof one === "string"))];
  }

  function keepAside(list) {
    kept(`${key} own`, ""); // where there was room for one
    const whole = keep(`${key} texts`, JSON.stringify(list));
    unkept.clear();
    if (!whole) for (const one of list) unkept.add(one);
  }

  /** Set a text aside, unless it came with a link and nobody has touched it. */
  function setAside(own = text) {
    if (own !== canonical && own !== kept(`${key} came`)) keepAside([...aside().filter((one) => one !== own), own]);
  }

  /** Bring the text back that was set aside last; what is there now goes to the end of the line. */
  function back() {
    const list = aside();
    const own = list.pop();
    if (!fits(own)) return tooLong(own);
    keepAside(text === canonical || text === kept(`${key} came`) ? list : [text, ...list.filter((one) => one !== text)]);
    set(own);
    showText();
    start.focus();
  }

  function tooLong(own) {
    say("A text of your own is kept here that is too long to open. ",
      button("Save it", () => files((file) => file.save(program, "text/x-python", own))));
  }

  function say(words, ...more) {
    status.replaceChildren(words, ...more);
  }

  /** Make the change that the page asks for, at the first touch: so the first run shows something new. */
  function propose() {
    if (proposed && text === canonical) set(proposed);
    proposed = "";
  }

  function attempt() {
    propose();
    play();
  }

  async function play() {
    busy = true;
    halted = false;
    shown = { all: "", quiet: "", cut: undefined, pieces: [] };
    output.replaceChildren();
    output.hidden = walk.hidden = true;
    verdict.replaceChildren();
    editor?.select();
    halt.hidden = false;
    start.setAttribute("aria-disabled", "true");
    const ran = text;
    const heard = {
      loading: ({ what, part }) => {
        if (!part) say(`${what}, is coming from ${HOSTED}.`);
        start.textContent = `Loading ${what}: ${Math.floor(part * 100)} %`;
        start.style.setProperty("--part", part);
        wait();
      },
      starting() { // in WebKit, for as long as all else together
        clearTimeout(slow);
        start.textContent = "Starting Python …";
        say("Python and NumPy are here, and start.");
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
        shown.pieces.push({ text, warning });
        painting ??= setTimeout(paint, FRAME);
      },
      cut: ({ lines, end }) => {
        if (!shown.cut) shown.pieces.push({ cut: (shown.cut = element("span")) });
        shown.left = { lines, end };
        painting ??= setTimeout(paint, FRAME);
      },
      done: ({ error, line, pictures }) => rest(error ? `${error}${line ? `, on line ${line}` : ""}.` : `It ran in ${seconds()} s.`, () => {
        compare(ran, error, line);
        if (figure !== undefined && !error) show(ran, pictures);
      }),
      stopped: () => rest(began ? `Stopped after ${seconds()} s.` : "Stopped before Python was there.", () => began && lead(ran)),
      flooded: () => rest("It sent more than a page can show, so it was ended."),
      failed: ({ what, why }) => rest(...failure(what, why)),
    };
    began = 0;
    let reach;
    try {
      reach = await before?.();
    } catch {
      return rest("What brings Python to this place could not be loaded. You may be offline. Your text is kept.");
    }
    if (halted) return rest("Stopped before Python was there.");
    if (run({ name: program, text: ran, before: reach, draws: figure !== undefined }, (news) => heard[news.kind](news))) return;
    start.textContent = `Loading Python and NumPy, ${COMES} …`;
    say(`Python and NumPy are coming from ${HOSTED}, ${COMES}.`);
    wait();
  }

  /** Lead to where a run can be seen line by line, unless it is the one that can be seen already: on this page, or on the program's. */
  async function lead(ran) {
    if (before || whole && ran === canonical) return;
    const there = element("a", { href: await listed(ran), target: "program" }, "Walk through it on the program’s page");
    if (busy) return; // it runs once more
    there.addEventListener("click", () => kept("walk", ran));
    walk.replaceChildren(...document.querySelector(".inspector") ? [button("Walk through it", () => record())]
      : [there, ...pictured() ? [button("Show it on this page", () => record(pictured()))] : []]);
    walk.hidden = false;
  }

  /** The text of the program whose run the page's networks or ledgers show; undefined if there are none of this one. */
  function pictured() {
    const of = (selector) => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))].find(({ dataset }) => dataset.program === program);
    return of(".network[data-program], .ledger[data-cells]") && of(".runner:not([data-changed])")?.dataset.text;
  }

  /**
   * Let Python record the reader's own run, as the site's was: for the inspector of the page (program.js), or for what shows the run of
   * the site's program on a page of prose (runs.js), whose text that is.
   */
  async function record(site = "") {
    busy = true;
    walk.hidden = true;
    halt.hidden = false;
    start.setAttribute("aria-disabled", "true");
    start.textContent = "Recording …";
    say("It runs twice more, and is written down as far as it comes.");
    const [record, page] = await Promise.all([import("./record.js"), site && import("./runs.js")]).catch(() => []);
    const { words, recorded, why, again } = await record?.record({ name: program, text, asked: site && page.asks(program, site) },
      (words) => (start.textContent = words), site ? listing() : undefined)
      ?? { words: "What records a run could not be loaded. You may be offline. Your text is kept.", again: true };
    rest(`${words}${recorded ? ` Your run stands ${site ? "where the program’s stood" : "beside your program below"}.` : why ? ` ${instead(program)}` : ""}`, () => {
      walk.hidden = !again;
      if (recorded) document.dispatchEvent(new CustomEvent("recorded", { detail: recorded }));
    });
  }

  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);

  function wait() {
    clearTimeout(slow);
    slow = setTimeout(() => say(`Nothing has come from ${HOSTED} for ${SILENCE / 1000} seconds. Wait on, or stop it. ${instead(program)}`), SILENCE);
  }

  /** Show what was printed since the last time. Of what was left out, only the last news counts. */
  function paint() {
    clearTimeout(painting);
    painting = undefined;
    let row = "";
    for (const { text = "", warning, cut } of [...shown.pieces.splice(0), { cut: "" }]) {
      if (text && !warning) row += text;
      else {
        output.append(row, cut ?? element("span", { class: "warned" }, text));
        row = "";
      }
    }
    output.hidden = !output.textContent && !shown.all;
    shown.cut?.replaceChildren(element("em", {}, `\n… ${shown.left.lines.toLocaleString("en")} lines are left out here …\n`), shown.left.end);
  }

  /** A run is over, one way or another. */
  function rest(words, then) {
    paint();
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
    return [`${lost(what)} ${instead(program)}`, () => verdict.replaceChildren(element("p", { class: "note" }, why))];
  }

  /** Say whether what was printed is what was recorded, and where it differs. */
  function compare(ran, error, line) {
    lead(ran);
    const own = ran === canonical ? "" : before ? " of the fence as it is" : ` of ${whole ? `the unchanged ${program}` : named}`;
    const recorded = `the recorded output${own}`;
    if (shown.cut) status.append(" The output is too long to be compared.");
    else if (shown.all === printed) status.append(figure === undefined ? ` The output is the same as ${recorded}.` : "");
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

  /** Show what has been drawn. */
  function show(ran, pictures) {
    if (!pictures?.length) return status.append(" Nothing is drawn.");
    verdict.prepend(...drawn(pictures, ran === canonical && !("above" in place.dataset) ? figure : `What your text draws. The page’s own draws this: ${figure}`, place));
  }

  async function differences(before, after, label) {
    const { difference } = await import("./difference.js");
    verdict.prepend(difference(before, after, label, visible));
  }

  /** Open the editor, or close it if the reader has asked for that. */
  async function open(wanted) {
    const again = Boolean(editor);
    if (wanted) prepare();
    if (editor && wanted) {
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
    }
    // What is to be changed is in view; whoever opens a text of their own once more finds it as they left it.
    if (wanted && line && !space.hidden && (!again || [asked, canonical].includes(text))) editor.select(Number(line));
    change.setAttribute("aria-expanded", String(!space.hidden));
    showText();
    if (!space.hidden && wanted) editor.focus();
  }

  function changed(now) {
    if (now === text) return;
    text = now;
    const other = kept(key);
    if (other && other !== last && other !== now) setAside(other); // another tab has written it, or it was too long to open
    last = text === canonical ? "" : text;
    if (!keep(key, last)) say("This browser cannot keep your text. Save it before you leave.");
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
    mine.hidden = !aside().length;
    tools.hidden = !differs && !editing && mine.hidden;
    reset.hidden = !differs;
    changes.hidden = !differs;
    const lines = differs ? unseen(text) : [];
    concealed.hidden = !lines.length;
    if (lines.length) reveal(lines);
    changes.firstChild.textContent = `Your text differs from ${named}`;
    address.hidden = true;
    if (!changes.open || !differs) return;
    const { difference } = await import("./difference.js");
    changes.replaceChildren(changes.firstChild, difference(canonical, text, `Taken out (−) and put in (+)`, visible));
  }

  /** Show the lines that are not what they seem. */
  function reveal(lines) {
    const all = text.split("\n");
    concealed.firstChild.textContent = `${lines.length === 1 ? "A line holds" : `${lines.length} lines hold`} what is not seen, or stands far to the right`;
    concealed.lastElementChild.replaceChildren(...lines.slice(0, LISTED).flatMap((number) => [`${number}  `, ...visible(all[number - 1]), "\n"]),
      lines.length > LISTED ? "…" : "");
  }

  /** Take a text that came with a link. The reader's own is kept, and nothing runs. */
  async function take(shared) {
    replace(shared);
    await open();
    const more = concealed.hidden ? "" : " It is not what it seems: look at the lines above it first.";
    say(`This text came with the link. Read it, then run it if you like.${more}`);
    place.scrollIntoView({ block: "start" });
  }

  function replace(shared) {
    if (shared !== text) setAside();
    kept(`${key} came`, shared);
    set(shared);
  }

  /** Take a text whose run the reader has asked to walk through, on the page where it ran. */
  function walkThrough(shared) {
    kept("walk", "");
    if (busy) stop();
    replace(shared);
    record();
  }

  async function files(use) {
    use(await import("./share.js"));
  }

  /** Where the program is listed; the publisher says which page that is. */
  const listing = () => new URL(place.dataset.listing ?? document.querySelector(".program-link").getAttribute("href"), location.href);

  /** Return the address that hands a text to that page. */
  async function listed(text) {
    const { pack } = await import("./share.js"), url = listing();
    url.hash = `run=${await pack(text)}`;
    return url.href;
  }

  async function link() {
    address.value = await listed(text);
    address.hidden = false;
    try {
      await navigator.clipboard.writeText(address.value);
      say("The link is copied. It holds the text itself, so no server has to.");
    } catch {
      say("Copy the link. It holds the text itself, so no server has to.");
      address.select();
    }
  }

  return { take, walkThrough, say, attempt, edit: () => change.click(), text: () => text };
}

const instead = (program) => `Your text is kept. You can save it, as a file or as a notebook, and type python ${program} in a terminal.`;
