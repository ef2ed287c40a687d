// The list of chats on a phone: whom, the last words, when, and how much is unread.

import { avatar, h } from "./dom.js";
import { clock, dayKey, dayName, t } from "./words.js";

function lastWords(message, pid) {
  if (!message) return t("neverSpoken");
  const words =
    message.service ??
    message.text ??
    message.caption ??
    (message.photo ? t("photo") : message.document?.file_name) ??
    "";
  return message.from?.id === pid || message.service
    ? words
    : `${message.from?.first_name ?? ""}：${words}`;
}

function when(message) {
  if (!message) return "";
  return dayKey(message.date) === dayKey(Date.now() / 1000)
    ? clock(message.date)
    : dayName(message.date);
}

export function chatList(store, pid, open) {
  const rows = store.chatsOf(pid).map((chat) => {
    const last = chat.messages.at(-1);
    const unread = store.unread(pid, chat);
    const typing = store.isTyping(pid, chat.id);
    return h(
      "button",
      { type: "button", class: "chat-row", on: { click: () => open(chat.id) } },
      avatar(chat.id, chat.title, chat.type === "private" ? "bot" : "group"),
      h(
        "span",
        { class: "chat-words" },
        h(
          "span",
          { class: "chat-top" },
          h("b", {}, chat.title),
          h("span", { class: "chat-time" }, when(last)),
        ),
        h(
          "span",
          { class: "chat-top" },
          h(
            "span",
            { class: typing ? "chat-last typing" : "chat-last" },
            typing ? t("typing") : lastWords(last, pid),
          ),
          unread > 0 &&
            h(
              "span",
              { class: "badge", role: "img", "aria-label": t("unread", unread) },
              String(unread),
            ),
        ),
      ),
    );
  });
  return h("nav", { class: "chat-list", "aria-label": t("chats") }, rows);
}
