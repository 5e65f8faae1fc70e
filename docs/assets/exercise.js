/**
 * The exercises: a reader writes lines of the program, and Python says what is wrong with them. exercise.py checks them, here as where
 * the site is built. What a reader has written is kept on their device.
 */

import { element } from "./elements.js";
import { python } from "./practise.js";
import { store } from "./store.js";

const { COMES, HOSTED, offer, own, prepare, run, stop } = python;

const ROOT = new URL("..", import.meta.url).pathname;
const LIMIT = 20_000; // milliseconds that a reader's lines may take
const LONGEST = 100_000; // characters of a text that is sent

/**
 * Make an exercise of each place that the engine has left for one (docs/literate/practise/exercise.py).
 * @param {NodeListOf<HTMLElement>} places
 * @param {AbortSignal} signal ends them
 */
export function exercises(places, signal) {
  const all = [...places].map(exercise);
  signal.addEventListener("abort", () => all.forEach((end) => end()));
}

/** Make one; return what ends it. */
function exercise(place) {
  const { sheet, key, exercise: asked, around } = place.dataset;
  const { name, lines, text: program } = JSON.parse(asked);
  const [from, until] = around.split(" ").map(Number);
  const [first, last] = lines ?? [from, until];
  const kept = (what, text) => store(() => localStorage, `exercise ${ROOT} ${key} ${what}`, text);
  let slow, printed = "", late = false;

  const button = (label, act, attributes) => {
    const made = element("button", { type: "button", ...attributes }, label);
    made.addEventListener("click", act);
    return made;
  };
  const field = element("textarea", {
    wrap: "off", spellcheck: false, autocapitalize: "off", autocomplete: "off",
    "aria-label": lines ? `Your text of line ${[...new Set(lines)].join(" to ")} of ${name}` : `Your text of ${name}`,
  });
  field.value = kept("text") || sheet;
  const check = button(lines ? "Check" : "Which stage are you at?", () => check.ariaDisabled || play(), { class: "start" });
  const halt = button("Stop", stop, { hidden: "" });
  const again = button("Start again", () => put(sheet, [...aside(), field.value]));
  const mine = button("Back to my own text", () => {
    const list = aside(), own = list.pop();
    put(own, field.value === sheet ? list : [field.value, ...list]);
  });
  const status = element("p", { role: "status" });
  const note = element("p", { class: "note" }, `Checking takes Python: ${COMES}, once, from ${HOSTED}.`);
  const own_numbers = numbers(), below = numbers();
  const indent = /^ */.exec(program.split("\n")[first - 1])[0].length;
  if (lines) field.style.setProperty("--indent", String(indent));
  place.replaceChildren(
    element("div", { class: "lines" }, ...code(numbers(from, first - 1), from, first - 1), own_numbers, field, ...code(below, last + 1, until)),
    element("div", { class: "bar" }, check, halt, again, mine, note), status);

  /** A column of line numbers. */
  function numbers(one = 1, other = 0) {
    const column = element("div", { class: "numbers", "aria-hidden": true });
    column.textContent = Array.from({ length: Math.max(other - one + 1, 0) }, (_, index) => one + index).join("\n");
    return column;
  }
  /** Some lines of the program, beside their numbers. */
  function code(column, one, other) {
    return one > other ? [] : [column, element("div", { class: "code" }, program.split("\n").slice(one - 1, other).join("\n"))];
  }

  const show = () => {
    const count = field.value.split("\n").length;
    field.rows = count;
    field.cols = Math.max(...field.value.split("\n").map(({ length }) => length)) + 1; // it never scrolls by itself
    own_numbers.textContent = numbers(first, first + count - 1).textContent;
    below.textContent = numbers(first + count, first + count + until - last - 1).textContent;
    again.hidden = field.value === sheet;
    mine.hidden = !aside().length;
  };
  const changed = () => {
    kept("text", field.value);
    show();
    if (!place.classList.contains("passed")) return; // what is wrong stays to be read while it is mended
    place.classList.remove("passed");
    say("");
  };
  /** Return what the reader has written here and set aside, the last one last; the one that is there now is not among it. */
  function aside() {
    let list;
    try {
      list = JSON.parse(kept("aside"));
    } catch { /* It was not written here. */ }
    return (Array.isArray(list) ? list : []).filter((one) => one && typeof one === "string" && one !== field.value);
  }
  /** Put another text in; those that are set aside can be brought back, one after the other. */
  function put(text, others) {
    kept("aside", JSON.stringify(others));
    field.value = text;
    changed();
    field.focus();
  }
  field.addEventListener("input", changed);
  field.addEventListener("input", prepare);
  check.addEventListener("pointerenter", prepare);
  // A browser scrolls to the middle of a field that is wider than a telephone. Its text begins on the left.
  field.addEventListener("focus", () => requestAnimationFrame(() => field.parentElement.scrollTo({ left: 0 })));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return check.click();
    // A new line begins where the one above does, and deeper behind a colon.
    const line = field.value.slice(0, field.selectionStart).split("\n").at(-1);
    field.setRangeText(`\n${/^ */.exec(line)[0]}${/:\s*$/.test(line) ? "    " : ""}`, field.selectionStart, field.selectionEnd, "end");
    changed();
  });
  show();

  /** Say something, in which code stands between backticks. */
  function say(words) {
    status.replaceChildren(...words.split("`").map((part, index) => index % 2 ? element("code", {}, part) : part));
  }

  async function play() {
    if (field.value.length > LONGEST) return say("That is far more than this program needs. Take some of it out.");
    check.ariaDisabled = "true";
    place.classList.remove("passed");
    field.removeAttribute("aria-invalid");
    printed = "";
    late = false;
    try {
      const code = await own("exercise.py");
      note.textContent = offer({ first: "" });
      const text = `${code}\nprint(json.dumps(answer(json.loads(${JSON.stringify(asked)}), ${JSON.stringify(field.value)})))`;
      halt.hidden = false;
      const there = run({ name: "exercise.py", text }, (news) => heard[news.kind]?.(news));
      note.hidden ||= there;
      if (!there) say(`Python and NumPy are coming from ${HOSTED}, ${COMES}.`);
    } catch {
      rest("What checks this could not be loaded. You may be offline. Your text is kept.");
    }
  }

  const heard = {
    loading: ({ part }) => (check.textContent = `Loading Python and NumPy: ${Math.floor(part * 100)} %`),
    starting: () => (check.textContent = "Starting Python …"),
    ready: () => {
      check.textContent = "Checking …";
      slow = setTimeout(() => {
        late = true;
        stop();
      }, LIMIT);
    },
    output: ({ text }) => (printed += text),
    done: ({ error }) => {
      if (error) return rest(`Python has broken off: ${error}`);
      let answer;
      try {
        answer = JSON.parse(printed);
      } catch {
        return rest("Your text has changed what checks it, or ended it. Take that out, and check again.");
      }
      const { check, message, line } = answer;
      place.classList.toggle("passed", check === -1);
      rest(check === -1 ? lines ? "Right. By the numbers, this is what the program does." : "Finished. Your program learns what the program learns." : message);
      if (check === -1) return;
      field.setAttribute("aria-invalid", "true");
      if (line) select(line);
    },
    stopped: () => rest(late ? `It has not come to an end in ${LIMIT / 1000} seconds, so it was stopped. Is there a loop that never ends?` : "Stopped."),
    flooded: () => rest("It sends more than a page can show. Is there a print in the loop?"),
    failed: ({ what }) => rest(`${what} could not be loaded from ${HOSTED}. You may be offline, or the host may be blocked. Your text is kept, and the hints are below.`),
  };

  function rest(words) {
    clearTimeout(slow);
    check.textContent = lines ? "Check" : "Which stage are you at?";
    check.ariaDisabled = null;
    if (document.activeElement === halt) check.focus();
    halt.hidden = true;
    say(words);
  }

  /** Select a line of the text, and bring it into view. */
  function select(number) {
    const all = field.value.split("\n");
    const before = all.slice(0, number - 1).join("\n").length + Number(number > 1);
    field.setSelectionRange(before, before + (all[number - 1] ?? "").length);
    scrollTo({ top: scrollY + field.getBoundingClientRect().top + (number / all.length) * field.clientHeight - innerHeight / 3 });
  }

  return () => {
    clearTimeout(slow);
    if (!halt.hidden) stop();
    place.replaceChildren();
  };
}
