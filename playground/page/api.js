// The people's side of the playground server, one function per question, and errors as its sentences.

async function ask(path, { method = "GET", json, form } = {}) {
  const options = { method, headers: {} };
  if (json !== undefined) {
    options.body = JSON.stringify(json);
    options.headers["Content-Type"] = "application/json";
  } else if (form) {
    options.body = form;
  }
  const response = await fetch(`/api${path}`, options);
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const answer = isJson ? await response.json() : {};
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

const post = (path, json = {}) => ask(path, { method: "POST", json });

function uploadForm({ chatId, kind, caption, replyTo, topic, file }) {
  const form = new FormData();
  form.set("chat_id", chatId);
  form.set("kind", kind);
  if (caption) form.set("caption", caption);
  if (replyTo) form.set("reply_to", replyTo);
  if (topic) form.set("topic", topic);
  form.set("file", file, file.name);
  return form;
}

export const api = {
  people: () => ask("/people"),
  addPerson: (person) => post("/people", person),
  chats: (pid) => ask(`/people/${pid}/chats`),
  send: (pid, chatId, text, replyTo, topic) =>
    post(`/people/${pid}/send`, {
      chat_id: chatId,
      text,
      ...(replyTo && { reply_to: replyTo }),
      ...(topic && { topic }),
    }),
  upload: (pid, parts) => ask(`/people/${pid}/upload`, { method: "POST", form: uploadForm(parts) }),
  tap: (pid, chatId, messageId, row, col) =>
    post(`/people/${pid}/tap`, { chat_id: chatId, message_id: messageId, row, col, wait: 10 }),
  open: (pid, bot, start) => post(`/people/${pid}/open`, { bot, ...(start && { start }) }),
  remove: (pid, chatId, messageId) =>
    post(`/people/${pid}/delete`, { chat_id: chatId, message_id: messageId }),
  edit: (pid, chatId, messageId, text) =>
    post(`/people/${pid}/edit`, { chat_id: chatId, message_id: messageId, text }),
  block: (pid, bot) => post(`/people/${pid}/block`, { bot }),
  unblock: (pid, bot) => post(`/people/${pid}/unblock`, { bot }),
  makeGroup: (group) => post("/groups", group),
  calls: (after) => ask(`/calls?after=${after}`),
  clearCalls: () => post("/calls/clear"),
  faults: () => ask("/faults"),
  setFaults: (faults) => post("/faults", { faults }),
  clearFaults: () => ask("/faults", { method: "DELETE" }),
  shelf: async () => (await ask("/shelf")).files,
  fromShelf: async (name) => {
    const response = await fetch(`/api/shelf/${encodeURIComponent(name)}`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const type = response.headers.get("Content-Type") ?? "";
    return new File([await response.blob()], name, { type });
  },
  reset: () => post("/reset"),
};
