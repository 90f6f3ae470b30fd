// Put before every component's script. The address is held by hidden inputs of the frame (text,
// model, more, layer, head, token): Streamlit writes each into the query string and brings it to the
// server with whatever is asked next. `remember` itself asks the server nothing.
function remember(name, value) {
  const input = document.querySelector(`.st-key-${name} input`);
  if (!input || input.value === String(value)) return;
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  write.call(input, String(value));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}
