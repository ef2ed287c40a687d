// One way to build elements: text only ever enters as text nodes, so nothing a chat says becomes markup.

const SVG = "http://www.w3.org/2000/svg";

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
      node.setAttribute(name === "class" ? "class" : name, value === true ? "" : value);
    }
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child);
  }
}

/** Replace everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

const ICONS = {
  back: "M15 5l-7 7 7 7",
  down: "M12 5v14M6 13l6 6 6-6",
  chevron: "M6 9l6 6 6-6",
  send: "M4 12l16-8-5 16-4-6zM11 14l9-10",
  attach: "M20 11l-8.5 8.5a5 5 0 01-7-7L13 4a3.4 3.4 0 015 5l-8.5 8.4a1.7 1.7 0 01-2.4-2.4L15 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  reply: "M10 6L4 12l6 6M4 12h9c4 0 7 2 7 6",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  link: "M8 16L17 7M9 7h8v8",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  shield: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
  tick: "M5 13l4 4L19 7",
  group:
    "M9 11a3 3 0 100-6 3 3 0 000 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 6a3 3 0 010 5M17 14c2 .5 4 2 4 5",
  block: "M12 3a9 9 0 100 18 9 9 0 000-18zM6 6l12 12",
  log: "M5 6h14M5 12h14M5 18h9",
  bolt: "M13 3L5 14h6l-1 7 9-12h-6z",
  broom: "M14 4l-4 8M7 12l8 3-2 6H4c2-2 3-5 3-9z",
  parcel: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4 20c0-4 4-6 8-6s8 2 8 6",
};

/** A line icon, hidden from assistive technology: the button around it carries the words. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    class: `icon icon-${name}`,
    "aria-hidden": "true",
  }))
    svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A round button that shows only an icon; `label` is its name. */
export function iconButton(name, label, onClick, props = {}) {
  return h(
    "button",
    {
      type: "button",
      ...props,
      class: `icon-button ${props.class ?? ""}`,
      "aria-label": label,
      title: label,
      on: { click: onClick, ...props.on },
    },
    icon(name),
  );
}

// Ids close to each other still get colours far apart.
export const tone = (id) => String((Math.imul(Number(id), 0x9e3779b1) >>> 16) % 7);

/** The coloured circle with a name's last character (given names say more in Chinese). */
export function avatar(id, name, kind = "person") {
  const letters = [...(name || "?").trim()];
  const letter = kind === "person" && /\p{Script=Han}/u.test(name) ? letters.at(-1) : letters[0];
  return h(
    "span",
    {
      class: "avatar",
      "aria-hidden": "true",
      data: { tone: tone(id), kind },
    },
    kind === "bot"
      ? icon("parcel", 22)
      : kind === "group"
        ? icon("group", 22)
        : letter.toUpperCase(),
  );
}

/** Copy to the clipboard; where the page may not (plain http from another machine), by selection. */
export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch (refused) {
      console.info("clipboard refused, copying by selection", refused.name);
    }
  }
  const before = document.activeElement;
  const area = h("textarea", { class: "offscreen", readonly: true, "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  if (!copied) throw new Error("copy");
}
