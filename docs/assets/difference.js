/** What differs between two texts, as a what-if shows it. */

import { element } from "./elements.js";
import { structuredPatch } from "./vendor/diff.js";

const TAGS = { "-": "del", "+": "ins", " ": "span" };

/** @returns {HTMLElement} the lines that differ, with one around them, and the numbers that they have in the first text */
export function difference(before, after, label) {
  const code = element("code");
  for (const { oldStart, lines } of structuredPatch("", "", before, after, "", "", { context: 1 }).hunks) {
    let number = oldStart;
    lines.forEach((line, index) => {
      const tag = TAGS[line[0]];
      if (!tag) return; // it says that the last line has no end
      const numbered = tag === "ins" ? "   " : `${String(number++).padStart(2)} `;
      code.append(element(tag, { class: `line${index || !code.firstChild ? "" : " gap"}` },
        element("span", { class: "linenos", "data-linenos": numbered }), element("span", { class: "sign" }, line[0]), `${line.slice(1)}\n`));
    });
  }
  return element("div", { class: "what-if highlight" }, element("p", { class: "note" }, label), element("pre", { tabindex: 0 }, code));
}
