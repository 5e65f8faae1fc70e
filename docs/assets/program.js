/** The program page: the listing beside an inspector, which shows what the variables hold after a line. */

import { card, rows } from "./card.js";
import { colourOf, count, element } from "./elements.js";
import { Inside, tree } from "./inside.js";
import { Recording, beside } from "./recording.js";
import { turns } from "./turns.js";

/** @typedef {import("./recording.js").Matrix} Matrix */
/** @typedef {{listing: HTMLElement, recording: Recording, said: (line: number) => {sentence?: Node[], stop?: {href: string, text: string}}, note?: HTMLElement}} Shown */
/** @typedef {{show: (first: number, last: number, iteration?: number, call?: number) => void, place: () => {line: number, iteration: number, stop?: string}}} Inspector */
/** @typedef {Inspector & {line: () => number}} Bench */

/**
 * Build the inspector.
 * @param {HTMLElement} listing
 * @param {HTMLElement} states the tables that stand below the listing, which it takes the place of
 * @param {() => void} chosen called when the reader has chosen a line or an iteration
 * @param {AbortSignal} signal ends it
 * @returns {Promise<Inspector | undefined>} nothing if the page has ended meanwhile
 */
export async function inspector(listing, states, chosen, signal) {
  const frame = element("div", { class: "workbench" }), said = sentences(states);
  const recording = await Recording.load(new URL(location.href));
  if (signal.aborted) return;
  listing.before(frame);
  states.hidden = true;
  const program = { listing, recording, said };
  const networks = /** @type {HTMLElement[]} */ ([...states.parentElement.querySelectorAll(".network:has(.view)")]);
  const drawn = drawing(networks, recording);
  let /** @type {Shown} */ shown = program, /** @type {Bench} */ built, /** @type {HTMLElement} */ whose, over = new AbortController();

  /** Show whose run it is. Other tabs are about the program as it is, so they neither lead a run of the reader's nor follow it. */
  function draw() {
    over.abort();
    over = new AbortController();
    built = bench(frame, shown, whose, drawn, states, () => shown === program && chosen(), again, AbortSignal.any([signal, over.signal]));
  }

  /** Show it once more, as the recording holds more now. */
  function again() {
    draw();
    /** @type {HTMLElement} */ (frame.querySelector(".turns [type=text]")).focus({ preventScroll: true });
  }

  draw();
  if (location.hash) {
    frame.scrollIntoView();
    reveal(frame.querySelector("[aria-current]"), frame.querySelector(".inspector"));
  }
  document.addEventListener("recorded", async (/** @type {CustomEvent} */ event) => {
    const { yours } = await import("./yours.js");
    if (signal.aborted) return;
    const own = yours(event.detail, program, states.dataset.loss);
    const turn = (/** @type {Shown} */ to, /** @type {number} */ line) => {
      if (line) window.history.replaceState(null, "", `#L${line}`);
      shown = to;
      draw();
    };
    whose = own.choice((back) => {
      // The same line, if it stands there too.
      const [from, to] = (back ? [own, program] : [program, own]).map(({ listing }) => textOf(listing).split("\n"));
      turn(back ? program : own, location.hash && to.indexOf(from[built.line() - 1]) + 1);
    });
    frame.scrollIntoView();
    turn(own, own.first);
  }, { signal });
  return {
    show: (...place) => shown === program && built.show(...place),
    place: () => (shown === program ? built.place() : { line: 0, iteration: 0 }),
  };
}

/**
 * The networks, for all runs that are shown. What draws them is loaded once a line is chosen that has something to draw.
 * @param {HTMLElement[]} networks
 * @param {Recording} program
 */
function drawing(networks, program) {
  const weights = networks.flatMap((network) => network.dataset.sketch.split(" ").filter((_, index) => index % 2));
  let loaded, last;
  for (const network of networks) network.hidden = true;
  return {
    networks,
    async show(/** @type {Recording} */ recording, /** @type {number} */ at, /** @type {number} */ line) {
      const place = last = [recording, at, line];
      if (!loaded && !weights.some((name) => name in (recording.steps[at]?.state ?? {}))) return;
      loaded ??= Promise.all([import("./picture.js"), ...networks.map(views)]).then(([{ picture }]) => networks.map((network) => picture(network, program)));
      for (const { show } of (await loaded.catch(() => (loaded = undefined))) ?? []) if (place === last) show(recording, at, line);
    },
  };
}

/** The views of a network, but the one that is seen without a script, are in a file of their own where the site is published. */
async function views(network) {
  const place = network.querySelector(".views");
  if (place && !place.children.length) place.innerHTML = await (await beside(new URL(location.href), place.dataset.href.replace(/^[^.]*/, ""))).json();
}

const textOf = (listing) => listing.querySelector("code").textContent;

/**
 * Show a recording beside its program.
 * @param {HTMLElement} frame
 * @param {Shown} shown
 * @param {HTMLElement | undefined} whose what stands above it, to choose whose run is shown
 * @param {ReturnType<typeof drawing>} drawn
 * @param {HTMLElement} states
 * @param {() => void} chosen
 * @param {() => void} again called when the recording holds more, which is to be shown
 * @param {AbortSignal} signal
 * @returns {Bench}
 */
function bench(frame, { listing, recording: whole, said, note }, whose, drawn, states, chosen, again, signal) {
  const gutter = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (listing.querySelectorAll(".gutter a"))];
  const called = rows(states.dataset.examples.split(" "), whole);
  let recording = whole, call = 1;

  let line = 1, iteration = recording.iterations[0] ?? 0, timer, turning = false, words = "", seen = scrollY;
  /** What is answered to what the reader asked for, and how far a step went. */
  let answer = "", gap = "";

  const heading = element("h2");
  const answered = element("p", { class: "answer" });
  const says = element("p", { class: "says" });
  const back = element("button", { type: "button" }, "← Step back");
  const forth = element("button", { type: "button" }, "Step →");
  /** What shows a recording: made once for each. */
  const made = (/** @type {Recording} */ of) => ({
    cards: new Map(of.names.map((name) => [name, card(name, of, called(name))])),
    controls: of.iterations.length ? turns(of, turned, () => announce(), signal) : undefined,
    insides: new Map([...new Set([of, ...of.steps.map((step) => step.of)])].map((run) => [run, new Inside(run)])),
    calls: of.call && calls(of.call, (number) => {
      choose(line, iteration, "push", true, number);
      head.querySelector("select")?.focus({ preventScroll: true });
    }),
  });
  const views = new Map([[whole, made(whole)]]);
  let { cards, controls, insides } = views.get(whole);
  const groups = ["changed", "read", "other"].map((kind) => element("div", { class: `cards ${kind}` }));
  const titles = ["", "It read", "Everything else", "Inside the line"].map((text) => element("h3", {}, text));
  const opened = new Set(), within = element("div", { class: "inside" });
  const further = element("div"), text = textOf(listing), texts = text.split("\n");
  const printed = element("div");
  const status = element("p", { role: "status", class: "unseen" });
  const steps = element("div", { class: "steps" }, back, forth), head = element("div", { class: "controls" });
  let kept = element("p");
  const panel = element("section", { class: "inspector", "aria-label": "State" },
    head, note ?? "", kept, heading, answered, further, says, element("div", { class: "news" }, titles[0], printed, groups[0]),
    ...drawn.networks, titles[3], within, titles[1], groups[1], titles[2], groups[2], status);
  frame.replaceChildren(listing, panel);
  take(whole);

  // One tab stop for the whole listing; its lines are chosen with the arrow keys.
  for (const link of gutter) link.tabIndex = -1;
  listing.tabIndex = 0;
  listing.setAttribute("role", "group");
  listing.setAttribute("aria-label", `${recording.program}: left and right step, up and down choose a line`);

  const index = () => recording.find(line, iteration);

  /** Show another recording: of a call, or of the program. */
  function take(of) {
    if (controls?.playing) controls.stop();
    if (!views.has(of)) views.set(of, made(of));
    recording = of;
    const view = views.get(of);
    ({ cards, controls, insides } = view);
    head.replaceChildren(whose ?? "", steps, view.calls ?? "", controls?.element ?? "");
    kept.replaceWith((kept = controls?.says ?? element("p", { hidden: "" })));
  }

  /**
   * Choose a line, at the nearest kept iteration to the one that is asked for.
   * @param {number} to
   * @param {number} turn
   * @param {"push" | "replace"} history
   * @param {boolean} [still] whether the panel is to stay where it is in the window
   * @param {number} [number] of the call that is asked for
   */
  function choose(to, turn, history, still, number = call) {
    turning = false;
    call = number;
    show(to, to, turn, still);
    write(history);
    chosen();
  }

  /** Choose the statement that completes next, or that completed before. */
  function step(by, history, still) {
    const here = recording.steps[index()];
    const between = here?.line !== line && by < 0; // a comment, or a line that did not run
    const next = between ? here : recording.steps[index() + by];
    if (!next) return;
    const far = here?.iteration && next.iteration && Math.abs(next.iteration - here.iteration) > 1;
    gap = far ? `, the ${by < 0 ? "last kept before" : "next kept after"} ${count(here.iteration)}` : "";
    choose(next.line, next.iteration || iteration, history, still);
  }

  /** Go to an iteration: however often in one go, it is one step of the browser's history. From outside of a loop, to its last line. */
  function turned(turn) {
    const outside = !recording.loop(line);
    const history = turning ? "replace" : "push";
    choose(outside ? recording.loops.findLast((loop) => loop.first < line)?.last ?? recording.loops[0].last : line, turn, history, true);
    turning = true;
  }

  function show(first, last, turn = iteration, still = false) {
    line = Math.min(Math.max(last, 1), gutter.length);
    const { top } = panel.getBoundingClientRect(), at = whole.at(line, call);
    if (at !== recording) take(at);
    const valid = Number.isSafeInteger(turn) && turn > 0;
    iteration = recording.nearest(line, valid ? turn : iteration);
    const end = recording.loop(line)?.iterations.at(-1);
    answer = turn === iteration || !end ? "" : !valid ? `Iterations are the numbers from 1 to ${count(end)}.`
      : turn > end ? `There is no iteration ${count(turn)}: ${count(end)} is the last.`
      : `Iteration ${count(turn)} is not kept: this is ${count(iteration)}, the nearest that is.`;
    further.replaceChildren();
    if (answer && valid && recording === whole && turn < end) offer(turn);
    for (const [number, link] of gutter.entries()) {
      link.classList.toggle("embedded", number + 1 >= first && number + 1 <= last);
      if (number + 1 === line) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    render();
    const low = top > innerHeight * .7; // there is next to nothing of it to see, so it comes up, once
    if (still && low) scrollBy({ top: Math.max(panel.getBoundingClientRect().bottom - innerHeight, 0), behavior: "instant" });
    reveal(gutter[line - 1], panel);
    if (still && !low) stand(top);
    seen = scrollY;
    gap = "";
  }

  /** Offer to run to an iteration that is not kept. */
  async function offer(turn) {
    const place = further.appendChild(element("div"));
    const record = await import("./record.js").catch(() => null);
    if (!record) return place.append("What runs to it could not be loaded. You may be offline.");
    place.append(record.reach(recording, text, recording.loop(line), turn, () => {
      if (signal.aborted || !place.isConnected) return; // the reader has moved on
      iteration = turn;
      write("push");
      again();
    }));
  }

  /** Let the panel stand where it does in the window, while the page is scrolled under it. */
  function stand(top) {
    panel.style.setProperty("--top", `${Math.max(top, 0)}px`);
  }

  function render() {
    const here = index();
    const at = recording.steps[here] ?? { line: 0, iteration: 0, changed: [], printed: "", state: {}, from: {}, of: recording, number: -1 };
    const before = at.iteration ? recording.steps[here - 1] : undefined;
    const code = recording.statements[line - 1] === line;
    const runs = code && at.line === line;
    const loop = recording.loop(line);
    const after = here >= recording.steps.findIndex((other) => other.iteration);
    const outside = !loop && recording.loops.length ? `${after ? "after" : "before"} the loop` : "";
    const { call: of } = recording;
    const turn = [loop ? `iteration ${count(iteration)} of ${count(loop.iterations.at(-1))}${at.of === recording ? "" : ", run here"}` : outside,
      of && of.count > 1 ? `call ${count(of.number)} of ${count(of.count)}` : ""].filter(Boolean).join(", ");
    heading.replaceChildren(`After line ${line}`, ...(turn ? [element("small", {}, turn + gap)] : []));
    answered.textContent = answer;
    const { sentence, stop } = said(line);
    says.replaceChildren(...(code || sentence ? sentence ?? [] : ["Nothing runs on this line. "]),
      ...(stop ? [" ", element("a", { href: stop.href }, `${stop.text} →`)] : []));
    controls?.set(loop ? iteration : after ? Infinity : 0, (loop ?? recording.loops[0]).iterations.at(-1), outside);
    back.disabled = here <= 0 && (runs || here < 0);
    forth.disabled = here === recording.steps.length - 1;

    const told = runs ? at : { changed: [], printed: "" };
    const lists = [[...told.changed], runs ? recording.uses[line] : [], recording.names];
    const since = `he values are those after line ${at.line}`;
    titles[0].textContent = told.changed.length ? "This line changed" : told.printed ? "This line printed"
      : runs ? "This line changed no variable" : code ? `This line did not run${loop ? " in this iteration" : ""}: t${since}` : `T${since}`;
    printed.replaceChildren(told.printed && element("pre", {}, told.printed));
    const shown = new Set();
    for (const [number, all] of lists.entries()) {
      const names = all.filter((name) => name in at.state && !shown.has(name));
      names.forEach((name) => shown.add(name));
      const plain = (name) => Number(!(/** @type {Partial<Matrix>} */ (at.state[name]).shape));
      names.sort((a, b) => plain(a) - plain(b)); // what can be read at a glance first
      if (number) titles[number].hidden = !names.length;
      groups[number].replaceChildren(...names.map((name) => {
        const it = cards.get(name);
        it.show(at.state[name], number ? undefined : before?.state[name], number ? at.from[name] : undefined, at);
        return it.element;
      }));
    }
    const parts = runs && tree(insides.get(at.of).of(at), { rows: called, shown: told.changed, open: opened, colour: colourOf,
      code: (line) => texts[line - 1] });
    titles[3].hidden = !parts;
    drawn.show(whole, recording === whole ? here : -1, line);
    within.replaceChildren(parts || "", insides.get(at.of)?.cut(at) ? element("p", {}, "More happened here than is kept: this is how it began.") : "");
    mark();
    const changed = told.changed.length ? `: ${told.changed.join(", ")}` : "";
    words = `${answer && `${answer} `}Line ${line}${turn && `, ${turn}${gap}`}. ${titles[0].textContent}${changed}.`;
    announce();
  }

  /** Mark the lines in the listing that a call ran which is open. */
  function mark() {
    const open = [.../** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("details[open]"))].map(({ dataset }) => dataset);
    for (const [index, link] of gutter.entries()) {
      link.classList.toggle("ran", open.some(({ first, last }) => index + 1 >= Number(first) && index + 1 <= Number(last)));
    }
  }

  /** Say what is shown to those who hear it; of what is played, only where it ends. */
  function announce() {
    clearTimeout(timer);
    if (!controls?.playing) timer = setTimeout(() => (status.textContent = words), 200);
  }

  /** @param {"push" | "replace"} how */
  function write(how) {
    const url = new URL(location.href);
    if (recording.loop(line)) url.searchParams.set("iteration", String(iteration));
    else url.searchParams.delete("iteration");
    if (recording.call) url.searchParams.set("call", String(recording.call.number));
    else url.searchParams.delete("call");
    url.hash = `L${line}`;
    if (url.href !== location.href) window.history[`${how}State`](null, "", url);
  }

  /** Show what the address says, and let it say what is shown. */
  function read() {
    turning = false;
    const found = /^#L(\d+)$/.exec(location.hash);
    const asked = new URLSearchParams(location.search).get("iteration");
    call = Number(new URLSearchParams(location.search).get("call")) || call;
    show(Number(found?.[1] ?? line), Number(found?.[1] ?? line), Number(asked) || iteration);
    if (asked !== null) write("replace");
  }

  /** Nobody else is to follow the link: neither the browser, nor Material's instant navigation. */
  function taken(event) {
    event.preventDefault();
    event.stopPropagation();
    listing.focus({ preventScroll: true });
  }

  const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
  on(back, "click", () => step(-1, "push", true));
  on(forth, "click", () => step(1, "push", true));
  on(listing, "click", (event) => {
    if (event.metaKey || event.ctrlKey || event.target.closest("button") || !getSelection().isCollapsed) return;
    // What presses without a pointer says where by what it presses, and not by a place in the window.
    const box = event.target.getBoundingClientRect();
    const y = event.detail ? event.clientY : box.height < 2 * gutter[0].getBoundingClientRect().height ? (box.top + box.bottom) / 2 : Infinity;
    const link = gutter.find((other) => y < other.getBoundingClientRect().bottom);
    if (!link) return;
    taken(event);
    choose(gutter.indexOf(link) + 1, iteration, "push");
  });
  on(listing, "keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const how = event.repeat ? "replace" : "push";
    if (event.key === "ArrowRight") step(1, how);
    else if (event.key === "ArrowLeft") step(-1, how);
    else if (event.key === "ArrowDown") choose(Math.min(line + 1, gutter.length), iteration, how);
    else if (event.key === "ArrowUp") choose(Math.max(line - 1, 1), iteration, how);
    else if (event.key === "Home") choose(1, iteration, how);
    else if (event.key === "End") choose(gutter.length, iteration, how);
    else return;
    event.preventDefault();
  });
  on(panel, "click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link || event.metaKey || event.ctrlKey) return;
    taken(event);
    choose(Number(link.dataset.line), Number(link.dataset.iteration) || iteration, "push");
  });
  // A panel that stood still gives way to the page that the reader scrolls. Beside a long listing, it ends where that does.
  on(window, "scroll", () => {
    const by = scrollY - seen, { bottom, height } = listing.getBoundingClientRect();
    seen = scrollY;
    panel.style.setProperty("--foot", `${height < innerHeight - 60 ? 0 : Math.max(innerHeight - bottom, 0)}px`);
    if (by > 0 && panel.style.getPropertyValue("--top")) stand(parseFloat(panel.style.getPropertyValue("--top")) - by);
  });
  within.addEventListener("toggle", mark, { capture: true, signal }); // it does not bubble
  on(window, "popstate", read);
  read();

  return {
    show(first, last, turn, number = call) {
      call = number;
      show(first, last, turn);
      write("replace");
    },
    line: () => line,
    place: () => ({ line, iteration: recording.steps[index()]?.iteration ?? 0, stop: said(line).stop?.href }),
  };
}

/** The calls of a function that are kept, to choose from; of a single one there is no choice. */
function calls({ number, name, count: all, kept }, asked) {
  const shown = kept.map((one) => element("option", { selected: one === number ? "" : undefined }, String(one)));
  const select = element("select", { "aria-label": `Call of ${name}` }, ...shown);
  select.addEventListener("change", () => {
    const wanted = Number(select.value);
    select.value = String(number); // it is this call's, and is shown again with it
    asked(wanted);
  });
  const says = kept.length < all ? `of ${count(all)}, ${count(kept.length)} kept` : `of ${count(all)}`;
  return all > 1 ? element("label", { class: "call" }, "Call ", select, ` ${says}`) : undefined;
}

/** Scroll no further than it takes for a line to be seen: below the header, and above a panel that stands at the foot of the window. */
function reveal(link, panel) {
  const box = link.getBoundingClientRect(), over = panel.getBoundingClientRect();
  const top = document.querySelector(".md-header").getBoundingClientRect().bottom + 8;
  const bottom = Math.min(innerHeight, over.left < box.right ? over.top : innerHeight) - 8;
  if (box.top < top || box.bottom > bottom) scrollBy({ top: box.top < top ? box.top - top : box.bottom - bottom, behavior: "instant" });
}

/** Read what each line does, and its stop, from the table below the listing. */
function sentences(states) {
  const rows = [...(states.querySelector("table")?.tBodies[0].rows ?? [])].map((row) => {
    const [first, last = first] = row.cells[0].textContent.split("–").map(Number);
    const link = row.cells[2]?.querySelector("a");
    return { first, last, words: row.cells[1], stop: link && { href: link.href, text: link.textContent } };
  });
  return (line) => {
    const own = rows.find((row) => line >= row.first && line <= row.last);
    // A comment belongs to what it stands above.
    const near = own ?? rows.find((row) => row.first > line);
    return { sentence: own && [...own.words.cloneNode(true).childNodes], stop: near?.stop };
  };
}
