// The running list of a chat: draws what changed and nothing else, and stays where the reader is.

import { h, icon } from "./dom.js";
import { bubble } from "./bubble.js";
import { dayKey, dayName, t } from "./words.js";

const PAGE = 120; // messages drawn at first, and more at each reach of the top
const NEAR_PX = 60; // this near the bottom counts as being there
const TOGETHER_S = 600; // one sender's messages within this stand as one group

export class Messages {
  #nodes = new Map(); // key → { node, sign }
  #limit = PAGE;
  #fresh = true;
  #seen = 0;
  stuck = true;

  /** `read()` is called whenever the newest message is in view. */
  constructor({ pid, acts, read }) {
    this.pid = pid;
    this.acts = acts;
    this.read = read;
    this.stream = h("div", { class: "stream" });
    this.count = h("span", { class: "badge", hidden: true });
    this.jumpDown = h(
      "button",
      {
        type: "button",
        class: "to-bottom",
        hidden: true,
        "aria-label": t("toBottom"),
        on: { click: () => this.toBottom(true) },
      },
      icon("down"),
      this.count,
    );
    this.scroller = h(
      "div",
      {
        class: "messages",
        role: "log",
        "aria-live": "polite",
        "aria-label": t("messages"),
        tabindex: "0",
        on: { scroll: () => this.#scrolled(), keydown: (event) => this.#keys(event) },
      },
      this.stream,
    );
    this.el = h("div", { class: "messages-frame" }, this.scroller, this.jumpDown);
    // Pictures arriving, keyboards growing, the composer taking a line: the bottom stays the bottom.
    this.watch = new ResizeObserver(() => this.stuck && this.toBottom());
    this.watch.observe(this.stream);
    this.watch.observe(this.scroller);
  }

  close() {
    this.watch.disconnect();
  }

  sync(chat) {
    this.chat = chat;
    const items = this.#items();
    const keys = new Set(items.map((item) => item.key));
    this.#dropMissing(keys);
    let cursor = this.#step(this.stream.firstChild);
    for (const item of items) {
      const before = this.#nodes.get(item.key)?.node;
      const node = this.#draw(item); // stands where `before` stood, if there was one
      if (cursor && (node === cursor || before === cursor)) cursor = this.#step(node.nextSibling);
      else this.stream.insertBefore(node, cursor);
    }
    this.#fresh = false;
    if (this.stuck) this.toBottom();
    this.#showCount();
  }

  #step(node) {
    let next = node;
    while (next?.classList.contains("leaving")) next = next.nextSibling;
    return next;
  }

  #items() {
    const shown = this.chat.messages.slice(-this.#limit);
    const inGroup = this.chat.type !== "private";
    const items = [];
    const joined = (a, b) =>
      a &&
      b &&
      !a.service &&
      !b.service &&
      a.from?.id === b.from?.id &&
      Math.abs(b.date - a.date) < TOGETHER_S &&
      dayKey(a.date) === dayKey(b.date);
    shown.forEach((message, index) => {
      const before = shown[index - 1];
      if (!before || dayKey(before.date) !== dayKey(message.date)) {
        const name = dayName(message.date);
        items.push({
          key: `day:${dayKey(message.date)}`,
          sign: name,
          make: () => h("div", { class: "day" }, h("span", {}, name)),
        });
      }
      const place = {
        own: message.from?.id === this.pid,
        inGroup,
        first: !joined(before, message),
        last: !joined(message, shown[index + 1]),
      };
      items.push({
        key: String(message.message_id),
        sign: JSON.stringify([message, place]),
        make: () => bubble(message, place, this.acts),
      });
    });
    return items;
  }

  #draw({ key, sign, make }) {
    const known = this.#nodes.get(key);
    if (known?.sign === sign) return known.node;
    const node = make();
    if (known) this.#swap(known.node, node);
    else if (!this.#fresh) node.classList.add("arriving");
    this.#nodes.set(key, { node, sign });
    return node;
  }

  /** An edited message keeps the keyboard user's place: same row and column, if still there. */
  #swap(old, node) {
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(node);
    if (!held) return;
    const { row, col } = held.dataset;
    const same =
      row === undefined ? null : node.querySelector(`[data-row="${row}"][data-col="${col}"]`);
    (same ?? node).focus({ preventScroll: true });
  }

  #dropMissing(keys) {
    for (const [key, { node }] of this.#nodes) {
      if (keys.has(key)) continue;
      this.#nodes.delete(key);
      if (this.#limitMoved(key)) {
        node.remove();
        continue;
      }
      node.classList.add("leaving");
      node.inert = true;
      node.addEventListener("animationend", () => node.remove(), { once: true });
      setTimeout(() => node.remove(), 600);
    }
  }

  #limitMoved(key) {
    return (
      key.startsWith("day:") || this.chat.messages.some((one) => String(one.message_id) === key)
    );
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (scrollTop < 200 && this.chat && this.#limit < this.chat.messages.length) {
      if (scrollTop === 0) this.scroller.scrollTop = 1; // at the very top nothing anchors the view
      this.#limit += PAGE;
      this.sync(this.chat);
    }
    this.#showCount();
  }

  #showCount() {
    const theirs = this.chat.messages.filter((one) => one.from?.id !== this.pid);
    if (this.stuck) {
      this.#seen = theirs.at(-1)?.message_id ?? 0;
      this.read();
    }
    const newer = theirs.filter((one) => one.message_id > this.#seen).length;
    this.jumpDown.hidden = this.stuck;
    this.count.hidden = newer === 0;
    this.count.textContent = newer;
    this.jumpDown.setAttribute("aria-label", newer ? t("newer", newer) : t("toBottom"));
  }

  toBottom(smooth = false) {
    this.stuck = true;
    this.scroller.scrollTo({
      top: this.scroller.scrollHeight,
      behavior: smooth ? "smooth" : "instant",
    });
  }

  /** Scroll to a message and light it up; false when it is not in this chat any more. */
  reveal(messageId) {
    const back = this.chat.messages.findIndex((one) => one.message_id === messageId);
    if (back < 0) return false;
    this.#limit = Math.max(this.#limit, this.chat.messages.length - back + 10);
    this.sync(this.chat);
    const { node } = this.#nodes.get(String(messageId));
    this.stuck = false;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.remove("lit");
    requestAnimationFrame(() => node.classList.add("lit"));
    return true;
  }

  /** Arrow keys walk the messages; Enter or the menu key opens what can be done with one. */
  #keys(event) {
    const current = event.target.closest(".message");
    if (event.target !== this.scroller && event.target !== current) return;
    const all = [...this.stream.querySelectorAll(".message:not(.leaving)")];
    const at = current ? all.indexOf(current) : all.length;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = all[at + (event.key === "ArrowUp" ? -1 : 1)];
      if (!next) return;
      event.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (current && (event.key === "Enter" || event.key === "ContextMenu")) {
      event.preventDefault();
      const box = current.querySelector(".bubble, span").getBoundingClientRect();
      const message = this.chat.messages.find(
        (one) => String(one.message_id) === current.dataset.id,
      );
      if (message && !message.service)
        this.acts.menu(message, { x: box.left + 20, y: box.top + 20 });
    }
  }
}
