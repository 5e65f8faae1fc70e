/** Offline: the service worker keeps the site once a reader has begun to read. Only a published site has one. */

const HOME = new URL("..", import.meta.url);
const WAIT = 10_000; // milliseconds after which a page that nobody touches counts as read

if (navigator.serviceWorker && location.protocol !== "file:" && !navigator.connection?.saveData) {
  const begun = new AbortController();
  const keep = () => {
    if (begun.signal.aborted) return;
    begun.abort();
    navigator.serviceWorker.register(new URL("sw.js", HOME)).catch(() => {}); // without it, a page is only not kept
  };
  for (const type of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    addEventListener(type, () => setTimeout(keep, 1000), { signal: begun.signal, passive: true });
  }
  addEventListener("load", () => setTimeout(keep, WAIT));
}
