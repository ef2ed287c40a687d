// Where a person writes: text with a reply or an edit above it, commands, files, and 开始 in a new chat.

import { append, fill, h, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

const drafts = new Map(); // "person:chat" → text, kept while the page lives
const MAX_SHOWN = 8;

export class Composer {
  #mode = null; // {kind: "reply" | "edit", message}
  #shown = [];
  #at = 0;
  #all = false; // the menu button shows every command, typing only those that fit
  #busy = false;

  /** `acts`: send(text, replyTo), edit(message, text), start(), attach(files|null, point), commands(), lastOwn(). */
  constructor({ pid, chatId, acts }) {
    this.key = `${pid}:${chatId}`;
    this.acts = acts;
    this.box = h("textarea", {
      rows: "1",
      placeholder: t("write"),
      "aria-label": t("messageBox"),
      enterkeyhint: "send",
      on: {
        input: () => this.#typed(),
        keydown: (event) => this.#keys(event),
        paste: (event) => this.#paste(event),
      },
    });
    this.box.value = drafts.get(this.key) ?? "";
    this.context = h("div", { class: "context", hidden: true });
    this.list = h("div", {
      class: "commands",
      hidden: true,
      role: "listbox",
      "aria-label": t("commands"),
    });
    this.menuButton = h(
      "button",
      {
        type: "button",
        class: "menu-button",
        "aria-label": t("commands"),
        title: t("commands"),
        "aria-expanded": "false",
        on: { click: () => this.#toggleCommands() },
      },
      icon("menu", 18),
    );
    this.sendButton = iconButton("send", t("send"), () => this.#submit(), { class: "send" });
    this.row = h(
      "div",
      { class: "write" },
      this.menuButton,
      iconButton("attach", t("attach"), (event) =>
        this.acts.attach(null, event.currentTarget.getBoundingClientRect()),
      ),
      this.box,
      this.sendButton,
    );
    this.startButton = h(
      "button",
      { type: "button", class: "start", hidden: true, on: { click: () => this.acts.start() } },
      t("start"),
    );
    this.topics = h("select", { class: "topics", hidden: true, "aria-label": t("topic") });
    this.el = h(
      "div",
      { class: "composer" },
      this.list,
      this.topics,
      this.context,
      this.row,
      this.startButton,
    );
    this.#grow();
  }

  sync(chat) {
    const shut = chat.blocked || (chat.type === "private" && chat.messages.length === 0);
    this.row.hidden = shut;
    this.startButton.hidden = !shut;
    this.startButton.textContent = chat.blocked ? t("unblock") : t("start");
    this.menuButton.hidden = !chat.commands?.length;
    this.#syncTopics(chat.topics ?? []);
    const gone =
      this.#mode && !chat.messages.some((one) => one.message_id === this.#mode.message.message_id);
    if (gone) this.setMode(null);
  }

  #syncTopics(topics) {
    const sign = JSON.stringify(topics);
    if (this.topics.dataset.sign === sign) return;
    this.topics.dataset.sign = sign;
    const chosen = this.topics.value;
    this.topics.hidden = topics.length === 0;
    this.topics.replaceChildren(
      h("option", { value: "" }, t("general")),
      ...topics.map(({ id, name, closed }) =>
        h("option", { value: id }, closed ? t("closedTopic", name) : name),
      ),
    );
    this.topics.value = topics.some((one) => String(one.id) === chosen) ? chosen : "";
  }

  focus() {
    (this.startButton.hidden ? this.box : this.startButton).focus({ preventScroll: true });
  }

  write(text) {
    this.box.value = text;
    this.#typed();
    this.focus();
  }

  /** Reply to or edit a message; null ends it. A forced reply brings its own placeholder. */
  setMode(kind, message, placeholder) {
    if (this.#mode?.kind === "edit" && kind !== "edit") this.box.value = drafts.get(this.key) ?? "";
    this.#mode = kind ? { kind, message } : null;
    this.box.placeholder = placeholder || t("write");
    this.context.hidden = !kind;
    if (kind) {
      const title = kind === "edit" ? t("editing") : t("replyTo", message.from?.first_name ?? "");
      const text = message.text ?? message.caption ?? message.document?.file_name ?? t("photo");
      fill(
        this.context,
        icon(kind === "edit" ? "edit" : "reply"),
        h("div", { class: "context-words" }, h("b", {}, title), h("span", {}, text)),
        iconButton("close", t("cancelReply"), () => {
          this.setMode(null);
          this.focus();
        }),
      );
    }
    if (kind === "edit") this.box.value = message.text ?? "";
    this.#grow();
  }

  #typed() {
    if (this.#mode?.kind !== "edit") drafts.set(this.key, this.box.value);
    this.#all = false;
    this.#showCommands();
    this.#grow();
  }

  #grow() {
    this.sendButton.classList.toggle("ready", this.box.value.trim() !== "");
    if (!this.box.isConnected) return;
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 140)}px`;
  }

  #toggleCommands() {
    this.#all = this.list.hidden;
    this.#showCommands();
    this.box.focus({ preventScroll: true });
  }

  #showCommands() {
    const typed = /^\/(\w*)$/.exec(this.box.value)?.[1];
    const fitting = this.#all
      ? this.acts.commands()
      : typed === undefined
        ? []
        : this.acts.commands().filter((one) => one.command.startsWith(typed.toLowerCase()));
    this.#shown = fitting;
    this.#at = 0;
    this.list.hidden = fitting.length === 0;
    this.list.classList.toggle("long", fitting.length > MAX_SHOWN);
    this.menuButton.setAttribute("aria-expanded", String(this.#all && fitting.length > 0));
    this.list.replaceChildren();
    append(
      this.list,
      fitting.map((one, index) =>
        h(
          "button",
          {
            type: "button",
            role: "option",
            tabindex: "-1",
            "aria-selected": String(index === 0),
            on: { click: () => this.#pick(one) },
          },
          h("b", {}, `/${one.command}`),
          h("span", {}, one.description),
        ),
      ),
    );
  }

  #pick(command) {
    this.#hideCommands();
    this.box.value = "";
    this.#typed();
    this.acts.send(`/${command.command}`);
  }

  #hideCommands() {
    this.#all = false;
    this.#shown = [];
    this.list.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
  }

  #move(by) {
    this.#at = (this.#at + by + this.#shown.length) % this.#shown.length;
    [...this.list.children].forEach((one, index) =>
      one.setAttribute("aria-selected", String(index === this.#at)),
    );
    this.list.children[this.#at].scrollIntoView({ block: "nearest" });
  }

  #keys(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#move(event.key === "ArrowDown" ? 1 : -1);
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      this.write(`/${this.#shown[this.#at].command} `);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (open) this.#pick(this.#shown[this.#at]);
      else this.#submit();
    } else if (event.key === "Escape") {
      if (open) this.#hideCommands();
      else this.setMode(null);
    } else if (event.key === "ArrowUp" && this.box.value === "") {
      const last = this.acts.lastOwn();
      if (last) {
        event.preventDefault();
        this.setMode("edit", last);
      }
    }
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.acts.attach(files, this.box.getBoundingClientRect());
  }

  async #submit() {
    const text = this.box.value.trim();
    if (!text || this.#busy) return;
    this.#busy = true;
    const mode = this.#mode;
    const done =
      mode?.kind === "edit"
        ? await this.acts.edit(mode.message, text)
        : await this.acts.send(text, mode?.message.message_id);
    this.#busy = false;
    if (!done) return; // the words stay where they were, the phone has said why
    this.setMode(null);
    if (mode?.kind !== "edit" && this.box.value.trim() === text) {
      this.box.value = "";
      drafts.delete(this.key);
    }
    this.#hideCommands();
    this.#grow();
  }

  /** The topic written in; a reply goes where its message is. */
  get topic() {
    return this.replyTo ? undefined : Number(this.topics.value) || undefined;
  }

  get replyTo() {
    return this.#mode?.kind === "reply" ? this.#mode.message.message_id : undefined;
  }
}
