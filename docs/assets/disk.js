/**
 * From disk: a browser lets a page that was opened as a file run scripts, but read no other file, start no worker and open no
 * folder. What is exported here stands in for the browser's own.
 */

/** Each file that is fetched lies there as a script too, which hands over its text. */
export const fetch = (address) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = `${address}.js`;
  script.onerror = () => reject(new Error(`${script.src} is not there`));
  window.fetched = (source, text) => window.dispatchEvent(new CustomEvent("fetched", { detail: { source, text } }));
  const heard = (/** @type {CustomEvent<{source: string, text: string}>} */ { detail: { source, text } }) => {
    if (source !== script.src) return;
    window.removeEventListener("fetched", heard);
    resolve(new Response(text));
  };
  window.addEventListener("fetched", heard);
  document.head.append(script);
});

/** A worker's script runs in an empty frame instead. */
export class Worker {
  /** @type {(event: {data: unknown}) => void} */
  onmessage;
  /** @type {((event: ErrorEvent) => void) | undefined} */
  onerror;

  constructor(address, { type = "classic" } = {}) {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    document.body.append(frame);
    this.window = /** @type {Window & typeof globalThis} */ (frame.contentWindow);
    this.window.postMessage = (data) => this.onmessage({ data });
    const script = frame.contentDocument.createElement("script");
    this.loaded = new Promise((resolve) => (script.onload = resolve));
    script.onerror = () => this.onerror?.(new ErrorEvent("error", { message: "it cannot be started from disk" }));
    if (type === "module") return void setTimeout(script.onerror);
    script.src = address;
    frame.contentDocument.body.append(script);
  }

  postMessage(data) {
    this.loaded.then(() => this.window.dispatchEvent(new this.window.MessageEvent("message", { data })));
  }
}

/** A link to a folder means the page in it. */
const whole = (link) => {
  if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
};
for (const link of document.links) whole(link);
addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.("a[href]");
  if (link) whole(link);
}, true);
