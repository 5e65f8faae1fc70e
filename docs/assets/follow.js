/**
 * Following: a tab with the prose and a tab with the program show the same line. Nothing is sent but what the reader
 * does with their own hand, so that no tab answers another's answer.
 *
 * @typedef {{listing: string, first: number, last: number, iteration?: number, call?: number}} Lines
 * @typedef {Partial<Lines> & {kind: "read" | "here" | "go" | "hello" | "bye", tab: string, active: number, to?: string, stop?: string, turn?: number}} Message
 */

import { store } from "./store.js";

const ROOT = new URL("..", import.meta.url);
const FRAME = 16; // milliseconds for which messages wait for others: of each kind only the last is read
const HAND = 600; // milliseconds for which a tab is still in the reader's hand after they have moved something in it

/**
 * Return what is well-formed of a message, or nothing if it is none. Any page of this origin can send one, or write one
 * where the browser remembers it; none leads out of this site.
 * @returns {Message | undefined}
 */
export function checked({ kind, tab, active, to, listing, stop, first, last, iteration, call, turn }) {
  if (!["read", "here", "go", "hello", "bye"].includes(kind) || typeof tab !== "string" || !(active >= 0 && active <= Date.now())) return;
  const numbers = Object.fromEntries(Object.entries({ first, last, iteration, call, turn }).filter(([, n]) => Number.isSafeInteger(n) && n > 0));
  if (typeof stop !== "string" || !URL.canParse(stop) || !new URL(stop).href.startsWith(ROOT.href)) stop = undefined;
  return { kind, tab, active: Number(active), to, listing, stop, ...numbers };
}

/** One tab's end of the channel. */
export class Tab {
  constructor() {
    this.id = `${Date.now()}-${Math.random()}`;
    this.hand = this.timer = 0;
    /** @type {(on: boolean) => void} */
    this.switched = () => {};
    this.leave();
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`follow ${ROOT.pathname}`) : undefined;
    /** @type {Map<string, Message>} of each kind the last, or of those that are here the one that was read last */
    const heard = new Map();
    const hear = () => {
      const all = [...heard.values()];
      heard.clear();
      for (const message of all) this.heard(message);
    };
    this.channel?.addEventListener("message", ({ data }) => {
      const message = this.on && checked(data ?? {});
      if (!message || message.kind === "go" && message.to !== this.id) return;
      if (message.kind === "here" && heard.get("here")?.active > message.active) return;
      if (!heard.size) setTimeout(hear, FRAME);
      heard.delete(message.kind); // so that they are heard in their order
      heard.set(message.kind, message);
    });
    addEventListener("pagehide", () => this.send({ kind: "bye" }));
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

  /** Move this tab, as soon as the reader's hand is off it. Of several movements that wait, the last is made. */
  move(how) {
    clearTimeout(this.timer);
    const left = this.hand + HAND - Date.now();
    if (left > 0) this.timer = setTimeout(() => this.move(how), left);
    else how();
  }

  /** Forget the page, which is no longer shown. */
  leave() {
    this.send({ kind: "bye" });
    clearTimeout(this.timer);
    /** @type {(message: Message) => void} */
    this.heard = () => {};
    /** Called when following is switched on. */
    this.joined = () => {};
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

/** Take a message that this tab has left for its next page. */
function remembered(key) {
  const text = store(() => sessionStorage, key);
  store(() => sessionStorage, key, "");
  try {
    return checked(JSON.parse(text) ?? {});
  } catch { /* It is none. */ }
}

/** The code of an embed whose program has a page that lists it. */
export const EMBED = "figure:has(figcaption a) > .embed pre";

/** What a reader can point at in the prose: an embed, what changes the program, or a link to a line. */
export const PLACES = "figure:has([data-lines]), .what-if[data-lines], a[target=program][href*='#L']";

/** What shows the state that an embed, or a change of the program, has brought about. */
const BELOW = "[data-code], [data-what-if], .figure, .ledger, .network";

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
  let arrived = 0, last = "";
  /** @type {Lines | undefined} */
  let current;

  const own = (place) => {
    const embed = place.matches("[data-lines]") ? place : place.querySelector("[data-lines]"), { dataset } = embed ?? place;
    const link = place.matches("a") ? place : place.querySelector("figcaption a");
    const [first, end] = dataset.lines?.split(" ").map(Number) ?? link.textContent.match(/(\d+)(?:–(\d+))?$/)?.slice(1).map(Number) ?? [1];
    const listing = link?.href ?? place.nextElementSibling?.dataset.listing ?? document.querySelector(".program-link")?.getAttribute("href") ?? "";
    return { listing: listingOf(listing), first, last: end || first, iteration: Number(dataset.iteration) || undefined, call: Number(dataset.call) || undefined };
  };

  /** The lines of all places, in their order. @type {Map<HTMLElement, Lines>} */
  const places = new Map();
  const began = /** @type {HTMLElement | null} */ (article.querySelector(".began")); // if the page begins in the middle of the program
  let above = began && own(began);
  if (above) places.set(article.querySelector("h1"), above);
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(`${PLACES}, ${BELOW}`))) {
    if (place.parentElement.closest(`${PLACES}, ${BELOW}`)) continue;
    const lines = place.matches(PLACES) ? own(place) : above;
    if (lines) places.set(place, lines);
    if (!place.matches("a")) above = lines;
  }
  const embeds = [...places.keys()].filter((place) => place.matches("figure"));

  /** The place that something stands in, or is. */
  const placeOf = (/** @type {Element} */ target) => {
    let place = target.closest(`${PLACES}, ${BELOW}`);
    while (place && !places.has(/** @type {HTMLElement} */ (place)) && !place.matches(PLACES)) place = place.parentElement.closest(`${PLACES}, ${BELOW}`);
    return place;
  };

  const read = (place, send = true) => {
    current = places.get(place) ?? own(place);
    const key = JSON.stringify(current);
    if (key === last) return;
    last = key;
    reading(current);
    if (!send) return;
    clearTimeout(tab.timer);
    store(() => sessionStorage, "active", String(Date.now()));
    tab.send({ kind: "read", ...current });
  };

  /**
   * What is being read: the place that is nearest to two fifths of the window, or where the page begins or ends, to its top or its foot.
   * What is below the window counts only if nothing stands above it.
   */
  const readHere = (send) => {
    const left = document.documentElement.scrollHeight - innerHeight - scrollY;
    const line = scrollY ? Math.max(Math.min(innerHeight * .4, scrollY), innerHeight - left) : 0;
    let seen, nearest = Infinity;
    for (const place of places.keys()) {
      if (!place.checkVisibility()) continue;
      const { top, bottom } = place.getBoundingClientRect();
      const far = Math.max(top - line, line - bottom, 0);
      if (far < nearest && (!seen || top < innerHeight)) [seen, nearest] = [place, far];
    }
    read(seen ?? [...places.keys()][0], send);
  };

  /** Whether it is the reader who moves the page, and not a tab that has brought it here. */
  const byHand = () => tab.hand > arrived || Date.now() > arrived + HAND;

  const on = (target, type, listener, capture) => target.addEventListener(type, listener, { signal, passive: true, capture });
  let waiting = false;
  on(window, "scroll", () => {
    if (waiting || document.hidden) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (byHand()) readHere(true);
    });
  });
  on(article, "pointermove", (event) => {
    // A page that scrolls under a still pointer moves nothing.
    const place = (event.movementX || event.movementY) && placeOf(event.target);
    if (place) read(place);
  });
  on(article, "focusin", (event) => {
    const place = placeOf(event.target);
    if (place && byHand()) read(place);
  });
  on(article, "toggle", ({ target }) => {
    const place = target.open && byHand() && target.querySelector(PLACES);
    if (place) read(place);
  }, true);
  // A page that comes to the front after another one was read, or that comes back as it was left.
  on(document, "visibilitychange", () => last || document.hidden || readHere(true));
  on(window, "pageshow", ({ persisted }) => {
    if (!persisted) return;
    last = "";
    readHere(true);
  });

  const arrive = (/** @type {Message} */ { first, last: end }) => {
    arrived = Date.now();
    const holds = (embed) => embed.checkVisibility() && places.get(embed).first <= end && places.get(embed).last >= first;
    const embed = embeds.find((other) => holds(other));
    for (const other of embeds) other.classList.toggle("followed", other === embed);
    if (!embed) return;
    read(embed, false);
    const { top, bottom } = embed.getBoundingClientRect();
    if (top < 60 || bottom > innerHeight) embed.scrollIntoView({ block: "center" });
  };

  const go = (message) => {
    if (message.turn) turned(message.turn);
    if (!message.stop) return;
    if (listingOf(message.stop) === location.pathname) arrive(message);
    else {
      store(() => sessionStorage, "arrive", JSON.stringify(message));
      location.assign(message.stop);
    }
  };
  tab.heard = (message) => {
    if (message.kind === "read") last = ""; // another tab has moved the program: what is read here next is news again
    if (message.kind === "hello") tab.joined();
    if (message.kind === "go" && message.to === tab.id) tab.move(() => go(message));
  };

  tab.joined = () => tab.send({ kind: "here", listing: [...places.values()][0].listing, ...current });
  const sent = remembered("arrive");
  if (sent?.stop && listingOf(sent.stop) === location.pathname) {
    arrive(sent);
    if (sent.turn) turned(sent.turn);
  } else readHere(!document.hidden);
  tab.joined();
  return { turn: (iteration) => current && tab.send({ kind: "read", ...current, iteration }) };
}

/**
 * Follow in a tab with the program.
 * @param {import("./program.js").Inspector} inspector
 * @param {Tab} tab
 * @param {AbortSignal} signal ends it
 */
export function program(inspector, tab, signal) {
  const here = listingOf(location.href);
  let reader = { tab: "", active: 0 }, timer = 0;

  const show = (/** @type {Message} */ { first, last = first, iteration, call }) => first && tab.move(() => inspector.show(first, last, iteration, call));
  const go = () => {
    const { line, iteration, stop } = inspector.place();
    if (reader.tab) tab.send({ kind: "go", to: reader.tab, listing: here, first: line, last: line, turn: iteration, stop });
  };
  tab.heard = (message) => {
    if (message.kind === "bye" && message.tab === reader.tab) {
      reader = { tab: "", active: 0 };
      tab.joined(); // another tab of prose may be open
    }
    if (!["read", "here"].includes(message.kind) || (message.listing && message.listing !== here)) return;
    const latest = message.kind === "read" || message.active >= reader.active;
    if (!latest) return;
    const first = !reader.tab;
    reader = { tab: message.tab, active: message.active };
    // A link to the first line of an embed is a link to the embed.
    if (message.kind === "read" || first && (!location.hash || message.first === inspector.place().line)) show(message);
  };
  tab.joined = () => tab.send({ kind: "hello" });
  tab.joined();
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    chosen() {
      clearTimeout(timer);
      clearTimeout(tab.timer);
      timer = window.setTimeout(go, 150);
    },
  };
}
