// What lies over a phone for a moment: toasts, alerts, questions, forms, menus, an enlarged picture.

import { append, h, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

const TOAST_MS = 3200;

/** A short word at the bottom of `host`, read out, gone by itself. */
export function toast(host, text) {
  let shelf = host.querySelector(":scope > .toasts");
  if (!shelf) {
    shelf = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    host.append(shelf);
  }
  const node = h("div", { class: "toast" }, text);
  shelf.replaceChildren(node);
  setTimeout(() => node.remove(), TOAST_MS + Math.min(text.length, 100) * 30);
}

function keepFocusInside(box, event) {
  const all = [...box.querySelectorAll("button, input, select, textarea, a[href]")].filter(
    (one) => !one.disabled,
  );
  const [first, last] = [all[0], all.at(-1)];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

/**
 * Lay `content` over `host` (one phone, or the whole page) until it is closed.
 * The rest of the host is inert meanwhile, and the focus goes back to where it was.
 */
export function layer(host, { label, kind = "sheet", role = "dialog", content, onClose }) {
  const before = document.activeElement;
  const others = [...host.children].filter(
    (one) => !one.classList.contains("toasts") && !one.inert,
  );
  const box = h("div", { class: `box ${kind}`, role, "aria-modal": "true", "aria-label": label });
  const veil = h("div", { class: `veil veil-${kind}` }, box);
  const close = (value) => {
    veil.remove();
    for (const one of others) one.inert = false;
    before?.focus?.({ preventScroll: true });
    onClose?.(value);
  };
  append(box, [content(close)]);
  veil.addEventListener("click", (event) => event.target === veil && close());
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      keepFocusInside(box, event);
    }
  });
  host.append(veil);
  for (const one of others) one.inert = true;
  (box.querySelector("[data-first]") ?? box.querySelector("input, button"))?.focus();
  return close;
}

const plainButton = (text, onClick, props = {}) =>
  h(
    "button",
    { type: "button", ...props, class: `button ${props.class ?? ""}`, on: { click: onClick } },
    text,
  );

/** An alert with OK. Resolves when it is closed. */
export function alertBox(host, text) {
  return new Promise((resolve) => {
    layer(host, {
      label: text,
      kind: "alert",
      role: "alertdialog",
      onClose: resolve,
      content: (close) => [
        h("p", { class: "alert-text" }, text),
        h(
          "div",
          { class: "actions" },
          plainButton(t("ok"), () => close(), { "data-first": true }),
        ),
      ],
    });
  });
}

/** A question with Cancel. Resolves to true only for yes. */
export function confirmBox(host, text, yes = t("ok"), danger = false) {
  return new Promise((resolve) => {
    layer(host, {
      label: text,
      kind: "alert",
      role: "alertdialog",
      onClose: (value) => resolve(value === true),
      content: (close) => [
        h("p", { class: "alert-text" }, text),
        h(
          "div",
          { class: "actions" },
          plainButton(t("cancel"), () => close()),
          plainButton(yes, () => close(true), {
            class: danger ? "danger" : "primary",
            "data-first": true,
          }),
        ),
      ],
    });
  });
}

/** A small form. `fields` are label + control; `submit()` may throw, and its sentence is then shown. */
export function formBox(host, { title, fields, yes, submit }) {
  return layer(host, {
    label: title,
    kind: "form",
    content: (close) => {
      const problem = h("p", { class: "problem", role: "alert" });
      const send = async (event) => {
        event.preventDefault();
        try {
          await submit();
          close();
        } catch (error) {
          problem.textContent = error.message;
        }
      };
      return h(
        "form",
        { on: { submit: send } },
        h("h2", {}, title),
        fields,
        problem,
        h(
          "div",
          { class: "actions" },
          plainButton(t("cancel"), () => close()),
          h("button", { type: "submit", class: "button primary" }, yes),
        ),
      );
    },
  });
}

/** A labelled control for formBox. */
export const field = (label, control) =>
  h("label", { class: "field" }, h("span", {}, label), control);

/** The picture over the whole page; tap anywhere or Escape to leave. */
export function zoom(message) {
  const { photo } = message;
  layer(document.body, {
    label: t("photo"),
    kind: "zoom",
    content: (close) => [
      h("img", {
        src: photo.url,
        alt: message.caption || t("photo"),
        on: { click: () => close() },
      }),
      message.caption && h("p", {}, message.caption),
      iconButton("close", t("close"), () => close(), { class: "zoom-close" }),
    ],
  });
}

/** A menu at a point of the window, kept inside `host`. Items: {label, icon, run, danger, checked, badge, lead}. */
export function menu(host, point, label, items) {
  const before = document.activeElement;
  const rows = items.map((item) =>
    h(
      "button",
      {
        type: "button",
        role: item.checked === undefined ? "menuitem" : "menuitemradio",
        tabindex: "-1",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        class: item.danger ? "danger" : "",
        on: {
          click: () => {
            close();
            item.run();
          },
        },
      },
      item.lead ?? (item.icon && icon(item.icon)),
      h("span", { class: "grow" }, item.label),
      item.badge,
      item.checked && icon("tick", 18),
    ),
  );
  const box = h("div", { class: "menu", role: "menu", "aria-label": label }, rows);
  const veil = h("div", { class: "veil veil-menu" }, box);
  function close() {
    veil.remove();
    before?.focus?.({ preventScroll: true });
  }
  const move = (by) =>
    rows[(rows.indexOf(document.activeElement) + by + rows.length) % rows.length].focus();
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: close,
    Tab: close,
    Home: () => rows[0].focus(),
    End: () => rows.at(-1).focus(),
  };
  veil.addEventListener("pointerdown", (event) => event.target === veil && close());
  veil.addEventListener("contextmenu", (event) => event.preventDefault());
  veil.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  host.append(veil);
  const room = host.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(point.x - room.left, room.width - size.width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(point.y - room.top, room.height - size.height - 8))}px`;
  rows[0]?.focus({ preventScroll: true });
}
