// One message as it looks on a phone: bubble, quote, file or picture, keyboard, time and marks.

import { avatar, h, icon, iconButton, tone } from "./dom.js";
import { rich } from "./rich.js";
import { bytes, clock, t } from "./words.js";

const LONG_PRESS_MS = 450;
const sizes = new Map(); // file id → [width, height], so that a picture seen once never moves the page again

function quote(message, acts) {
  const { reply_to: to } = message;
  if (!to) return null;
  return h(
    "button",
    { type: "button", class: "quote", on: { click: () => acts.jump(to.message_id) } },
    h("b", {}, to.from?.first_name ?? ""),
    h("span", {}, to.text || "…"),
  );
}

function picture(message, acts) {
  const { photo } = message;
  if (!photo) return null;
  const image = h("img", { src: photo.url, alt: message.caption || t("photo"), decoding: "async" });
  const known = sizes.get(photo.file_id);
  if (known) [image.width, image.height] = known;
  image.addEventListener("load", () => {
    sizes.set(photo.file_id, [image.naturalWidth, image.naturalHeight]);
    [image.width, image.height] = [image.naturalWidth, image.naturalHeight];
  });
  return h(
    "button",
    {
      type: "button",
      class: "photo",
      "aria-label": t("enlarge"),
      on: { click: () => acts.zoom(message) },
    },
    image,
  );
}

function fileRow(message, acts) {
  const { document: file } = message;
  if (!file) return null;
  const name = file.file_name || t("file");
  const inside = [
    h("span", { class: "file-icon" }, icon(message.protected ? "shield" : "download")),
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, name),
      h("span", { class: "file-size" }, bytes(file.size)),
    ),
  ];
  if (message.protected) {
    return h(
      "button",
      { type: "button", class: "file", on: { click: () => acts.toast(t("protected")) } },
      inside,
    );
  }
  return h(
    "a",
    { class: "file", href: file.url, download: name, "aria-label": t("download", name) },
    inside,
  );
}

function meta(message, own) {
  return h(
    "span",
    { class: "meta" },
    message.protected &&
      h(
        "span",
        { class: "mark", role: "img", "aria-label": t("protected"), title: t("protected") },
        icon("shield", 12),
      ),
    message.edited && h("span", { class: "edited" }, t("edited")),
    h("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
    own && h("span", { class: "mark" }, icon("tick", 13)),
  );
}

function words(message, own, acts) {
  const html = message.html ?? message.caption_html;
  const text = message.text ?? message.caption ?? "";
  if (!html && !text) return meta(message, own);
  return h("div", { class: "text", dir: "auto" }, rich(html, text, acts), meta(message, own));
}

function key(message, button, row, col, acts) {
  const mark = { url: "link", copy: "copy" }[button.kind];
  const node = h(
    "button",
    {
      type: "button",
      class: "key",
      data: { kind: button.kind, row, col },
      on: { click: () => acts.tap(message, button, row, col, node) },
    },
    h("span", {}, button.text),
    mark && icon(mark, 13),
    button.kind === "url" && h("span", { class: "offscreen" }, `（${t("opensOutside")}）`),
  );
  return node;
}

function keyboard(message, acts) {
  if (!message.buttons?.length) return null;
  return h(
    "div",
    { class: "keyboard" },
    message.buttons.map((line, row) =>
      h(
        "div",
        { class: "keys" },
        line.map((button, col) => key(message, button, row, col, acts)),
      ),
    ),
  );
}

/** Right-click, long press on a touch screen, and the context-menu key all ask for the same menu. */
function askForMenu(node, message, acts) {
  let timer = 0;
  let opened = false;
  const end = () => clearTimeout(timer);
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img") && event.shiftKey) return;
    event.preventDefault();
    if (!opened) acts.menu(message, { x: event.clientX, y: event.clientY });
    opened = false;
  });
  node.addEventListener("pointerdown", (event) => {
    opened = false;
    if (event.pointerType !== "touch") return;
    const point = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      opened = true;
      acts.menu(message, point);
    }, LONG_PRESS_MS);
  });
  for (const type of ["pointerup", "pointermove", "pointercancel"])
    node.addEventListener(type, end);
}

/** Draw `message`. `place` says who looks and where it stands among its neighbours. */
export function bubble(message, place, acts) {
  if (message.service) {
    return h(
      "div",
      { class: "service", data: { id: message.message_id } },
      h("span", {}, message.service),
    );
  }
  const { own, first, last, inGroup } = place;
  const body = h(
    "div",
    {
      class: `bubble ${message.photo ? "with-photo" : ""} ${message.document ? "with-file" : ""} ${message.protected ? "is-protected" : ""}`,
    },
    inGroup &&
      !own &&
      first &&
      h("b", { class: "sender", data: { tone: tone(message.from.id) } }, message.from.first_name),
    message.topic?.name && h("span", { class: "topic" }, `# ${message.topic.name}`),
    quote(message, acts),
    picture(message, acts),
    fileRow(message, acts),
    words(message, own, acts),
  );
  const quick = iconButton("reply", t("reply"), () => acts.reply(message), {
    class: "quick",
    tabindex: "-1",
  });
  const node = h(
    "article",
    {
      class: `message ${own ? "own" : "theirs"} ${first ? "first" : ""} ${last ? "last" : ""} ${message.buttons?.length ? "with-keys" : ""}`,
      tabindex: "-1",
      data: { id: message.message_id },
      "aria-label": message.from?.first_name ?? "",
    },
    inGroup &&
      !own &&
      h(
        "span",
        { class: "face" },
        last &&
          avatar(message.from.id, message.from.first_name, message.from.is_bot ? "bot" : "person"),
      ),
    h("div", { class: "stack" }, h("div", { class: "line" }, body, quick), keyboard(message, acts)),
  );
  askForMenu(body, message, acts);
  return node;
}
