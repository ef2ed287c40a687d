// One way to build elements: text only ever enters as text nodes, so no order becomes markup.

/** Build an element. `on` holds listeners, `data` the dataset; false, null and undefined are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child);
  }
}

/** Replace everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

export const button = (label, onClick, props = {}) =>
  h("button", { type: "button", ...props, on: { click: onClick } }, label);

/** A labelled input; `input.value` is read when the form is sent. */
export function field(label, props = {}) {
  const input = h("input", props);
  return { input, node: h("label", {}, h("span", { class: "quiet" }, label), input) };
}

export function choice(label, options, chosen) {
  const input = h(
    "select",
    {},
    options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)),
  );
  return { input, node: h("label", {}, h("span", { class: "quiet" }, label), input) };
}

export function check(label, checked) {
  const input = h("input", { type: "checkbox", checked });
  return { input, node: h("label", { class: "check" }, input, h("span", {}, label)) };
}

/** Say something at the foot of the page for a moment. */
export function say(text) {
  document.querySelector(".said")?.remove();
  const said = h("p", { class: "said", role: "status" }, text);
  document.body.append(said);
  setTimeout(() => said.remove(), 4000);
}

export const moment = (seconds) =>
  seconds ? new Date(seconds * 1000).toLocaleString("sv-SE").slice(5) : "–";
