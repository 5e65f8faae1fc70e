/** What differs between two texts, as a what-if shows it. */

import { element } from "./elements.js";
import { structuredPatch } from "./vendor/diff.js";

const MOST = 1500; // lines that are put in or taken out: the search for the shortest difference takes their square
const TAGS = { "-": "del", "+": "ins", " ": "span" };

/**
 * @param {(line: string) => (string | Node)[]} shown names in a line what is not seen there
 * @returns {HTMLElement} the lines that differ, with one around them, and the numbers that they have in the first text
 */
export function difference(before, after, label, shown) {
  const code = element("code");
  const patch = structuredPatch("", "", before, after, "", "", { context: 1, maxEditLength: MOST });
  if (!patch) return element("p", { class: "note" }, `${label}: too much differs to be shown.`);
  for (const { oldStart, lines } of patch.hunks) {
    let number = oldStart;
    lines.forEach((line, index) => {
      const tag = TAGS[line[0]];
      if (!tag) return; // it says that the last line has no end
      const numbered = tag === "ins" ? "   " : `${String(number++).padStart(2)} `;
      code.append(element(tag, { class: `line${index || !code.firstChild ? "" : " gap"}` },
        element("span", { class: "linenos", "data-linenos": numbered }), element("span", { class: "sign" }, line[0]), ...shown(line.slice(1)), "\n"));
    });
  }
  return element("div", { class: "what-if highlight" }, element("p", { class: "note" }, label), element("pre", { tabindex: 0 }, code));
}
