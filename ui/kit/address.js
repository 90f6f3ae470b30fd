// @ts-check
// The address: what a reader has chosen. The one script that names Streamlit's markup.

const field = (/** @type {string} */ name) =>
  /** @type {HTMLInputElement | null} */ (document.querySelector(`.st-key-${name} input`));

/**
 * Write a setting into the address.
 *
 * Streamlit holds the address in hidden inputs of the frame (text, model, more, layer, head, token
 * and a lesson's own): it writes each into the query string and brings it to the server with
 * whatever is asked next. `remember` itself asks the server nothing.
 * @param {string} name
 * @param {string | number} value
 */
export function remember(name, value) {
  const input = field(name);
  if (input && input.value !== String(value)) {
    // React hears of a change only through the prototype's own setter.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, String(value));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }
  window.dispatchEvent(new CustomEvent("remembered", { detail: [name, value] }));
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
export const recall = (name) => field(name)?.value ?? "";

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
