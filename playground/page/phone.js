// One person's phone: title bar, list of chats, the open chat, and links that open within it.

import { api } from "./api.js";
import { dropZone } from "./attach.js";
import { Chat } from "./chat.js";
import { chatList } from "./chatlist.js";
import { groupDialog, linkDialog } from "./dialogs.js";
import { avatar, fill, h, iconButton } from "./dom.js";
import { confirmBox, menu, toast } from "./overlays.js";
import { prefs } from "./prefs.js";
import { t } from "./words.js";

const LIST = "list"; // remembered instead of a chat's id

// t.me/<bot>?start=<payload>, also tg://resolve?domain=<bot>&start=<payload>
function deepLink(text) {
  const raw = /^(t\.me|telegram\.me)\//.test(text) ? `https://${text}` : text;
  if (!URL.canParse(raw)) return null;
  const url = new URL(raw);
  const start = url.searchParams.get("start") ?? undefined;
  if (url.protocol === "tg:") return { name: url.searchParams.get("domain") ?? "", start };
  if (!["t.me", "telegram.me"].includes(url.hostname)) return null;
  return { name: url.pathname.slice(1), start };
}

export class Phone {
  #chat = null;

  constructor({ store, pid }) {
    this.store = store;
    this.pid = pid;
    const person = store.person(pid);
    this.bar = h("header", { class: "bar" });
    this.view = h("div", { class: "view" });
    this.glass = h("div", { class: "glass" }, this.bar, this.view);
    this.screen = h("div", { class: "screen" }, this.glass);
    this.el = h(
      "section",
      { class: "phone", "aria-label": t("phoneOf", person.first_name), data: { person: pid } },
      this.screen,
    );
    dropZone(
      this.screen,
      () => this.#chat && this.#current.messages.length > 0 && !this.#current.blocked,
      (files) => this.#chat.takeFiles(files),
    );
    const chats = store.chatsOf(pid);
    const remembered = chats.find((chat) => chat.id === prefs.openChat(pid));
    const first = remembered ?? chats.find((chat) => chat.type === "private") ?? chats[0];
    if (!first || prefs.openChat(pid) === LIST) this.showList();
    else this.openChat(first.id);
  }

  get #current() {
    return this.store.chat(this.pid, this.#chat?.chatId);
  }

  get openChatId() {
    return this.#chat?.chatId;
  }

  close() {
    this.#chat?.close();
    this.el.remove();
  }

  sync() {
    if (this.#chat && !this.#current) this.showList();
    else if (this.#chat) this.#chat.sync();
    else this.#drawList();
    this.#drawBar();
  }

  openChat(chatId) {
    this.#chat?.close();
    prefs.setOpenChat(this.pid, chatId);
    this.#chat = new Chat({
      store: this.store,
      pid: this.pid,
      chatId,
      screen: this.screen,
      openLink: (url) => this.openLink(url),
    });
    fill(this.view, this.#chat.el);
    this.#chat.sync();
    this.#drawBar();
  }

  showList() {
    this.#chat?.close();
    this.#chat = null;
    prefs.setOpenChat(this.pid, LIST);
    this.#drawList();
    this.#drawBar();
  }

  #drawList() {
    fill(
      this.view,
      chatList(this.store, this.pid, (id) => {
        this.openChat(id);
        this.#chat.composer.focus();
      }),
    );
  }

  #drawBar() {
    const chat = this.#current;
    const others = this.store.chatsOf(this.pid).filter((one) => one.id !== chat?.id);
    const unread = others.reduce((sum, one) => sum + this.store.unread(this.pid, one), 0);
    const typing = chat && this.store.isTyping(this.pid, chat.id);
    const sign = JSON.stringify([chat?.id, chat?.title, typing, others.length, unread]);
    if (sign === this.drawn) return; // the bar keeps its focus when nothing on it changed
    this.drawn = sign;
    const more = iconButton("more", t("more"), () => this.#more(more), { "aria-haspopup": "menu" });
    if (!chat) {
      fill(this.bar, h("h2", { class: "bar-title" }, t("chats")), more);
      return;
    }
    const kind = chat.type === "private" ? "bot" : "group";
    fill(
      this.bar,
      others.length > 0 &&
        h(
          "span",
          { class: "back" },
          iconButton("back", t("back"), () => this.showList()),
          unread > 0 && h("span", { class: "dot", role: "img", "aria-label": t("unread", unread) }),
        ),
      avatar(chat.id, chat.title, kind),
      h(
        "div",
        { class: "bar-words" },
        h("h2", {}, chat.title),
        h(
          "span",
          { class: typing ? "sub typing" : "sub", "aria-live": "polite" },
          typing ? t("typing") : t(kind),
        ),
      ),
      more,
    );
  }

  #more(button) {
    const box = button.getBoundingClientRect();
    const bot = this.store.bot(this.#chat?.chatId);
    const change = async (action, word) => {
      try {
        await action();
        toast(this.screen, word);
      } catch (error) {
        toast(this.screen, error.message);
      }
    };
    menu(
      this.screen,
      { x: box.right - 200, y: box.bottom + 4 },
      t("more"),
      [
        {
          label: t("openLink"),
          icon: "link",
          run: () => linkDialog(this.screen, deepLink, (url) => this.openLink(url)),
        },
        { label: t("newGroup"), icon: "group", run: () => this.#newGroup() },
        bot &&
          this.#current.messages.length > 0 &&
          (this.#current.blocked
            ? {
                label: t("unblock"),
                icon: "tick",
                run: () => change(() => api.unblock(this.pid, bot.username), t("unblocked")),
              }
            : {
                label: t("block"),
                icon: "block",
                danger: true,
                run: () => change(() => api.block(this.pid, bot.username), t("blocked")),
              }),
      ].filter(Boolean),
    );
  }

  #newGroup() {
    groupDialog(this.screen, this.store, this.pid, async (group) => {
      const { chat_id: chatId } = await api.makeGroup(group);
      await this.store.refresh(this.pid);
      this.openChat(chatId);
    });
  }

  /** A link to a bot opens here; anything else asks first and opens a new tab. */
  async openLink(url) {
    const deep = deepLink(url);
    const bot =
      deep && this.store.bots.find((one) => one.username.toLowerCase() === deep.name.toLowerCase());
    if (!bot) {
      if (await confirmBox(this.screen, t("linkAsk", url), t("open")))
        window.open(url, "_blank", "noopener");
      return;
    }
    if (this.openChatId !== bot.id) this.openChat(bot.id);
    if (deep.start === undefined) return;
    this.#chat.messages.toBottom();
    await this.#chat.try(() => api.open(this.pid, bot.username, deep.start));
  }
}
