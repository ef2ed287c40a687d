// One open chat on one phone: its messages, its composer, and everything that can be done in it.

import { api } from "./api.js";
import { attachSheet, chooseFiles } from "./attach.js";
import { Composer } from "./composer.js";
import { copyText, h, icon } from "./dom.js";
import { Messages } from "./messages.js";
import { alertBox, confirmBox, menu, toast, zoom } from "./overlays.js";
import { t } from "./words.js";

export class Chat {
  /** `screen` is the phone's glass (overlays go there); `openLink(url)` is the phone's to decide. */
  constructor({ store, pid, chatId, screen, openLink }) {
    Object.assign(this, { store, pid, chatId, screen, openLink });
    this.messages = new Messages({ pid, acts: this.#messageActs(), read: () => this.#read() });
    this.composer = new Composer({ pid, chatId, acts: this.#composerActs() });
    this.empty = h(
      "div",
      { class: "empty", hidden: true },
      h("span", { class: "empty-mark" }, icon("parcel", 40)),
      h("b", {}, t("emptyTitle")),
      h("span", {}, t("emptyText")),
    );
    this.messages.el.append(this.empty);
    this.el = h("div", { class: "chat" }, this.messages.el, this.composer.el);
    this.forced = 0;
  }

  get chat() {
    return this.store.chat(this.pid, this.chatId);
  }

  sync() {
    const { chat } = this;
    if (!chat) return;
    this.empty.hidden = chat.messages.length > 0;
    this.composer.sync(chat);
    this.messages.sync(chat);
    this.#forceReply(chat);
  }

  close() {
    this.messages.close();
  }

  #read() {
    if (this.chat && !document.hidden && this.el.isConnected)
      this.store.markRead(this.pid, this.chat);
  }

  /** A message that asks for a reply opens one, once, as long as nothing was said after it. */
  #forceReply(chat) {
    const last = chat.messages.at(-1);
    if (!last?.force_reply || last.from?.id === this.pid || last.message_id === this.forced) return;
    if (last.force_reply.only && !last.force_reply.only.includes(this.pid)) return;
    this.forced = last.message_id;
    this.composer.setMode("reply", last, last.force_reply.placeholder);
    if (this.screen.contains(document.activeElement)) this.composer.focus();
  }

  /** Run what may fail; the server's sentence is shown on this phone. */
  async try(action) {
    try {
      return (await action()) ?? true;
    } catch (error) {
      toast(this.screen, error.message);
      return false;
    }
  }

  async send(text, replyTo) {
    const sent = await this.try(() =>
      api.send(this.pid, this.chatId, text, replyTo, this.composer.topic),
    );
    if (sent) this.#sent(sent);
    return Boolean(sent);
  }

  #sent(answer) {
    this.messages.toBottom();
    if (answer.message) this.store.put(this.pid, this.chatId, answer.message);
  }

  start() {
    const { username } = this.store.bot(this.chatId);
    return this.try(() =>
      this.chat.blocked ? api.unblock(this.pid, username) : api.open(this.pid, username),
    );
  }

  async copy(text) {
    try {
      await copyText(text);
      toast(this.screen, t("copied"));
    } catch {
      // Nothing is lost: the text is on the screen, and the person is told what to do.
      toast(this.screen, t("copyFailed"));
    }
  }

  takeFiles(files, preferPhoto = true) {
    const { replyTo, topic } = this.composer;
    attachSheet(this.screen, files, preferPhoto, async (parts) => {
      const sent = await api.upload(this.pid, { chatId: this.chatId, replyTo, topic, ...parts });
      this.composer.setMode(null);
      this.#sent(sent);
    });
  }

  async #tap(message, button, row, col, node) {
    if (button.kind === "copy") {
      await this.copy(button.copy_text);
      return;
    }
    if (button.kind === "url") {
      this.openLink(button.url);
      return;
    }
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    const result = await this.try(() =>
      api.tap(this.pid, this.chatId, message.message_id, row, col),
    );
    node.removeAttribute("aria-busy");
    if (!result) return;
    const { answer } = result;
    if (!answer) toast(this.screen, t("noAnswer"));
    else if (answer.url) this.openLink(answer.url);
    else if (answer.text && answer.show_alert) await alertBox(this.screen, answer.text);
    else if (answer.text) toast(this.screen, answer.text);
  }

  #menu(message, point) {
    const own = message.from?.id === this.pid;
    const text = message.text ?? message.caption;
    const items = [
      { label: t("reply"), icon: "reply", run: () => this.#reply(message) },
      text && !message.protected && { label: t("copy"), icon: "copy", run: () => this.copy(text) },
      own && message.text && { label: t("edit"), icon: "edit", run: () => this.#edit(message) },
      own && { label: t("remove"), icon: "trash", danger: true, run: () => this.#remove(message) },
    ];
    menu(this.screen, point, t("actions"), items.filter(Boolean));
  }

  #reply(message) {
    this.composer.setMode("reply", message);
    this.composer.focus();
  }

  #edit(message) {
    this.composer.setMode("edit", message);
    this.composer.focus();
  }

  async #remove(message) {
    if (!(await confirmBox(this.screen, t("removeAsk"), t("remove"), true))) return;
    await this.try(() => api.remove(this.pid, this.chatId, message.message_id));
  }

  #messageActs() {
    return {
      tap: (...all) => this.#tap(...all),
      reply: (message) => this.#reply(message),
      menu: (message, point) => this.#menu(message, point),
      jump: (id) => this.messages.reveal(id) || toast(this.screen, t("gone")),
      openLink: (url) => this.openLink(url),
      command: (text) => this.send(text),
      copy: (text) => this.copy(text),
      copyHint: t("copy"),
      toast: (text) => toast(this.screen, text),
      zoom,
    };
  }

  #composerActs() {
    return {
      send: (text, replyTo) => this.send(text, replyTo),
      edit: async (message, text) =>
        Boolean(await this.try(() => api.edit(this.pid, this.chatId, message.message_id, text))),
      start: () => this.start(),
      commands: () => this.chat?.commands ?? [],
      lastOwn: () => this.chat?.messages.findLast((one) => one.from?.id === this.pid && one.text),
      attach: (files, box) => (files ? this.takeFiles(files) : this.#attachMenu(box)),
    };
  }

  async #attachMenu(box) {
    const ready = (await this.try(() => api.shelf())) || [];
    const top = box.top - 100 - 44 * ready.length;
    menu(this.screen, { x: box.left, y: top }, t("attach"), [
      ...ready.map((name) => ({
        label: name,
        icon: "file",
        run: () =>
          this.try(async () => this.takeFiles([await api.fromShelf(name)], false)),
      })),
      {
        label: t("asPhoto"),
        icon: "image",
        run: () => chooseFiles("image/*", (files) => this.takeFiles(files)),
      },
      {
        label: t("asFile"),
        icon: "file",
        run: () => chooseFiles("", (files) => this.takeFiles(files, false)),
      },
    ]);
  }
}
