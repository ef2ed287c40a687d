// The page's own words. What the bot says is the bot's business; this is only the frame around it.

const ZH = {
  langName: "EN", langSwitch: "Switch to English",
  title: "代发 playground", tagline: "几部手机，一个机器人",
  calls: "调用记录", faults: "故障", clear: "清空聊天",
  clearAsk: "清空所有人的聊天？消息编号会接着往下走，机器人自己的数据不变。", cleared: "聊天已清空",
  ok: "好", cancel: "取消", close: "关闭", add: "添加", create: "创建",
  lost: "连接断开，正在重连…", noServer: "连不上 playground 服务。它在运行吗？", retry: "重试",
  phoneOf: (name) => `${name}的手机`, switchPerson: (name) => `${name}，切换到别人`,
  people: "人物", addPerson: "添加一个人", name: "名字", username: "用户名（可不填）", language: "语言",
  personAdded: (name) => `${name} 来了`,
  chats: "聊天", back: "返回聊天列表", bot: "机器人", group: "群组", typing: "正在输入…",
  neverSpoken: "还没有说过话", unread: (n) => `${n} 条未读`, more: "更多",
  newGroup: "新建群组", groupName: "群名", members: "成员",
  openLink: "打开链接…", linkLabel: "t.me 链接", open: "打开", notALink: "这不是 t.me 的机器人链接",
  block: "停用机器人", unblock: "重新启用机器人", blocked: "已停用机器人", unblocked: "已重新启用",
  start: "开始", emptyTitle: "这里还没有消息", emptyText: "点下面的「开始」，机器人就会来招呼你。",
  write: "写消息…", messageBox: "消息", send: "发送", attach: "添加文件或图片",
  commands: "命令菜单", noCommands: "机器人还没有设置命令",
  asFile: "文件", asPhoto: "图片", reply: "回复", edit: "编辑", remove: "删除", copy: "复制文字",
  replyTo: (name) => `回复 ${name}`, editing: "编辑消息", cancelReply: "取消",
  removeAsk: "删除这条消息？", actions: "消息操作",
  edited: "已编辑", protected: "受保护：不能转发或保存", photo: "图片", file: "文件",
  download: (name) => `下载 ${name}`, enlarge: "放大图片", copied: "已复制", copyFailed: "浏览器不让复制，请手动选中",
  gone: "这条消息已经不在了", waiting: "等待机器人…", opensOutside: "打开外部链接",
  linkAsk: (url) => `要打开这个链接吗？\n${url}`, noAnswer: "机器人没有回应这个按钮",
  toBottom: "到最新消息", newer: (n) => `${n} 条新消息`, messages: "消息记录",
  today: "今天", yesterday: "昨天",
  dropHere: "放开，发给机器人", sendFile: "发送文件", sendFiles: (n) => `发送 ${n} 个文件`,
  caption: "说明（可不填）", compress: "作为图片发送",
  callsEmpty: "还没有调用。", hidePolling: "不看 getUpdates", filter: "按方法筛选", clearLog: "清空记录",
  params: "参数", faultsIntro: "让 Bot API 出点问题，看机器人怎么应对。用完会自己关掉。",
  onMethod: "只对方法", anyMethod: "所有方法", times: "次数", forever: "一直",
  left: (n) => `还剩 ${n} 次`, on: "开着",
  fault_429: ["429 太频繁", "要求 3 秒后再试。"],
  fault_403: ["403 被停用", "像用户停用了机器人一样拒绝。"],
  fault_5xx: ["5xx 服务器出错", "回答 502，什么也没做。"],
  fault_drop_answer: ["掉线：做了没回", "事情做完了，回答之前断线。"],
  fault_drop_request: ["掉线：没收到", "请求没处理就断线。"],
  fault_latency: ["延迟", "每次调用慢 2 秒。"],
  fault_html: ["网页冒充", "像代理一样回一页 HTML。"],
  faultsOff: "全部关掉", faultsOn: (n) => `故障，${n} 个开着`,
};

const EN = {
  langName: "中文", langSwitch: "切换到中文",
  title: "代发 playground", tagline: "several phones, one bot",
  calls: "Call log", faults: "Faults", clear: "Clear chats",
  clearAsk: "Clear everybody's chats? Message numbers go on, the bot's own data stays.", cleared: "Chats cleared",
  ok: "OK", cancel: "Cancel", close: "Close", add: "Add", create: "Create",
  lost: "Connection lost, reconnecting…", noServer: "The playground server does not answer. Is it running?", retry: "Try again",
  phoneOf: (name) => `${name}'s phone`, switchPerson: (name) => `${name}, switch to somebody else`,
  people: "People", addPerson: "Add a person", name: "Name", username: "Username (optional)", language: "Language",
  personAdded: (name) => `${name} is here`,
  chats: "Chats", back: "Back to chats", bot: "bot", group: "group", typing: "typing…",
  neverSpoken: "Not spoken to yet", unread: (n) => `${n} unread`, more: "More",
  newGroup: "New group", groupName: "Group name", members: "Members",
  openLink: "Open a link…", linkLabel: "t.me link", open: "Open", notALink: "That is not a t.me link to a bot",
  block: "Stop the bot", unblock: "Restart the bot", blocked: "Bot stopped", unblocked: "Bot restarted",
  start: "Start", emptyTitle: "No messages here yet", emptyText: "Press Start below and the bot will say hello.",
  write: "Message…", messageBox: "Message", send: "Send", attach: "Attach a file or picture",
  commands: "Commands", noCommands: "The bot has set no commands yet",
  asFile: "File", asPhoto: "Picture", reply: "Reply", edit: "Edit", remove: "Delete", copy: "Copy text",
  replyTo: (name) => `Reply to ${name}`, editing: "Edit message", cancelReply: "Cancel",
  removeAsk: "Delete this message?", actions: "Message actions",
  edited: "edited", protected: "Protected: cannot be forwarded or saved", photo: "Picture", file: "File",
  download: (name) => `Download ${name}`, enlarge: "Enlarge picture", copied: "Copied", copyFailed: "The browser does not allow copying; select it by hand",
  gone: "That message is gone", waiting: "Waiting for the bot…", opensOutside: "opens an outside link",
  linkAsk: (url) => `Open this link?\n${url}`, noAnswer: "The bot did not answer this button",
  toBottom: "To the newest message", newer: (n) => `${n} new`, messages: "Messages",
  today: "Today", yesterday: "Yesterday",
  dropHere: "Drop to send to the bot", sendFile: "Send file", sendFiles: (n) => `Send ${n} files`,
  caption: "Caption (optional)", compress: "Send as picture",
  callsEmpty: "No calls yet.", hidePolling: "Hide getUpdates", filter: "Filter by method", clearLog: "Clear log",
  params: "Parameters", faultsIntro: "Give the Bot API some trouble and watch the bot cope. Each switches itself off when used up.",
  onMethod: "Only for", anyMethod: "any method", times: "Times", forever: "always",
  left: (n) => `${n} left`, on: "on",
  fault_429: ["429 too many requests", "Asks to retry after 3 seconds."],
  fault_403: ["403 blocked", "Refuses as if the person stopped the bot."],
  fault_5xx: ["5xx server error", "Answers 502 and does nothing."],
  fault_drop_answer: ["Cut: done, not answered", "Does it, then cuts the line before answering."],
  fault_drop_request: ["Cut: not received", "Cuts the line before doing anything."],
  fault_latency: ["Latency", "Every call takes 2 s longer."],
  fault_html: ["A proxy's page", "Answers a page of HTML."],
  faultsOff: "Switch all off", faultsOn: (n) => `Faults, ${n} on`,
};

let words = ZH;
let tag = "zh-CN";

export function setLanguage(language) {
  words = language === "en" ? EN : ZH;
  tag = language === "en" ? "en-GB" : "zh-CN";
  document.documentElement.lang = tag;
  document.title = words.title;
}

/** The word for `key`, in the language chosen; some words take values. */
export function t(key, ...values) {
  const word = words[key];
  return typeof word === "function" ? word(...values) : word;
}

export const clock = (unix) =>
  new Date(unix * 1000).toLocaleTimeString(tag, { hour: "2-digit", minute: "2-digit", hour12: false });

const dayOf = (date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
export const dayKey = (unix) => dayOf(new Date(unix * 1000));

/** 今天, 昨天, or the date in words. */
export function dayName(unix) {
  const now = new Date();
  const key = dayKey(unix);
  if (key === dayOf(now)) return t("today");
  if (key === dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return t("yesterday");
  return new Date(unix * 1000).toLocaleDateString(tag, { month: "long", day: "numeric" });
}

/** Bytes in the unit a person reads: 940 B, 12.4 KB, 3.1 MB. */
export function bytes(size) {
  if (!Number.isFinite(size)) return "";
  if (size < 1024) return `${size} B`;
  const [value, unit] = size < 1048576 ? [size / 1024, "KB"] : [size / 1048576, "MB"];
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
