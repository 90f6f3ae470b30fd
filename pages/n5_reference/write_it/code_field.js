// @ts-check
// A field for code: a new line keeps its indentation; Tab indents, unless Escape has just been pressed.

const INDENT = "    ";

/**
 * What is typed for Enter: a new line as far in as this one, farther after a colon.
 * @param {string} before the text up to the cursor
 */
export function newLine(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = /^ */.exec(line)?.[0] ?? "";
  return `\n${indent}${line.trimEnd().endsWith(":") ? INDENT : ""}`;
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {(code: string) => void} changed
 * @param {() => void} run on Ctrl+Enter
 */
export function writeCode(field, changed, run) {
  let isLeaving = false;
  field.addEventListener("input", () => changed(field.value));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation(); // its arrows are its own
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      type(field, newLine(field.value.slice(0, field.selectionStart)));
    } else if (event.key === "Tab" && !event.shiftKey && !isLeaving) {
      event.preventDefault();
      type(field, INDENT);
    }
    isLeaving = event.key === "Escape";
  });
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function type(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input"));
}
