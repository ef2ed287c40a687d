// One order, whole, with everything a buyer or the platform may do to it now.

import { api } from "./api.js";
import { button, field, fill, h, moment, say } from "./dom.js";
import { stateOf, yuan } from "./orders.js";
import { t } from "./words.js";

const UNIT = ["unassigned", "assigned", "returned", "cancelled"];

/** Which acts this order's state allows, in the order they are offered. */
function allowed(order) {
  const waiting = ["paid", "part_shipped"].includes(order.status);
  const alive = !["closed", "unpaid"].includes(order.status);
  const quiet = order.lines.some((line) => !["open", "refunded"].includes(line.after_sale));
  return [
    order.status === "unpaid" && "pay",
    (waiting || order.status === "unpaid") && "address",
    "remark",
    waiting && "deadline",
    alive && quiet && "refundOpen",
    order.after_sale && "refundAgree",
    order.after_sale && "refundRefuse",
    order.after_sale && "refundClose",
    order.status === "shipped" && "finish",
    ["unpaid", "paid"].includes(order.status) && "cancel",
  ].filter(Boolean);
}

export class OrderPane {
  constructor(desk) {
    this.desk = desk;
    this.facts = h("div", { class: "stack" });
    this.acts = h("div", { class: "row" });
    this.form = h("div", {});
    this.empty = h("p", { class: "quiet" }, t("pick"));
    this.body = h("div", { class: "stack", hidden: true }, this.facts, this.acts, this.form);
    this.node = h("section", { class: "pane card" }, this.empty, this.body);
    this.shown = "";
  }

  async refresh() {
    const id = this.desk.chosen;
    this.empty.hidden = Boolean(id);
    this.body.hidden = !id;
    if (!id) return;
    const order = await api.order(id);
    const shown = JSON.stringify(order);
    if (shown === this.shown) return;
    if (JSON.parse(this.shown || "{}").id !== id) fill(this.form);
    this.shown = shown;
    this.order = order;
    this.draw();
  }

  draw() {
    const { order } = this;
    const { recipient } = order;
    const fact = (name, value) => value && [h("dt", {}, name), h("dd", {}, value)];
    fill(
      this.facts,
      h("div", { class: "row" }, h("h2", {}, h("code", {}, order.id)), stateOf(order)),
      h(
        "dl",
        { class: "facts" },
        fact(t("shop"), `${t(order.platform)} · ${order.shop_name}`),
        fact(t("amount"), yuan(order.amount)),
        fact(t("created"), moment(order.created / 1000)),
        fact(t("shipBy"), order.deadline ? moment(order.deadline / 1000) : ""),
        fact(t("name"), `${recipient.name} ${recipient.phone}`),
        fact(t("detail"), [...recipient.areas, recipient.detail].join(" ")),
        fact(t("buyerWords"), order.buyer_words),
        fact(t("text"), order.seller_words),
        fact(t("reason"), order.cancel_reason),
        fact(t("parcels"), order.parcels.map((one) => `${one.company} ${one.number}`).join("，")),
      ),
      h("div", {}, order.lines.map((line) => this.line(line))),
    );
    fill(
      this.acts,
      allowed(order).map((name) =>
        button(t(name), () => this.begin(name), {
          class: ["cancel", "refundOpen"].includes(name) ? "danger" : "",
        }),
      ),
    );
  }

  line(line) {
    const unit = this.order.units.find((one) => one.id === line.unit);
    const shop = this.desk.shops.find((one) => one.id === unit.factory);
    const sale = line.after_sale === "closed" ? t("closedSale") : t(line.after_sale);
    return h(
      "div",
      { class: "line" },
      h("div", {}, `${line.name} ${line.spec} × ${line.count}`, h("small", {}, `　${line.code}`)),
      h(
        "small",
        {},
        [
          t(UNIT[unit.status]) + (shop ? ` · ${shop.name}` : ""),
          line.shipped && `${t("shippedOf")} ${line.shipped}`,
          line.after_sale !== "none" && sale,
          unit.reason,
        ]
          .filter(Boolean)
          .join(" · "),
      ),
    );
  }

  begin(name) {
    const { recipient } = this.order;
    const forms = {
      address: () => {
        const name_ = field(t("name"), { value: recipient.name });
        const phone = field(t("phone"), { value: recipient.phone });
        const areas = field(t("areas"), { value: recipient.areas.join(" ") });
        const detail = field(t("detail"), { value: recipient.detail });
        return [
          [h("div", { class: "two" }, name_.node, phone.node), areas.node, detail.node],
          () => ({
            name: name_.input.value,
            phone: phone.input.value,
            areas: areas.input.value.trim().split(/\s+/),
            detail: detail.input.value,
          }),
        ];
      },
      remark: () => {
        const text = field(t("text"), { value: this.order.seller_words });
        return [[text.node], () => ({ text: text.input.value })];
      },
      deadline: () => {
        const hours = field(t("hours"), { type: "number", min: 0, step: "any", value: 24 });
        return [[hours.node], () => ({ within: Number(hours.input.value) * 3600 })];
      },
      cancel: () => {
        const reason = field(t("reason"), { value: "买家取消" });
        return [[reason.node], () => ({ reason: reason.input.value })];
      },
    };
    if (!forms[name]) return void this.act(name, {});
    const [nodes, read] = forms[name]();
    fill(
      this.form,
      h(
        "div",
        { class: "form stack" },
        nodes,
        h(
          "div",
          { class: "row" },
          button(t("send"), () => this.act(name, read()), { class: "primary" }),
          button(t("back"), () => fill(this.form)),
        ),
      ),
    );
  }

  async act(name, facts) {
    const refund = /^refund(.+)$/.exec(name);
    try {
      if (refund) await api.act(this.order.id, "refund", { act: refund[1].toLowerCase() });
      else await api.act(this.order.id, name, facts);
      fill(this.form);
    } catch (error) {
      say(error.message);
    }
    await this.desk.refresh();
  }
}
