/** What the browser remembers for its reader: every script keeps its own here. */

/**
 * Read what is kept under a key, or keep a value there.
 * @param {() => Storage} area where: a function, as only to name the area can fail
 * @param {string} key
 * @param {string} [value] what to keep
 * @returns {string | null} what is kept, if nothing is to be; nothing where the browser keeps nothing
 */
export function store(area, key, value) {
  try {
    if (value === undefined) return area().getItem(key);
    area().setItem(key, value);
  } catch { /* It may be full, or forbidden. */ }
  return null;
}
