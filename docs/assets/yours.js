/** The reader's own run, beside the program that they have made: in the place of the site's. */

import { colourOf } from "./card.js";
import { element } from "./elements.js";
import { Recording } from "./recording.js";

/** @typedef {import("./program.js").Shown} Shown */

/**
 * Read what the page's Python has recorded (docs/literate/record/far.py). A program can have sent it, so nothing of it is taken for HTML.
 * @param {string} recorded
 * @param {Shown} program the site's
 * @returns {Shown & {choice: (turn: (ours: boolean) => void) => HTMLElement}}
 */
export function yours(recorded, program) {
  const file = JSON.parse(recorded), lines = String(file.text).replace(/\n$/, "").split("\n");
  const known = program.listing.querySelector("code").textContent.split("\n");
  const gutter = lines.map((_, index) => element("a", { href: `#L${index + 1}`, id: `L${index + 1}` }, String(index + 1)));
  const code = element("code", {}, ...lines.flatMap((line) => [...tokens(line), "\n"]));
  const listing = element("div", { class: "listing" },
    element("div", { class: "gutter" }, element("p", {}, ...gutter.flatMap((link) => [link, "\n"]))),
    element("div", { class: "embed highlight" }, element("pre", {}, code)));
  for (const [index, line] of lines.entries()) gutter[index].classList.toggle("own", Boolean(line.trim()) && !known.includes(line));
  /** What a line does is known of those that stand in the program as it is. */
  const said = (line) => (lines[line - 1]?.trim() && known.includes(lines[line - 1]) ? program.said(known.indexOf(lines[line - 1]) + 1) : {});
  const ended = file.ended ? ` It did not come to its end: ${file.ended}` : "";
  return { listing, recording: new Recording(file), said, note: `This is your run of your own text. Dotted numbers are lines that you wrote.${ended}`, choice };
}

/** A line, with the names of the program's arrays in their colours. */
function tokens(line) {
  return line.split(/([A-Za-z_]\w*)/).map((piece, index) => {
    const colour = index % 2 && colourOf(piece);
    return colour ? element("span", { class: `n ${colour}` }, piece) : piece;
  });
}

/** Radio buttons for whose run is shown. */
function choice(turn) {
  const radio = (label, ours) => {
    const input = element("input", { type: "radio", name: "whose", checked: ours ? undefined : "" });
    input.addEventListener("change", () => {
      turn(ours);
      input.focus({ preventScroll: true });
    });
    return element("label", {}, input, label);
  };
  return element("fieldset", { class: "whose" }, element("legend", { class: "unseen" }, "Whose run is shown"), radio("The program’s run", true), radio("Your run", false));
}
