// @ts-check
// The address: what a reader has chosen. The one script that names Streamlit's markup.

const field = (/** @type {string} */ name) =>
  /** @type {HTMLInputElement | null} */ (document.querySelector(`.st-key-${CSS.escape(name)} input`));

// All settings but those that have a field of their own, written as a query string.
const SETTINGS = "settings";
const settings = () => new URLSearchParams(field(SETTINGS)?.value);
const hasOwnField = (/** @type {string} */ name) =>
  name === "text" || document.querySelector(`.st-key-${CSS.escape(name)}`) !== null;

/**
 * Write into a field of Streamlit's: it takes the value along with whatever is asked next.
 * @param {string} name
 * @param {string} value
 */
function write(name, value) {
  const input = field(name);
  if (!input || input.value === value) return;
  // React hears of a change only through the prototype's own setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}

/**
 * Write a setting into the address; "" takes it out. This asks the server nothing.
 * @param {string} name
 * @param {string | number} value
 */
export function remember(name, value) {
  if (hasOwnField(name)) write(name, String(value));
  else {
    const now = settings();
    if (value === "") now.delete(name);
    else now.set(name, String(value));
    write(SETTINGS, now.toString());
    showSettings();
  }
  window.dispatchEvent(new CustomEvent("remembered", { detail: [name, value] }));
}

/** Make the address say what the settings' field says. */
function showSettings() {
  const now = settings();
  const address = new URL(location.href);
  for (const name of new Set([...address.searchParams.keys(), ...now.keys()])) {
    const value = now.get(name);
    if (hasOwnField(name)) continue;
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

let isTaken = false;

/**
 * Take over what the address says, since it has led to another page or back, and only then let Streamlit
 * hear of it: the settings' field has to be drawn anew before its value goes along.
 * @param {Event} event
 */
function takeAddress(event) {
  if (isTaken) return;
  event.stopImmediatePropagation();
  const said = new URLSearchParams(location.search);
  said.delete("text");
  write(SETTINGS, said.toString());
  setTimeout(() => {
    isTaken = true;
    window.dispatchEvent(new PopStateEvent("popstate"));
    isTaken = false;
  });
}

let isFollowed = false;

/** From now on the address and the settings' field follow each other, whoever changes one of them. */
export function followAddress() {
  showSettings();
  if (isFollowed) return;
  isFollowed = true;
  const changed = new MutationObserver((changes) => {
    if (changes.some(({ target }) => target === field(SETTINGS))) showSettings();
  });
  changed.observe(document, { subtree: true, attributeFilter: ["value"] });
  window.addEventListener("popstate", takeAddress, { capture: true });
}

/** Marks a link of the navigation as Streamlit marks its own: tools that visit all pages find them by it. */
export const PAGE_LINK = { "data-testid": "stTopNavLink" };

/** @type {readonly string[]} */
let pages = [];
/** @type {readonly string[]} */
let kept = [];

/**
 * From now on a link to a page shows it without loading anything anew, with the settings that go along.
 * @param {readonly string[]} addresses of the pages, the first page's first
 * @param {readonly string[]} names of these settings
 */
export function followLinks(addresses, names) {
  if (!pages.length) {
    document.addEventListener("pointerdown", complete, { capture: true });
    document.addEventListener("click", follow, { capture: true });
  }
  pages = addresses;
  kept = names;
}

/**
 * The link to a page that an event is about, its address completed by the settings that go along.
 * @param {Event} event
 */
function complete(event) {
  const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
  if (!(link instanceof HTMLAnchorElement)) return null;
  const written = link.getAttribute("href") ?? "";
  if (written.startsWith("#")) return null; // a place on this page, such as a term's explanation
  // Streamlit writes no path into a link to the first page.
  const to = new URL(/^(\?|$)/.test(written) ? `${pages[0]}${written}` : link.href, location.origin);
  if (to.origin !== location.origin || !pages.includes(to.pathname)) return null;
  const now = new URLSearchParams(location.search);
  const going = new URLSearchParams();
  for (const name of kept) if (now.get(name)) going.set(name, now.get(name) ?? "");
  for (const [name, value] of to.searchParams) going.set(name, value);
  to.search = going.toString();
  link.href = to.href;
  return link;
}

/** @param {MouseEvent} event */
function follow(event) {
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
  const link = isPlain && complete(event);
  if (!link || link.target) return;
  event.preventDefault();
  event.stopPropagation();
  go(link.href);
}

/**
 * Show a page of the app. Streamlit hears of it as of the browser's own way back.
 * @param {string} address
 */
export function go(address) {
  history.pushState({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

const REST = 200; // milliseconds
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const waiting = new Map();

/**
 * Remember a setting once the hand that changes it has come to rest.
 * @param {string} name
 * @param {string | number} value
 */
export function rememberSoon(name, value) {
  clearTimeout(waiting.get(name));
  waiting.set(
    name,
    setTimeout(() => remember(name, value), REST),
  );
}

/**
 * Call `tell(name, value)` with whatever any component of the page remembers, while `root` stands.
 * @param {Node} root
 * @param {(name: string, value: any) => void} tell
 */
export function hear(root, tell) {
  const heard = (/** @type {Event} */ event) => {
    const [name, value] = /** @type {CustomEvent<[string, any]>} */ (event).detail;
    if (root.isConnected) tell(name, value);
    else window.removeEventListener("remembered", heard);
  };
  window.addEventListener("remembered", heard);
}

/**
 * Send the pictures of the page to a place: settings of the address as they stand there.
 * @param {Record<string, string>} place
 * @param {boolean} look whether the reader goes to the picture, too
 */
export function send(place, look) {
  for (const [name, value] of Object.entries(place)) remember(name, value);
  const event = new CustomEvent("sent", { detail: [place, look], cancelable: true });
  const isUnheard = window.dispatchEvent(event);
  if (look && isUnheard) document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
}

/**
 * Call `go` with a place to which the page sends its pictures, while `root` stands. A picture that
 * has none of it says `false`, and the reader is taken to another.
 * @param {HTMLElement} root
 * @param {(place: Record<string, string>) => unknown} go
 */
export function whenSent(root, go) {
  const sent = (/** @type {Event} */ event) => {
    if (!root.isConnected) {
      window.removeEventListener("sent", sent);
      return;
    }
    const [place, look] = /** @type {CustomEvent<[Record<string, string>, boolean]>} */ (event).detail;
    if (go(place) === false) return;
    event.preventDefault(); // heard
    if (look) root.scrollIntoView({ block: "start" });
  };
  window.addEventListener("sent", sent);
}

/**
 * What the address says of a setting; "" where it says nothing.
 * @param {string} name
 */
export const recall = (name) => (hasOwnField(name) ? field(name)?.value : settings().get(name)) ?? "";

/**
 * Put the reader's hand on a setting's field, so that what is typed takes the place of what is there.
 * @param {string} name
 */
export function focusField(name) {
  field(name)?.focus();
  field(name)?.select();
}

/**
 * Call `act` at each event of a kind in a setting's field, also in one that Streamlit makes anew.
 * @param {string} name
 * @param {"input" | "keydown" | "focusout"} kind
 * @param {(field: HTMLInputElement, event: Event) => void} act
 * @param {AbortSignal} signal ends it
 */
export function onField(name, kind, act, signal) {
  const heard = (/** @type {Event} */ event) => {
    const { target } = event;
    if (target instanceof HTMLInputElement && target === field(name)) act(target, event);
  };
  document.addEventListener(kind, heard, { signal, capture: true });
}

/** What stands above every lesson: the sentence, and what has to be said about it. */
export const frameBox = () => document.querySelector(".st-key-frame");

/** How far the page is scrolled, in pixels. */
export const scrolled = () => document.querySelector('[data-testid="stMain"]')?.scrollTop ?? window.scrollY;
