/** What a reader of a text would not see: characters without a shape, or that turn others round, and what stands far to the right. */

import { count, element } from "./elements.js";

const UNSEEN = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const FAR = 160; // columns
const PARTS = new RegExp(`(${UNSEEN.source}| {41,})`, "gu");

/** @returns {number[]} the numbers of the lines that hold such a thing */
export function unseen(text) {
  return text.split("\n").flatMap((line, index) => (line.length > FAR || UNSEEN.test(line) ? [index + 1] : []));
}

/** Return a line, with names for the characters that are not seen, and a number for many spaces. */
export function shown(line) {
  return line.split(PARTS).map((part, index) => (
    index % 2 === 0 ? part : element("mark", {}, part.length > 2 ? `${count(part.length)} spaces` : name(part))));
}

const name = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
