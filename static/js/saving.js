/**
 * Sends changes to the server one after the other, and keeps each until the server has it: in
 * localStorage, so that a reload, a dead connection or a closed lid loses nothing. Every request
 * carries an id chosen here, so sending one twice does no harm.
 */

import { find } from "./elements.js";

/** @typedef {{response?: undefined, why: string, seconds?: number}|{response: Response, html: string}} Answer */
/** @typedef {{key: string, place: string, url: string, body: string, label: string, after?: Entry[]}} Entry */

const WAITS = [1, 2, 5, 10, 30];
const TRIES = 3; // answers 500 to one request before it is taken out of the way of the others

export class Saver {
  /**
   * @param {string} person the number of who is signed in, each of whom has a queue
   * @param {string} place the page; an answer to what another page sent changes nothing on this one
   * @param {(state: "saved"|"saving"|"waiting", waiting: number, why: string) => void} show
   * @param {(html: string, status: number, entry: Entry) => void|Promise<void>} answered
   */
  constructor(person, place, show, answered) {
    this.person = person;
    this.name = `copytaster.queue.${person}`;
    this.place = place;
    this.show = show;
    this.answered = answered;
    this.busy = false;
    this.failures = 0;
    /** What the browser does not keep; null where it does. @type {Entry[]|null} */
    this.unkept = null;
    /** The key of what is on its way. @type {string|null} */
    this.sending = null;
    /** @type {Promise<void>|undefined} */
    this.draining = undefined;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    /** How often the server broke over an entry, by its key. @type {Map<string, number>} */
    this.broken = new Map();
    addEventListener("online", () => this.drain());
    // A tab that was closed with work in its queue left it here.
    if (this.queue().length) this.drain();
  }

  /** @returns {Entry[]} */
  queue() {
    try {
      return this.unkept ?? JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  /** @param {Entry[]} queue */
  keep(queue) {
    try {
      if (queue.length) localStorage.setItem(this.name, JSON.stringify(queue));
      else localStorage.removeItem(this.name);
      this.unkept = null;
    } catch {
      // No storage, or a full one: this page still remembers.
      this.unkept = queue;
    }
  }

  /**
   * @param {string} url
   * @param {Record<string, string|number>|URLSearchParams} fields
   * @param {string} label what is being saved, for the person
   * @param {{last?: boolean}} [options] last: what waits for the same address is no longer needed
   * @returns {Entry}
   */
  send(url, fields, label, { last = false } = {}) {
    const body = new URLSearchParams(/** @type {Record<string, string>} */ (fields));
    body.delete("csrfmiddlewaretoken");
    const { pathname } = new URL(url, location.href);
    const entry = { key: newId(), place: this.place, url: pathname, body: `${body}`, label };
    const before = this.queue().filter(({ url: other, key }) => !last || other !== pathname || key === this.sending);
    this.keep([...before, entry]);
    this.drain();
    return entry;
  }

  /** Resolves when everything is saved, or waits for another try. */
  async settled() {
    await this.draining;
  }

  /**
   * What was made on top of a change of one's own is no conflict with it: later requests about the
   * same thing that name the version before it name the one that it made.
   * @param {Entry} entry
   * @param {string} html
   */
  rebase(entry, html) {
    const id = idIn(entry.url);
    const made = id && find(`[data-annotation="${id}"][data-version]`, parsed(html))?.dataset.version;
    const before = new URLSearchParams(entry.body).get("version");
    if (!made || !before) return;
    this.keep(this.queue().map((later) => {
      const body = new URLSearchParams(later.body);
      if (idIn(later.url) !== id || body.get("version") !== before) return later;
      body.set("version", made);
      return { ...later, body: `${body}` };
    }));
  }

  /**
   * What was to be changed on a mark that could not be made has nothing to change: it waits with it.
   * @param {Entry} entry
   */
  shelve(entry) {
    const made = idIn(entry.url) ? null : new URLSearchParams(entry.body).get("id");
    const queue = this.queue();
    entry.after = made ? queue.filter((later) => idIn(later.url) === made) : [];
    this.keep(queue.filter((later) => !entry.after?.includes(later)));
  }

  /** Send once more what the server broke over, and what waits with it. @param {Entry} entry */
  again(entry) {
    this.broken.delete(entry.key);
    this.keep([...this.queue(), entry, ...(entry.after ?? [])]);
    this.drain();
  }

  drain() {
    if (!this.busy) this.draining = this.sendAll();
    return this.draining;
  }

  async sendAll() {
    this.busy = true;
    clearTimeout(this.timer);
    try {
      for (let entry = this.queue()[0]; entry; entry = this.queue()[0]) {
        this.show("saving", this.queue().length, entry.label);
        this.sending = entry.key;
        const answer = await this.post(entry);
        if (!answer.response) {
          this.later(answer.why, answer.seconds);
          break;
        }
        const { response, html } = answer;
        this.failures = 0;
        this.keep(this.queue().filter((other) => other.key !== entry.key));
        if (!response.ok) this.shelve(entry);
        if (response.ok) {
          this.rebase(entry, html);
          this.show("saved", this.queue().length, "");
        }
        await this.answered(html, response.status, entry);
      }
    } finally {
      this.busy = false;
      this.sending = null;
    }
  }

  /**
   * @param {string} why
   * @param {number} [seconds] after which the server asks to be tried again
   */
  later(why, seconds = 0) {
    const wait = Math.max(seconds, WAITS[Math.min(this.failures, WAITS.length - 1)]);
    this.failures += 1;
    this.timer = setTimeout(() => this.drain(), wait * 1000);
    this.show("waiting", this.queue().length, why);
  }

  /** The server's answer; none while it cannot be reached, is broken, or does not know the person. @param {Entry} entry @returns {Promise<Answer>} */
  async post(entry) {
    try {
      const response = await fetch(entry.url, {
        method: "POST",
        body: new URLSearchParams(entry.body),
        headers: { "HX-Request": "true", "X-CSRFToken": token(), "X-Person": this.person },
      });
      if (response.redirected) return { why: "you are signed out; sign in again in another tab" };
      if (response.status === 401) return { why: "somebody else is signed in; sign in again in another tab" };
      const broken = (this.broken.get(entry.key) ?? 0) + 1;
      if (response.status === 500) this.broken.set(entry.key, broken);
      if ([408, 429].includes(response.status) || response.status > 500) {
        return { why: response.status === 503 ? "the server is busy" : "the server has trouble", seconds: retryAfter(response) };
      }
      if (response.status === 500 && broken < TRIES) return { why: "the server has trouble" };
      return { response, html: await response.text() };
    } catch {
      return { why: navigator.onLine ? "the server does not answer" : "no connection" };
    }
  }
}

/** In how many seconds the server wants to be asked again, if it says so; never more than a minute. @param {Response} response */
export function retryAfter(response) {
  return Math.min(Number(response.headers.get("Retry-After")) || 0, 60);
}

/** The annotation that an address is about. @param {string} url */
function idIn(url) {
  return url.match(/\/annotations\/([0-9a-f-]{36})\//)?.[1];
}

/** A random UUID; crypto.randomUUID() is missing on plain HTTP addresses. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The cookie's token outlives a page that was opened before signing in again. */
function token() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  const field = /** @type {HTMLInputElement|null} */ (find("[name=csrfmiddlewaretoken]"));
  return cookie ?? field?.value ?? "";
}

/**
 * Put the elements of an answer in the place of those with the same id.
 * @param {string} html
 * @returns {{replaced: string[], left: Element[]}} left: those that the page has no place for
 */
export function apply(html) {
  const answer = parsed(html).body;
  /** @type {string[]} */
  const replaced = [];
  /** @type {Element[]} */
  const left = [];
  // A whole page is an error page: it says why, and has nothing to put in place.
  if (/^\s*<!doctype/i.test(html)) return { replaced, left: [answer.querySelector("main > *") ?? answer] };
  for (const element of Array.from(answer.children, (one) => /** @type {HTMLElement} */ (one))) {
    const old = element.id && document.getElementById(element.id);
    if (old) {
      // A screen reader listens to the element that was there.
      if (old.matches("[role=status]")) {
        old.replaceChildren(...[...element.childNodes].map((one) => document.adoptNode(one)));
        old.toggleAttribute("data-level", "level" in element.dataset);
      } else old.replaceWith(document.adoptNode(element));
      replaced.push(element.id);
    } else left.push(element);
  }
  return { replaced, left };
}

/** The elements of a fragment that belong in no place of the page yet. @param {string} html @returns {Element[]} */
export function parts(html) {
  return [...parsed(html).body.children].map((one) => document.adoptNode(one));
}

/** A document of its own. @param {string} html */
export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/** A fragment of a page, or why it cannot be had. @param {string} url @returns {Promise<{html?: string, why?: string}>} */
export async function fetchFragment(url) {
  try {
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    if (response.redirected) return { why: "You are signed out; sign in again in another tab." };
    if ([429, 503].includes(response.status)) return { why: "The server is busy; try again in a moment." };
    return response.ok ? { html: await response.text() } : { why: `The server refused this (${response.status}).` };
  } catch {
    return { why: "This needs the server, which does not answer." };
  }
}
