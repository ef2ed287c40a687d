// The platform's own side: messages sent, faults, the log of calls.

import { api } from "./api.js";
import { button, choice, field, fill, h, moment, say } from "./dom.js";
import { t } from "./words.js";

const PUSH_TONES = { taken: "good", lost: "danger", given_up: "danger", due: "warn", held: "warn" };
const FAULTS = [
  "throttle", "service", "5xx", "html", "cut_before", "cut_after", "slow", "token_expired", "quota",
  "numbers_as_text", "text_as_numbers", "missing", "unknown",
];

// What Doudian's tags say; Kuaishou's events say it themselves.
const TAGS = {
  100: "created", 101: "payTag", 102: "shipped", 103: "done", 104: "logistics", 105: "address",
  106: "cancel", 108: "part_shipped", 109: "amount", 111: "address", 113: "remark", 126: "deadline",
  200: "refundOpen", 201: "refundAgree", 204: "refundRefuse", 206: "refunded", 207: "refundClose",
  500: "remark", 501: "assigned", 502: "cancelled", 503: "cancelled", 504: "address", 505: "returned",
};

const pretty = (value) => JSON.stringify(value, null, 2);

export class Pushes {
  constructor() {
    this.list = h("div", {});
    const all = () => api.send({}).then(() => this.refresh());
    this.node = h("div", { class: "stack" }, button(t("sendAll"), all), this.list);
    this.shown = "";
  }

  async refresh() {
    const { pushes } = await api.pushes();
    const shown = JSON.stringify(pushes.map((one) => [one.n, one.state, one.tries, one.log.length]));
    if (shown === this.shown) return;
    this.shown = shown;
    const open = [...this.list.querySelectorAll("details[open]")].map((node) => node.dataset.n);
    fill(
      this.list,
      pushes.length ? pushes.map((one) => this.row(one, open.includes(String(one.n)))) : h("p", { class: "quiet" }, t("noPushes")),
    );
  }

  row(push, open) {
    const last = push.log.at(-1);
    return h(
      "details",
      { data: { push: push.tag, n: push.n }, open },
      h(
        "summary",
        {},
        h("span", { class: "state", data: { tone: PUSH_TONES[push.state] } }, t(push.state)),
        h("span", { class: "grow" }, [t(push.platform), push.tag, TAGS[push.tag] && t(TAGS[push.tag])].filter(Boolean).join(" ")),
        h("small", {}, `${moment(push.made)}${last ? ` · ${last.status} · ${Math.round(last.ms)} ms` : ""}`),
      ),
      h("pre", {}, pretty(push.data)),
      push.log.length > 0 && h("pre", {}, push.log.map((one) => `${moment(one.at)} ${one.status} ${one.said}`).join("\n")),
      button(t("again"), () => api.send({ pushes: [push.n] }).then(() => this.refresh())),
    );
  }
}

export class Faults {
  constructor() {
    this.kind = choice(t("kind"), FAULTS.map((kind) => [kind, t(kind)]));
    this.method = field(t("method"), { placeholder: "order.searchList" });
    this.times = field(t("times"), { type: "number", min: 1, value: 1 });
    this.seconds = field(t("seconds"), { type: "number", min: 0, step: "any", value: 2 });
    this.fields = field(t("fields"), { placeholder: "pay_time" });
    this.list = h("div", {});
    this.kind.input.addEventListener("change", () => this.fit());
    this.node = h(
      "div",
      { class: "stack" },
      this.kind.node,
      this.method.node,
      h("div", { class: "two" }, this.times.node, this.seconds.node),
      this.fields.node,
      h(
        "div",
        { class: "row" },
        button(t("addFault"), () => this.add().catch((error) => say(error.message)), { class: "primary" }),
        button(t("clearFaults"), () => api.clearFaults().then(() => this.refresh())),
      ),
      this.list,
    );
    this.fit();
  }

  fit() {
    this.seconds.node.hidden = this.kind.input.value !== "slow";
    this.fields.node.hidden = this.kind.input.value !== "missing";
  }

  async add() {
    const kind = this.kind.input.value;
    await api.addFault({
      kind,
      method: this.method.input.value.trim() || null,
      times: this.times.input.value ? Number(this.times.input.value) : null,
      ...(kind === "slow" && { seconds: Number(this.seconds.input.value) }),
      ...(kind === "missing" && { fields: this.fields.input.value.split(/[,，\s]+/).filter(Boolean) }),
    });
    await this.refresh();
  }

  async refresh() {
    const { faults } = await api.faults();
    fill(
      this.list,
      faults.length
        ? faults.map((one) =>
            h("p", { class: "line" }, [t(one.kind), one.method, one.times && `×${one.times}`].filter(Boolean).join(" · ")),
          )
        : h("p", { class: "quiet" }, t("noFaults")),
    );
  }
}

export class Calls {
  constructor() {
    this.after = 0;
    this.list = h("div", {});
    this.note = h("p", { class: "quiet" }, t("noCalls"));
    this.node = h("div", { class: "stack" }, button(t("clear"), () => this.clear()), this.note, this.list);
  }

  async clear() {
    await api.clearCalls();
    this.list.replaceChildren();
    this.note.hidden = false;
  }

  async refresh() {
    const { calls } = await api.calls(this.after);
    for (const call of calls) this.list.prepend(this.row(call));
    while (this.list.children.length > 400) this.list.lastChild.remove();
    this.after = calls.at(-1)?.n ?? this.after;
    this.note.hidden = this.list.children.length > 0;
  }

  row(call) {
    return h(
      "details",
      { "data-method": call.method },
      h(
        "summary",
        {},
        h("span", { class: "state", data: { tone: call.code === "ok" ? "good" : "danger" } }, call.code),
        h("span", { class: "grow" }, call.method),
        h("small", {}, `${moment(call.at)} · ${Math.round(call.ms)} ms`),
      ),
      call.said && h("p", {}, call.said),
      h("pre", {}, pretty(call.params)),
    );
  }
}
