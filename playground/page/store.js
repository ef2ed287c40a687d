// What every person's phone holds, kept equal to the server's truth: fetched whole, then moved by events.

import { api } from "./api.js";
import { listen } from "./live.js";
import { prefs } from "./prefs.js";

// Telegram shows a chat action for five seconds.
const TYPING_MS = 5000;

const byId = (a, b) => a.message_id - b.message_id;

export class Store extends EventTarget {
  people = [];
  bots = [];
  #phones = new Map(); // person id → { seq, chats: Map, fetching, waiting: events heard meanwhile }
  #typing = new Map(); // "person:chat" → timer

  async start() {
    const { people, bots } = await api.people();
    this.people = people;
    this.bots = bots;
    await Promise.all(people.map((person) => this.refresh(person.id)));
    const seqs = [...this.#phones.values()].map((phone) => phone.seq);
    prefs.meetServer(Math.max(...seqs));
    listen(Math.min(...seqs), {
      onEvent: (event) => this.#hear(event),
      onLost: () => this.#say("line", { up: false }),
      onBack: () => this.#comeBack(),
    });
  }

  async #comeBack() {
    const { people, bots } = await api.people();
    this.people = people;
    this.bots = bots;
    await this.refreshAll();
    this.#say("line", { up: true });
  }

  refreshAll() {
    return Promise.all(this.people.map((person) => this.refresh(person.id)));
  }

  /** Fetch a person's chats whole. Events heard while the answer is under way are applied after it. */
  async refresh(pid) {
    const phone = this.#phones.get(pid) ?? { seq: 0, chats: new Map(), fetching: 0, waiting: [] };
    this.#phones.set(pid, phone);
    phone.fetching += 1;
    try {
      const answer = await api.chats(pid);
      phone.seq = answer.seq;
      phone.chats = new Map(answer.chats.map((chat) => [chat.id, this.#adopt(pid, chat)]));
    } finally {
      phone.fetching -= 1;
    }
    if (phone.fetching === 0) {
      for (const event of phone.waiting.splice(0)) this.#apply(pid, phone, event);
    }
    this.#say("change", { pid });
  }

  #adopt(pid, chat) {
    if (chat.typing) this.#startTyping(pid, chat.id);
    return { ...chat, messages: [...chat.messages].sort(byId) };
  }

  async addPerson(values) {
    const before = new Set(this.people.map((person) => person.id));
    await api.addPerson(values);
    this.people = (await api.people()).people;
    await Promise.all(
      this.people.filter((one) => !before.has(one.id)).map((one) => this.refresh(one.id)),
    );
    this.#say("people", {});
    return this.people.find((one) => !before.has(one.id)) ?? this.people.at(-1);
  }

  person(pid) {
    return this.people.find((one) => one.id === pid);
  }

  /** All chats a person can open, the freshest first; bots never spoken to come last, empty. */
  chatsOf(pid) {
    const chats = [...(this.#phones.get(pid)?.chats.values() ?? [])];
    const known = new Set(chats.map((chat) => chat.id));
    const freshness = (chat) => chat.messages.at(-1)?.date ?? 0;
    chats.sort((a, b) => freshness(b) - freshness(a));
    const unspoken = this.bots
      .filter((bot) => !known.has(bot.id))
      .map((bot) => ({
        id: bot.id,
        type: "private",
        title: bot.first_name,
        messages: [],
        commands: [],
      }));
    return [...chats, ...unspoken];
  }

  chat(pid, chatId) {
    return this.chatsOf(pid).find((chat) => chat.id === chatId);
  }

  bot(chatId) {
    return this.bots.find((bot) => bot.id === chatId);
  }

  isTyping(pid, chatId) {
    return this.#typing.has(`${pid}:${chatId}`);
  }

  unread(pid, chat) {
    const mark = prefs.readUpTo(pid, chat.id);
    return chat.messages.filter((one) => one.message_id > mark && one.from?.id !== pid).length;
  }

  unreadOf(pid) {
    return this.chatsOf(pid).reduce((sum, chat) => sum + this.unread(pid, chat), 0);
  }

  markRead(pid, chat) {
    const newest = chat.messages.at(-1)?.message_id ?? 0;
    if (newest <= prefs.readUpTo(pid, chat.id)) return;
    prefs.setReadUpTo(pid, chat.id, newest, this.#phones.get(pid).seq);
    this.#say("read", { pid });
  }

  /** A person's own message is shown as soon as the server took it; its event then changes nothing. */
  put(pid, chatId, message) {
    const chat = this.#phones.get(pid)?.chats.get(chatId);
    if (!chat) return;
    this.#place(chat, message);
    this.#say("change", { pid, chatId });
  }

  #hear(event) {
    for (const pid of event.people ?? []) {
      const phone = this.#phones.get(pid);
      if (!phone) this.#meet();
      else if (phone.fetching) phone.waiting.push(event);
      else this.#apply(pid, phone, event);
    }
  }

  /** Somebody unknown was written to: another tab added them. */
  async #meet() {
    this.people = (await api.people()).people;
    const strangers = this.people.filter((person) => !this.#phones.has(person.id));
    await Promise.all(strangers.map((person) => this.refresh(person.id)));
    if (strangers.length) this.#say("people", {});
  }

  #apply(pid, phone, event) {
    if (event.seq <= phone.seq) return;
    phone.seq = event.seq;
    const chat = phone.chats.get(event.chat_id);
    if (event.type === "typing") {
      this.#startTyping(pid, event.chat_id);
    } else if (!chat || event.type === "commands" || event.type === "chat") {
      this.refresh(pid);
      return;
    } else if (event.type === "deleted") {
      chat.messages = chat.messages.filter((one) => one.message_id !== event.message_id);
    } else if (event.message) {
      if (event.type === "message" && event.message.from?.id !== pid)
        this.#stopTyping(pid, chat.id);
      this.#place(chat, event.message);
    }
    this.#say("change", { pid, chatId: event.chat_id, event });
  }

  #place(chat, message) {
    const at = chat.messages.findIndex((one) => one.message_id === message.message_id);
    if (at >= 0) chat.messages[at] = message;
    else chat.messages = [...chat.messages, message].sort(byId);
  }

  #startTyping(pid, chatId) {
    const key = `${pid}:${chatId}`;
    clearTimeout(this.#typing.get(key));
    this.#typing.set(
      key,
      setTimeout(() => {
        this.#typing.delete(key);
        this.#say("change", { pid, chatId });
      }, TYPING_MS),
    );
  }

  #stopTyping(pid, chatId) {
    clearTimeout(this.#typing.get(`${pid}:${chatId}`));
    this.#typing.delete(`${pid}:${chatId}`);
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
