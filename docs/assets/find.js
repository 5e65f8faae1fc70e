/** What a search finds: the sections of the pages, best first, and in each the passage that has the words. */

import { MiniSearch } from "./vendor/minisearch.js";
import { SYNONYMS } from "./synonyms.js";

const MOST = 180; // letters of a passage

/** A line's number with its word, an operator, a name or word, a number. */
const TOKEN = /\blines? ?(\d+)(?:[–-](\d+))?|[-+*/=]=|[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?/giu;
const SENTENCE = /(?<=[.?!:]["”)]?)\s+(?=[\p{Lu}\d"“(])/u;
const SMALL = new Set(("a an and are as at be by can do does for from get how i in is it its many me much my of on or so that the then there this to was "
  + "what when where which who why will with you your").split(" "));

/** The same for every form of a word: guess, guesses, guessed, guessing. */
const stem = (word) => word.toLowerCase().replace(/(?<=.{3}[^s])s$/, "").replace(/(?<=.{4})(?:ing|ed|e)$/, "");

/** Yield what can be searched for in a text, and where it stands. "lines 34–36" is each of these lines. */
function* tokens(text) {
  for (const { 0: whole, 1: first, 2: last = first, index } of text.matchAll(TOKEN)) {
    const terms = first ? Array.from({ length: last - first + 1 }, (_, more) => `line ${+first + more}`) : [stem(whole)];
    yield { terms, start: index, end: index + whole.length };
  }
}

const terms = (text) => [...tokens(text)].flatMap((token) => token.terms);
const telling = (all) => all.filter((term) => !SMALL.has(term));

/**
 * Return a function that finds the sections of an index, as MkDocs writes it, that have some words.
 * @param {{docs: {location: string, title: string, text: string, boost?: number}[]}} written
 * @returns {(words: string) => Page[]} the pages, best first, each with its title, and its sections, best first
 * @typedef {{location: string, title: string, score: number, passage: string, terms: Set<string>}} Section
 * @typedef {{location: string, title: string, best: Section, sections: Section[]}} Page
 */
export function finder({ docs }) {
  const sections = new Map(docs.map(({ location, title, text, boost = 1 }) => [location, {
    id: location, title: lines(title).join(" "), name: String(telling(terms(lines(title).join(" ")))), passages: lines(text), boost, opening: location.includes("#") ? "" : opening(text), also: SYNONYMS[location] ?? "",
  }]));
  const index = new MiniSearch({
    fields: ["title", "text", "opening", "also"],
    extractField: (section, field) => (field === "text" ? section.passages.join("\n") : section[field]),
    tokenize: terms,
    processTerm: (term) => term,
  });
  index.addAll([...sections.values()]);

  /** How many slips of the keyboard there are in a word: as few as lead to one that is there. */
  const slips = (term) => {
    const most = term.length < 4 || /[^\p{L}]/u.test(term) ? 0 : term.length < 6 ? 1 : 2;
    for (let fuzzy = 0; fuzzy <= most; fuzzy++) if (index.search(term, { fuzzy, prefix: true, tokenize: Array.of }).length) return fuzzy;
    return 0;
  };
  const options = {
    boost: { title: 3, opening: 4, also: 5 },
    prefix: (term) => !/^(line )?\d+$/.test(term), // 11 is not the beginning of 1100
    fuzzy: slips,
  };

  return (words) => {
    const typed = terms(words);
    const wanted = telling(typed);
    const results = index.search(words, {
      ...options,
      tokenize: () => (wanted.length ? wanted : typed),
      boostDocument(location) {
        const { boost, name } = sections.get(location);
        // Where a page begins, it says what it is about; and who types a whole title looks for what bears it.
        return boost * (location.includes("#") ? 1 : 1.4) * (name === String(wanted) ? 1.5 : 1);
      },
    });
    const pages = new Map();
    for (const { id, score, terms: found } of results.filter((result) => result.score > results[0].score / 18)) {
      const [location] = id.split("#");
      const { title, passages } = sections.get(id);
      const section = { location: id, title, score, terms: new Set(found), passage: passage(passages, new Set(found)) };
      if (!pages.has(location)) pages.set(location, { location, title: sections.get(location).title, best: section, sections: [] });
      pages.get(location).sections.push(section);
    }
    return [...pages.values()];
  };
}

/** Of the code that a page begins with: the names that it makes, and its lines, which its caption says. */
function opening(html) {
  const first = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!first?.matches("pre")) return "";
  const names = Array.from(first.textContent.matchAll(/^\s*(?:def )?(\w+)(?= =|\(.*:$)/gm), ([, name]) => name);
  return [...names, first.nextElementSibling?.textContent].join(" ");
}

/** The lines of a text: its paragraphs, its items, its lines of code. */
function lines(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const block of body.querySelectorAll("p, li, pre")) block.before("\n"), block.after("\n");
  return body.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
}

/** The sentences that have most of the terms, from one line; whole words. */
function passage(all, found) {
  let most = -1, best = "";
  for (const line of all) {
    const sentences = line.split(SENTENCE);
    sentences.forEach((sentence, at) => {
      const count = new Set(terms(sentence).filter((term) => found.has(term))).size;
      if (count > most) [most, best] = [count, sentences.slice(at).join(" ")];
    });
  }
  if (best.length <= MOST) return best;
  const first = [...tokens(best)].find((token) => token.terms.some((term) => found.has(term)))?.start ?? 0;
  const from = first < MOST / 2 ? 0 : best.lastIndexOf(" ", first - 40) + 1;
  const to = best.length - from <= MOST ? best.length : best.lastIndexOf(" ", from + MOST);
  return (from ? "… " : "") + best.slice(from, to) + (to < best.length ? " …" : "");
}

/** Yield a text in pieces, and whether each is what was looked for. */
export function* pieces(text, found) {
  let end = 0;
  for (const token of tokens(text)) {
    if (!token.terms.some((term) => found.has(term))) continue;
    yield [text.slice(end, token.start), false];
    yield [text.slice(token.start, token.end), true];
    end = token.end;
  }
  yield [text.slice(end), false];
}
