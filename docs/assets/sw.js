/**
 * The service worker. A page always comes from the network if there is one; a file with a hash in its name never changes, so it
 * comes from the cache. Whoever runs a script here could have written there, so no byte is served or carried over whose SHA-256 is
 * not the published one. VERSION, HASHED and FILES, with their digests, are written in front of this when the site is published.
 */

const PREFIX = `${registration.scope}#`;
const BEFORE = `${registration.scope} `; // what a worker kept that did not ask what it was
const NAME = PREFIX + VERSION;
const NAME_WITH_HASH = /([\w-]+)\.[0-9a-f]{8}((?:\.min)?\.(?:css|js|py))/g;
const NAMES = new Map([...FILES.keys()].filter((file) => HASHED.test(file)).map((file) => [plain(file), file.split("/").at(-1)]));
const TYPES = { css: "text/css", js: "text/javascript", json: "application/json", py: "text/plain", svg: "image/svg+xml" };

addEventListener("install", (/** @type {ExtendableEvent} */ event) => event.waitUntil(fill()));
addEventListener("activate", (/** @type {ExtendableEvent} */ event) => event.waitUntil(tidy()));
addEventListener("fetch", (/** @type {FetchEvent} */ event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const file = fileOf(request.url);
  if (!HASHED.test(file)) event.respondWith(fresh(event, file));
  else if (FILES.has(file)) event.respondWith(kept(event, file));
});

/**
 * Keep the whole site, and ask only for what is not there already: a page that only names a style or a script by its new hash is made
 * of the one before. What cannot be had whole is not kept at all.
 */
async function fill() {
  const all = await names();
  const before = new Map((await Promise.all(all.map(listed))).flat().reverse()); // this version's own count more
  try {
    const cache = await caches.open(NAME);
    await Promise.all([...FILES.keys()].map(async (file) => {
      let bytes;
      for (const name of all) bytes ??= await found(name, file);
      bytes ??= await renamed(before.get(plain(file)), file);
      for (const how of /** @type {const} */ (["no-cache", "reload"])) bytes ??= await whole(file, await fetch(address(file), { cache: how }));
      if (!bytes) throw new Error(`${address(file)} is not what was published`);
      await cache.put(address(file), new Response(bytes));
    }));
  } catch (error) {
    if (!all.includes(NAME)) await caches.delete(NAME);
    throw error;
  }
  // Else it waits until no page of the version before is open.
  if ((await caches.keys()).some((name) => name.startsWith(BEFORE))) await skipWaiting();
}

/** Forget all other versions: no page of theirs is open. */
async function tidy() {
  for (const name of await caches.keys()) if (name !== NAME && (name.startsWith(PREFIX) || name.startsWith(BEFORE))) await caches.delete(name);
  await clients.claim();
}

async function kept(event, file) {
  const bytes = await found(NAME, file);
  if (bytes) return answer(file, bytes);
  const fetched = await fetch(event.request);
  mend(event, file, fetched);
  return fetched;
}

async function fresh(event, file) {
  try {
    const fetched = await fetch(event.request, { cache: "no-cache" });
    mend(event, file, fetched);
    return fetched;
  } catch (error) {
    const bytes = FILES.has(file) && await found(NAME, file);
    if (bytes) return answer(file, bytes);
    if (FILES.has(`${file}/`)) return Response.redirect(address(`${file}/`));
    throw error;
  }
}

/** Keep what has come from the network, if it is what was published and is not kept. */
function mend(event, file, fetched) {
  if (!FILES.has(file)) return;
  const copy = fetched.clone();
  event.waitUntil((async () => {
    if (await found(NAME, file)) return;
    const bytes = await whole(file, copy);
    if (bytes) await (await caches.open(NAME)).put(address(file), new Response(bytes));
  })().catch(() => {})); // it may be full
}

/** Return the bytes of a file from a cache; nothing if they are not there, or not what was published. */
async function found(name, file) {
  try {
    const answer = await (await caches.open(name)).match(address(file), { ignoreVary: true });
    return answer && await whole(file, answer);
  } catch { /* The browser keeps nothing, or no more. */ }
}

/** Return what takes each answer out of a cache, by the name of its file without its hash. */
async function listed(name) {
  try {
    const cache = await caches.open(name);
    return (await cache.keys()).map((request) =>
      /** @type {const} */ ([plain(fileOf(request.url)), () => cache.match(request, { ignoreVary: true })]));
  } catch {
    return [];
  }
}

/** Return the bytes of a file, if they are those of before but for the names of other files, which have another hash now. */
async function renamed(before, file) {
  try {
    const answer = await before?.();
    if (!answer) return;
    const text = (await answer.text()).replace(NAME_WITH_HASH, (name, stem, end) => NAMES.get(stem + end) ?? name);
    return await whole(file, new Response(text));
  } catch { /* The browser keeps nothing, or no more. */ }
}

/** Return the bytes of an answer if they are those of a file; nothing if they are not. */
async function whole(file, answer) {
  if (!answer.ok) return;
  const bytes = await answer.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes), 0, 16);
  if (btoa(String.fromCharCode(...digest)) === FILES.get(file)) return bytes;
}

/** The bytes alone are checked, so nothing else is taken from a cache. */
function answer(file, bytes) {
  const type = TYPES[/[^.]*$/.exec(file)[0]] ?? "text/html";
  return new Response(bytes, { headers: { "Content-Type": `${type}; charset=utf-8`, "X-Content-Type-Options": "nosniff" } });
}

/** The name of a file without its hash and without its folder; that of a file without a hash, as it is. */
function plain(file) {
  return HASHED.test(file) ? file.split("/").at(-1).replace(NAME_WITH_HASH, "$1$2") : file;
}

const address = (file) => new URL(file, registration.scope).href;
const fileOf = (url) => new URL(url).pathname.slice(new URL(registration.scope).pathname.length).replace(/(^|\/)index\.html$/, "$1");

/** The names of what versions have kept, this one's first. */
const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort((a) => (a === NAME ? -1 : 1));
