// The call log: what the bot asked of Telegram, what it was told, how long it took.

import { api } from "./api.js";
import { h } from "./dom.js";
import { drawer } from "./panel.js";
import { t } from "./words.js";

const EVERY_MS = 1000;
const MOST = 400;

const moment = (at) => {
  const date = new Date(typeof at === "number" ? at * 1000 : at);
  return date.toLocaleTimeString("en-GB", { hour12: false });
};

function row(call) {
  return h(
    "details",
    {
      class: "call",
      data: { method: call.method, ok: String(call.status > 0 && call.status < 400) },
    },
    h(
      "summary",
      {},
      h("span", { class: "call-status" }, String(call.status || "✕")),
      h("span", { class: "call-method" }, call.method),
      h("span", { class: "call-at" }, moment(call.at)),
      h("span", { class: "call-ms" }, `${Math.round(call.ms)} ms`),
    ),
    call.description && h("p", { class: "call-why" }, call.description),
    h("pre", { "aria-label": t("params") }, JSON.stringify(call.params ?? {}, null, 2)),
  );
}

export function callsDrawer(host) {
  let after = 0;
  const list = h("div", { class: "calls" });
  const note = h("p", { class: "quiet" }, t("callsEmpty"));
  const filter = h("input", {
    type: "search",
    placeholder: t("filter"),
    "aria-label": t("filter"),
    "data-first": true,
  });
  const polling = h("input", { type: "checkbox" });
  polling.checked = true;

  const fits = (node) => {
    const { method } = node.dataset;
    return (
      !(polling.checked && method === "getUpdates") &&
      method.toLowerCase().includes(filter.value.trim().toLowerCase())
    );
  };
  const draw = () => {
    for (const node of list.children) node.hidden = !fits(node);
    note.hidden = [...list.children].some((node) => !node.hidden);
  };
  const tick = async () => {
    try {
      const { calls } = await api.calls(after);
      for (const call of calls) list.prepend(row(call));
      after = calls.at(-1)?.n ?? after;
      while (list.children.length > MOST) list.lastChild.remove();
      note.textContent = t("callsEmpty");
    } catch (error) {
      note.textContent = error.message;
    }
    draw();
  };
  const clear = async () => {
    await api.clearCalls();
    list.replaceChildren();
    draw();
  };
  filter.addEventListener("input", draw);
  polling.addEventListener("change", draw);
  drawer(host, {
    title: t("calls"),
    tick,
    everyMs: EVERY_MS,
    body: [
      h(
        "div",
        { class: "drawer-tools" },
        filter,
        h("label", { class: "check" }, polling, h("span", {}, t("hidePolling"))),
        h("button", { type: "button", class: "button", on: { click: clear } }, t("clearLog")),
      ),
      note,
      list,
    ],
  });
}
