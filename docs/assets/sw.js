/**
 * The service worker. A page always comes from the network if there is one; a file with a hash in its name never changes, so it
 * comes from the cache. VERSION, FILES and HASHED are written in front of this when the site is published.
 */

const PREFIX = `${registration.scope} `;
const NAME = PREFIX + VERSION;

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(tidy()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  event.respondWith(HASHED.test(new URL(request.url).pathname) ? kept(event) : fresh(event));
});

/** Keep the whole site, and ask again only for what may have changed. */
async function fill() {
  const cache = await caches.open(NAME);
  await Promise.all(FILES.map(async (file) => {
    const url = new URL(file, registration.scope).href;
    const answer = (HASHED.test(file) && await find(url)) || await fetch(url, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    await cache.put(url, answer);
  }));
  await skipWaiting();
}

/** Forget all versions but this and the one before, whose pages may still be open. */
async function tidy() {
  for (const name of (await names()).slice(2)) await caches.delete(name);
  await clients.claim();
}

async function kept(event) {
  return await find(event.request.url) ?? fresh(event);
}

async function fresh(event) {
  const { request } = event;
  const address = new URL(request.url);
  address.search = address.hash = "";
  address.pathname = address.pathname.replace(/\/index\.html$/, "/");
  try {
    const answer = await fetch(request, { cache: "no-cache" });
    if (answer.ok && answer.type === "basic" && !answer.redirected) {
      const copy = answer.clone();
      event.waitUntil(caches.open(NAME).then((cache) => cache.put(address.href, copy)).catch(() => {})); // it may be full
    }
    return answer;
  } catch (error) {
    const found = await find(address.href);
    if (found) return found;
    if (await find(`${address.href}/`)) return Response.redirect(`${address.href}/`);
    throw error;
  }
}

/** Look in the newest version first. */
async function find(url) {
  for (const name of await names()) {
    const answer = await (await caches.open(name)).match(url, { ignoreVary: true });
    if (answer) return answer;
  }
}

const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX)).reverse();
