// @ts-check
// The reader's code, kept in this browser from visit to visit.

const KEY = "forward-pass-code";

/** @returns {Record<string, string>} */
function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {}; // no storage, or what is in it is not ours
  }
}

/**
 * @param {string} name of the exercise
 * @returns {string | undefined}
 */
export function keptCode(name) {
  const code = all()[name];
  return typeof code === "string" ? code : undefined;
}

/**
 * @param {string} name of the exercise
 * @param {string | null} code null where nothing has to be kept
 */
export function keepCode(name, code) {
  const { [name]: _, ...others } = all();
  try {
    localStorage.setItem(KEY, JSON.stringify(code === null ? others : { ...others, [name]: code }));
  } catch {
    // A full or closed storage: the code stays in the field.
  }
}
