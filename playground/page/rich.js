// A message's formatted text, rebuilt node by node from a list of what is allowed: never set as markup.

import { h } from "./dom.js";

const TAGS = {
  B: "b",
  STRONG: "b",
  I: "i",
  EM: "i",
  U: "u",
  INS: "u",
  S: "s",
  DEL: "s",
  STRIKE: "s",
  CODE: "code",
  PRE: "pre",
  BLOCKQUOTE: "blockquote",
};
const SCHEMES = new Set(["http:", "https:", "tel:", "mailto:", "tg:"]);
// Links and bot commands in plain text, as Telegram's clients find them.
const FOUND =
  /(https?:\/\/[^\s<>"'，。；、）】》]+|(?<![\w.])t\.me\/[^\s<>"'，。；、）】》]+)|(?<![\w/@:.])(\/[A-Za-z][A-Za-z0-9_]{0,31}(?:@\w+)?)(?![\w/])/g;

const stop = (event) => event.preventDefault();

function link(text, url, acts) {
  return h(
    "a",
    {
      href: url,
      rel: "noopener noreferrer",
      target: "_blank",
      on: {
        click: (event) => {
          stop(event);
          acts.openLink(url);
        },
      },
    },
    text,
  );
}

function findIn(text, acts) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(FOUND)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    const [whole, url, command] = found;
    nodes.push(
      url
        ? link(whole, whole.startsWith("http") ? whole : `https://${whole}`, acts)
        : h(
            "button",
            { type: "button", class: "as-link", on: { click: () => acts.command(command) } },
            whole,
          ),
    );
    at = found.index + whole.length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

function anchor(node, children, acts) {
  const raw = node.getAttribute("href") ?? "";
  const url = URL.canParse(raw) ? raw : `https://${raw}`; // people write t.me/… without a scheme
  if (!URL.canParse(url) || !SCHEMES.has(new URL(url).protocol)) return h("span", {}, children);
  return link(children, url, acts);
}

function spoiler(children) {
  const node = h(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-expanded": "false" },
    children,
  );
  const reveal = () => {
    node.classList.add("revealed");
    node.setAttribute("aria-expanded", "true");
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      stop(event);
      reveal();
    }
  });
  return node;
}

const isBlock = (node) => ["PRE", "BLOCKQUOTE"].includes(node?.tagName);

/** A block breaks the line by itself: the line break written beside it would be a second one. */
function besideBlocks(node) {
  const text = isBlock(node.previousSibling) ? node.data.replace(/^\n/, "") : node.data;
  return isBlock(node.nextSibling) ? text.replace(/\n$/, "") : text;
}

function walk(node, acts, plain) {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = besideBlocks(node);
    return plain ? [text] : findIn(text, acts);
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  if (node.tagName === "BR") return ["\n"];
  const within = plain || ["A", "CODE", "PRE"].includes(node.tagName);
  const children = [...node.childNodes].flatMap((child) => walk(child, acts, within));
  if (node.tagName === "A") return [anchor(node, children, acts)];
  if (node.tagName === "TG-SPOILER" || node.classList.contains("tg-spoiler"))
    return [spoiler(children)];
  if (node.tagName === "CODE" && node.parentElement?.tagName !== "PRE") {
    return [
      h(
        "code",
        { title: acts.copyHint, on: { click: () => acts.copy(node.textContent) } },
        children,
      ),
    ];
  }
  return TAGS[node.tagName] ? [h(TAGS[node.tagName], {}, children)] : children;
}

/** Nodes for a text: from its html where there is one, else from the plain text. */
export function rich(html, text, acts) {
  if (!html) return findIn(text ?? "", acts);
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [...parsed.body.childNodes].flatMap((node) => walk(node, acts, false));
}
