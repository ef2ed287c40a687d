// What this browser remembers: who is on which phone, which chat is open, how far each was read.

const KEY = "playground.page";

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch (broken) {
    console.info("remembered choices unreadable, starting fresh", broken.name);
    return {};
  }
}

const kept = { phones: [], language: "zh", open: {}, read: {}, seq: 0, ...load() };

function save() {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch (full) {
    // Private windows may refuse; the page works, it only forgets.
    console.info("choices are not remembered", full.name);
  }
}

export const prefs = {
  get phones() {
    return kept.phones;
  },
  set phones(list) {
    kept.phones = list;
    save();
  },
  get language() {
    return kept.language;
  },
  set language(value) {
    kept.language = value;
    save();
  },
  openChat: (pid) => kept.open[pid],
  setOpenChat(pid, chatId) {
    kept.open[pid] = chatId;
    save();
  },
  readUpTo: (pid, chatId) => kept.read[`${pid}:${chatId}`] ?? 0,
  setReadUpTo(pid, chatId, messageId, seq) {
    kept.read[`${pid}:${chatId}`] = messageId;
    kept.seq = Math.max(kept.seq, seq);
    save();
  },
  /** A server whose events lie before those already seen began anew: its message ids mean others. */
  meetServer(seq) {
    if (seq < kept.seq) kept.read = {};
    kept.seq = seq;
    save();
  },
};
