/** Python, as a page sees it: where it comes from, what is said of that, and a program that runs. The rest comes with the first one (frame.js). */

import { store } from "./store.js";

/**
 * @typedef {{name: string, text: string, before?: string, recorder?: string, until?: string, asked?: string, draws?: boolean}} Program `before` is Python that brings its globals, `names`, to
 * where it runs; with a `recorder` (docs/literate/look/far.py) it is not run but recorded, `until` a line and an iteration, `asked`
 * what a page wants to know of it, and what is told last is `recorded` or `done`; if it `draws`, Matplotlib comes with it
 * @typedef {{kind: string, [more: string]: any}} News what worker.js says, or {kind: "loading", what: words, part: from 0 to 1}, {kind: "starting"}, {kind: "stopped"} or {kind: "flooded"}
 */

/** The address of the folder with Pyodide, and the name of the host if it is another one. */
export const HOST = new URL(/** @type {HTMLMetaElement} */ (document.querySelector('meta[name="python-host"]')).content.replace(/\/?$/, "/"), document.baseURI);
export const ELSEWHERE = HOST.origin === location.origin ? "" : HOST.host;

/** Whether a reader has had Python here before: set once they have, and kept in the browser. */
export const had = (value) => store(() => localStorage, `python ${new URL("..", import.meta.url).pathname}`, value);

/** What it comes to on its way, and from whom, in words. */
export const COMES = ELSEWHERE ? "about 9 MB" : "up to 16 MB"; // compressed by the host, or perhaps not
export const HOSTED = ELSEWHERE || "this site";

/**
 * Return what a reader should know before the first click, of the first place that runs something, and of one that draws a figure.
 * @param {{first?: string, figure?: string}} place its data
 */
export function offer({ first, figure }) {
  if ((first ?? figure) === undefined) return "";
  const draws = figure === undefined ? "" : ", and with Matplotlib (about 10 MB more, once)";
  const from = ELSEWHERE && ": nothing else is asked of another site. It tells that host your address, and this site's";
  return `With Python and NumPy from ${HOSTED} (${COMES}, once)${draws}${from}. Your text stays here: what runs has no network.`;
}

/** @type {typeof import("./frame.js") | undefined} */
let frame;
/** @type {((news: News) => void) | undefined} who is told of a program that waits for it */
let waits;
const come = async () => (frame ??= await import("./frame.js"));

/**
 * Load Python at the first sign that a reader will run something: the pointer is on a button, a text is being changed. Another host is not
 * asked before the first click of all.
 */
export function prepare() {
  if ((!ELSEWHERE || had()) && !navigator.connection?.saveData) come().then(({ prepare }) => prepare(), () => {});
}

/**
 * Run a program, and end the one that is running.
 * @param {Program} program
 * @param {(news: News) => void} tell told of all that happens, up to `done`, `failed`, `stopped` or `flooded`
 * @returns {boolean} whether Python has been loaded already
 */
export function run(program, tell) {
  if (frame) return frame.run(program, tell);
  stop();
  waits = tell;
  come().then(() => {
    if (waits !== tell) return;
    waits = undefined;
    frame.run(program, tell);
  }, (error) => {
    if (waits !== tell) return;
    waits = undefined;
    tell({ kind: "failed", what: "Python", why: String(error.message ?? error) });
  });
  return false;
}

/** Whether Python has been loaded. */
export const loaded = () => Boolean(frame?.loaded());

/** Say that it could not be: what of it is "Python", "NumPy" or "Matplotlib". */
export const lost = (what) => (what !== "Python"
  ? `${what} could not be loaded from ${HOSTED}, or it is not the file that its SHA-256 names. Nothing has run.`
  : `Python could not be loaded from ${HOSTED}. You may be offline, the host may be blocked, or the browser too old.`);

/** End the program that is running, whatever it does; the next one takes a new frame and a new worker. */
export function stop() {
  const tell = waits;
  waits = undefined;
  if (frame) frame.stop();
  else tell?.({ kind: "stopped" });
}

/** Return the text of a file of this site. */
export async function own(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.text();
}
