/**
 * Following: a tab with the prose and a tab with the program show the same line. Nothing is sent but what the reader
 * does with their own hand, so that no tab answers another's answer.
 *
 * @typedef {{listing: string, first: number, last: number, iteration?: number}} Lines
 * @typedef {Lines & {kind: "read" | "here" | "go" | "hello", tab: string, active: number, to?: string, stop?: string, turn?: number}} Message
 */

const ROOT = new URL("..", import.meta.url);
const HAND = 1000; // milliseconds for which a tab is still in the reader's hand after they have moved something in it

/** Read or write what the browser remembers, if it does. */
export const store = (area, key, value) => {
  try {
    if (value === undefined) return area().getItem(key);
    area().setItem(key, value);
  } catch { /* Nothing is kept where the browser keeps nothing. */ }
  return null;
};

/** One tab's end of the channel. */
export class Tab {
  constructor() {
    this.id = `${Date.now()}-${Math.random()}`;
    this.hand = 0;
    /** @type {(message: Message) => void} */
    this.heard = () => {};
    /** @type {(on: boolean) => void} */
    this.switched = () => {};
    /** Called when following is switched on. */
    this.joined = () => {};
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`follow ${ROOT.pathname}`) : undefined;
    this.channel?.addEventListener("message", ({ data }) => this.on && this.heard(data));
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(type, () => this.touched(), { capture: true, passive: true });
    }
    addEventListener("storage", (event) => event.key === "following" && this.changed());
  }

  /** When the reader last did something with a page of prose in this tab, across its pages. */
  get active() {
    return Number(store(() => sessionStorage, "active")) || 0;
  }

  touched() {
    this.hand = Date.now();
  }

  get held() {
    return Date.now() - this.hand < HAND;
  }

  get on() {
    return store(() => localStorage, "following") !== "off";
  }

  set on(on) {
    store(() => localStorage, "following", on ? "on" : "off");
    this.changed();
  }

  changed() {
    this.switched(this.on);
    if (this.on) this.joined();
  }

  /** @param {Partial<Message>} message */
  send(message) {
    if (this.on) this.channel?.postMessage({ tab: this.id, active: this.active, ...message });
  }
}

export const listingOf = (href) => new URL(href, location.href).pathname;

/**
 * Follow in a tab of prose.
 * @param {HTMLElement} article
 * @param {Tab} tab
 * @param {(lines: Lines) => void} reading told of the lines that are being read
 * @param {(iteration: number) => void} turned told of the iteration that the program's tab shows
 * @param {AbortSignal} signal ends it
 */
export function prose(article, tab, reading, turned, signal) {
  const places = "figure:has(.embed), a[target=program][href*='#L']";
  const embeds = [...article.querySelectorAll("figure:has(.embed)")];
  let quiet = 0, last = "";
  /** @type {Lines | undefined} */
  let current;

  const linesOf = (place) => {
    const embed = place.querySelector(".embed");
    const link = place.matches("a") ? place : place.querySelector("figcaption a");
    const [first, end] = (embed?.dataset.lines ?? link.textContent.match(/\d+/g)?.join(" ") ?? "1").split(" ").map(Number);
    return { listing: listingOf(link.href), first, last: end ?? first, iteration: Number(embed?.dataset.iteration) || undefined };
  };

  const read = (place, send = true) => {
    current = linesOf(place);
    const key = JSON.stringify(current);
    if (key === last) return;
    last = key;
    reading(current);
    if (!send) return;
    store(() => sessionStorage, "active", String(Date.now()));
    tab.send({ kind: "read", ...current });
  };

  /** The embed that is being read: the last whose top is above two fifths of the window. */
  const readEmbed = (send) => {
    const seen = embeds.filter((embed) => embed.checkVisibility() && embed.getBoundingClientRect().top < innerHeight * .4).at(-1);
    if (seen) read(seen, send);
  };

  const on = (target, type, listener) => target.addEventListener(type, listener, { signal, passive: true });
  let waiting = false;
  on(window, "scroll", () => {
    if (waiting || document.hidden) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (Date.now() > quiet) readEmbed(true);
    });
  });
  on(article, "pointermove", (event) => {
    // A page that scrolls under a still pointer moves nothing.
    const place = (event.movementX || event.movementY) && event.target.closest(places);
    if (place) read(place);
  });
  on(article, "focusin", (event) => {
    const place = event.target.closest(places);
    if (place && Date.now() > quiet) read(place);
  });

  const arrive = ({ first, last: end }) => {
    quiet = Date.now() + HAND;
    const holds = (embed) => embed.checkVisibility() && linesOf(embed).first <= end && linesOf(embed).last >= first;
    const embed = embeds.find((other) => holds(other));
    for (const other of embeds) other.classList.toggle("followed", other === embed);
    if (!embed) return;
    read(embed, false);
    const { top, bottom } = embed.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (top < 60 || bottom > innerHeight) embed.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  };

  tab.heard = (message) => {
    last = ""; // another tab may have moved the program: what is read here next is news again
    if (message.kind === "hello") tab.joined();
    if (message.kind !== "go" || message.to !== tab.id || tab.held) return;
    if (message.turn) turned(message.turn);
    if (!message.stop) return;
    if (listingOf(message.stop) === location.pathname) arrive(message);
    else {
      store(() => sessionStorage, "arrive", JSON.stringify(message));
      location.assign(message.stop);
    }
  };

  tab.joined = () => tab.send({ kind: "here", ...current });
  const sent = JSON.parse(store(() => sessionStorage, "arrive") || "null");
  store(() => sessionStorage, "arrive", "");
  if (sent && listingOf(sent.stop) === location.pathname) {
    arrive(sent);
    if (sent.turn) turned(sent.turn);
    tab.joined();
  } else {
    readEmbed(!document.hidden);
    if (document.hidden) tab.joined();
  }
  return { turn: (iteration) => current && tab.send({ kind: "read", ...current, iteration }) };
}

/**
 * Follow in a tab with the program.
 * @param {import("./program.js").Inspector} inspector
 * @param {Tab} tab
 */
export function program(inspector, tab) {
  const here = listingOf(location.href);
  let reader = { tab: "", active: 0 }, timer = 0;

  const show = ({ first, last, iteration }) => {
    if (first && !tab.held) inspector.show(first, last, iteration);
  };
  const go = () => {
    const { line, iteration, stop } = inspector.place();
    if (reader.tab) tab.send({ kind: "go", to: reader.tab, listing: here, first: line, last: line, turn: iteration, stop });
  };
  tab.heard = (message) => {
    if (message.kind === "go" || message.kind === "hello" || (message.listing && message.listing !== here)) return;
    const latest = message.kind === "read" || message.active >= reader.active;
    if (!latest) return;
    const first = !reader.tab;
    reader = { tab: message.tab, active: message.active };
    if (message.kind === "read" || first && !location.hash) show(message);
  };
  tab.joined = () => tab.send({ kind: "hello" });
  tab.joined();
  return {
    chosen() {
      clearTimeout(timer);
      timer = window.setTimeout(go, 150);
    },
  };
}
