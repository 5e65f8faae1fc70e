/**
 * A worker in a frame, with Python: they come with the first program and go when it is stopped. The frame is of an opaque origin, and
 * its policy lets nothing out, so a program reaches neither this site, nor what the browser keeps for it, nor a network. The page
 * fetches Python's files, compares them with the SHA-256 below, and hands them over.
 */

import { element } from "./elements.js";
import { python } from "./practise.js";

const { COMES, HOST, had, own } = python;

/** @typedef {import("./python.js").Program} Program @typedef {import("./python.js").News} News */

/** The files of Pyodide 0.28.3 that are needed, each with its SHA-256; those that are scripts come first, in their order. */
const FILES = {
  "pyodide.asm.js": "si5YMeren/EOb+LIEcaGiM2R8QFUN3tPgN689br6HlY=",
  "pyodide.js": "JKRYQl3LTqmDbrXOJnAdGMt2k3Tit5JHYCumBb8JMng=",
  "pyodide.asm.wasm": "Xv+2oabMShqFvsRiJwGqeXwDHh3pI8u68q1Hq9xKsyU=",
  "python_stdlib.zip": "cf7hf4imJg7IycfAY1M+5ZwCH9yIoc52JHN408SjX0w=",
  "pyodide-lock.json": "9ub0L0UfQq/7vN2wDoyaMnjcvzmfV6q58/Vog5p/9KY=",
  "numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl": "PbPE8+BEj01iqFwmJpLxJgzNipEzVEK9JELyH/7dtVg=",
};
/** What they come to, in bytes, unpacked, and what Matplotlib does: for saying how far loading has got. */
const SIZE = 15_400_000, PLOTS_SIZE = 9_980_000;
const PLOTS = "Matplotlib, about 10 MB";
const LARGEST = 8_000_000; // characters of a recording
const PATIENCE = 3000; // milliseconds until a worker that says nothing is taken for one that a program has ended, or keeps busy
const MOST = 100_000; // messages and characters of one run: run.py sends some 20,000 characters, and their end now and then

/** What a message of each kind is made of. Nothing else is heard, whoever has sent it. */
const short = (text, most = 1000) => typeof text === "string" && text.length <= most;
const none = (value) => value === undefined || value === null;
const SHAPES = {
  ready: ({ versions }) => short(versions),
  output: ({ text, warning }) => short(text, 50_000) && typeof warning === "boolean",
  cut: ({ lines, end }) => Number.isSafeInteger(lines) && lines >= 0 && short(end, 5000),
  done: ({ error, line, pictures = [] }) => (none(error) || short(error)) && (none(line) || Number.isSafeInteger(line) && line > 0)
    && Array.isArray(pictures) && pictures.length <= 20 && pictures.every((one) => short(one, 3_000_000)), // figure.py holds them smaller
  recorded: ({ text }) => records && typeof text === "string" && text.length <= LARGEST,
  failed: ({ what, why }) => ["Python", "NumPy", "Matplotlib"].includes(what) && short(why),
};
const sound = (news) => typeof news === "object" && news !== null && Object.hasOwn(SHAPES, news.kind) && SHAPES[news.kind](news);

/** @type {{port: MessagePort, ready: boolean, starting: boolean, draws: boolean, signal: AbortSignal, close: () => void} | undefined} `draws`: Matplotlib has been handed over */
let room;
/** @type {((news: News) => void) | undefined} who is told of the program that runs */
let told;
let number = 0, heard = 0, records = false, waiting;
/** @type {Promise<Record<string, ArrayBuffer>> | undefined} */
let files, plots;

/** Load Python, if it has not been. */
export function prepare() {
  room ??= open();
}

/** Run a program, and end the one that is running; python.js says the rest. */
export function run({ name, text, before = "", recorder = "", until = "", asked = "", draws = false }, tell) {
  if (told) stop();
  told = tell;
  heard = 0;
  records = Boolean(recorder);
  post({ run: ++number, name, text, before, recorder, until, asked }, draws);
  if (room.starting && !room.ready) queueMicrotask(() => told === tell && tell({ kind: "starting" })); // it has begun before
  return room.ready;
}

/** Hand a program over, with Matplotlib if it draws and the room has none yet. */
async function post(program, draws) {
  room ??= open();
  const there = room;
  let more;
  if (draws && !there.draws) {
    const core = await files.catch(() => undefined);
    if (!core || there !== room) return; // which is told where they are loaded
    if (!plots) {
      told({ kind: "loading", what: PLOTS, part: 0 });
      const lock = JSON.parse(new TextDecoder().decode(core["pyodide-lock.json"]));
      plots = load(wheels(lock, "matplotlib"), PLOTS, PLOTS_SIZE, there.signal);
      there.signal.addEventListener("abort", () => there.draws || (plots = undefined));
    }
    try {
      more = await plots;
    } catch (error) {
      if (there === room) plots = undefined;
      if (told && program.run === number) end({ kind: "failed", what: "Matplotlib", why: String(error.message ?? error).slice(0, 1000) });
      return;
    }
    if (there !== room || !told || program.run !== number) return;
    there.draws = true;
    if (there.starting && !there.ready) told({ kind: "starting" });
  }
  if (there.ready) {
    waiting = setTimeout(() => {
      forget();
      post(program, draws);
    }, PATIENCE);
  }
  there.port.postMessage(more ? { ...program, files: more } : program);
}

/** Whether Python has been loaded. */
export const loaded = () => Boolean(room?.ready);

/** End the program that is running, whatever it does; the next one takes a new frame and a new worker. */
export function stop() {
  forget();
  end({ kind: "stopped" });
}

function forget() {
  clearTimeout(waiting);
  room?.close();
  room = undefined;
}

function end(news) {
  const tell = told;
  told = undefined;
  tell?.(news);
}

function fail(why, what = "Python") {
  forget();
  end({ kind: "failed", what, why: why.slice(0, 1000) });
}

/** Hear what comes from the room. A program can have sent it, too. */
function hear(news) {
  if (!told || !sound(news) || news.run !== number) return;
  clearTimeout(waiting);
  if (news.kind !== "recorded") heard += 1 + (news.text?.length ?? 0);
  if (heard > MOST) {
    forget();
    return end({ kind: "flooded" });
  }
  if (!room.ready) had("yes");
  room.ready = true;
  if (news.kind === "failed" || news.broken) forget();
  if (["failed", "done", "recorded"].includes(news.kind)) end(news);
  else told(news);
}

function open() {
  const over = new AbortController();
  const frame = element("iframe", { sandbox: "allow-scripts", hidden: "", title: "Python" });
  const [mine, alarm] = [new MessageChannel(), new MessageChannel()];
  const made = { port: mine.port1, ready: false, starting: false, draws: false, signal: over.signal, close() {
    over.abort();
    mine.port1.close();
    alarm.port1.close();
    frame.remove();
  } };
  made.port.onmessage = ({ data }) => made === room && hear(data);
  // Once Python is there, an error is one of the program's own making.
  alarm.port1.onmessage = ({ data }) => made === room && !made.ready && fail(String(data));
  files ??= load(FILES, `Python and NumPy, ${COMES}`, SIZE, over.signal);
  files.catch(() => made === room && (files = undefined));
  over.signal.addEventListener("abort", () => made.starting || (files = undefined)); // the next room asks anew
  Promise.all([furnish(frame), Promise.all(["worker.js", "run.py"].map(own)), files]).then(([, [worker, code], loaded]) => {
    if (over.signal.aborted) return;
    const { "pyodide.asm.js": engine, "pyodide.js": start, ...more } = loaded;
    const handed = { scripts: [engine, "\n", start, "\n", worker], files: { ...more, "run.py": new TextEncoder().encode(code).buffer } };
    frame.contentWindow.postMessage(handed, "*", [mine.port2, alarm.port2]);
    made.starting = true;
    told?.({ kind: "starting" });
  }).catch((error) => made === room && fail(String(error.message ?? error), error.what));
  return made;
}

/** Put a frame into the page that holds nothing but room.js; whatever the page's own policy is, this one is in force in it, too. */
async function furnish(frame) {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}' 'wasm-unsafe-eval'; worker-src blob:`;
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">`
    + `<script nonce="${nonce}">${await own("room.js")}<\/script>`;
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.body.append(frame);
  });
}

/** The files of a package, and of what it stands on, each with its SHA-256, as Pyodide's list has them; that of the list is named above. */
function wheels(lock, name) {
  const { file_name: file, sha256, depends } = lock.packages[name];
  if (file in FILES) return {};
  const digest = btoa(sha256.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
  return Object.assign({ [file]: digest }, ...depends.map((other) => wheels(lock, other)));
}

/** Fetch files of Python's host; return their bytes, by their names, if they are those whose digests are given. */
async function load(named, what, size, signal) {
  let read = 0;
  const progress = () => new TransformStream({
    transform(chunk, controller) {
      read += chunk.length;
      if (!signal.aborted) told?.({ kind: "loading", what, part: Math.min(read / size, 1) });
      controller.enqueue(chunk);
    },
  });
  return Object.fromEntries(await Promise.all(Object.entries(named).map(async ([name, digest]) => {
    try {
      // Where there is no crypto.subtle, as over plain http, the browser compares it, but says nothing before all of it is there.
      const compared = crypto.subtle ? {} : { integrity: `sha256-${digest}` };
      const answer = await window.fetch(new URL(name, HOST), { signal, referrerPolicy: "no-referrer", ...compared });
      if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
      const bytes = await new Response(answer.body.pipeThrough(progress())).arrayBuffer();
      if (crypto.subtle && base64(await crypto.subtle.digest("SHA-256", bytes)) !== digest) throw new Error(`${answer.url} is another file`);
      return [name, bytes];
    } catch (error) {
      throw Object.assign(new Error(error.message), { what: name.startsWith("numpy-") ? "NumPy" : "Python" });
    }
  })));
}

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
