/** Python, as a page sees it: a worker that comes with the first program and goes when it is stopped. */

/**
 * @typedef {{name: string, text: string}} Program
 * @typedef {{kind: string, [more: string]: any}} News what worker.js says; or {kind: "stopped"}
 */

/** The address of the folder with Pyodide, and the name of the host if it is another one. */
export const HOST = new URL(document.querySelector('meta[name="python-host"]').content.replace(/\/?$/, "/"), document.baseURI);
export const ELSEWHERE = HOST.origin === location.origin ? "" : HOST.host;

/** @type {Worker | undefined} */
let worker;
/** @type {((news: News) => void) | undefined} who is told of the program that runs */
let told;
let loaded = false;

/**
 * Run a program, and end the one that is running.
 * @param {Program} program
 * @param {(news: News) => void} tell told of all that happens, up to `done`, `failed` or `stopped`
 * @returns {boolean} whether Python has been loaded already
 */
export function run(program, tell) {
  if (told) stop();
  told = tell;
  worker ??= begin();
  worker.postMessage({ host: HOST.href, ...program });
  return loaded;
}

/** End the program that is running, whatever it does; the next one takes a new worker. */
export function stop() {
  forget();
  end({ kind: "stopped" });
}

function forget() {
  worker?.terminate();
  worker = undefined;
  loaded = false;
}

function end(news) {
  const tell = told;
  told = undefined;
  tell?.(news);
}

function begin() {
  const made = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const hear = (news) => {
    if (made !== worker) return;
    loaded ||= news.kind === "ready";
    if (news.kind === "failed" || news.broken) forget();
    if (news.kind === "failed" || news.kind === "done") end(news);
    else told?.(news);
  };
  made.onmessage = ({ data }) => hear(data);
  made.onerror = (event) => {
    event.preventDefault();
    hear({ kind: "failed", what: "Python", why: event.message ?? "" });
  };
  return made;
}
