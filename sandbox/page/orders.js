// The list of orders, newest first, and the form that places new ones.

import { api } from "./api.js";
import { button, check, choice, field, fill, h, say } from "./dom.js";
import { t } from "./words.js";

const TONES = { shipped: "good", done: "good", closed: "danger", unpaid: "warn" };

/** Words and tone of where an order stands. */
export function stateOf(order) {
  if (order.after_sale) return h("span", { class: "state", data: { tone: "danger" } }, t("inAfterSale"));
  const words = order.status === "paid" ? t("paidState") : t(order.status);
  return h("span", { class: "state", data: { tone: TONES[order.status] ?? "" } }, words);
}

export const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

const goods = (order) => order.lines.map((line) => `${line.name}×${line.count}`).join("，");

export class Orders {
  constructor(desk) {
    this.desk = desk;
    this.list = h("div", { class: "stack" });
    this.form = h("div", { hidden: true });
    this.node = h(
      "section",
      { class: "pane orders stack", "aria-label": t("orders") },
      button(t("newOrder"), () => this.openForm(), { class: "primary" }),
      this.form,
      this.list,
    );
    this.shown = "";
  }

  async refresh() {
    const { orders } = await api.orders(this.desk.platform);
    const shown = JSON.stringify([orders.map((o) => [o.id, o.updated, o.status]), this.desk.chosen]);
    if (shown === this.shown) return;
    this.shown = shown;
    fill(
      this.list,
      orders.length ? orders.map((order) => this.row(order)) : h("p", { class: "quiet" }, t("noOrders")),
    );
  }

  row(order) {
    return button(
      [
        h("span", { class: "row" }, h("code", {}, order.id), stateOf(order)),
        h("span", {}, goods(order)),
        h("small", {}, `${t(order.platform)} · ${order.shop_name} · ${yuan(order.amount)}`),
      ],
      () => this.desk.choose(order.id),
      { class: "order", "aria-pressed": String(order.id === this.desk.chosen), "data-order": order.id },
    );
  }

  async openForm() {
    const { shops } = await api.shops();
    const merchants = shops.filter(
      (shop) => shop.role === "merchant" && ["", shop.platform].includes(this.desk.platform),
    );
    const shop = choice(
      t("shop"),
      merchants.map((one) => [String(one.id), `${t(one.platform)} · ${one.name}`]),
    );
    const count = field(t("count"), { type: "number", min: 1, max: 20000, value: 1 });
    const words = field(t("buyerWords"));
    const paid = check(t("paid"), true);
    const place = async () => {
      const { orders } = await api.create({
        shop: Number(shop.input.value),
        count: Number(count.input.value),
        paid: paid.input.checked,
        buyer_words: words.input.value,
      });
      this.form.hidden = true;
      this.desk.choose(orders.at(-1));
    };
    fill(
      this.form,
      h(
        "div",
        { class: "form stack" },
        shop.node,
        h("div", { class: "two" }, count.node, words.node),
        paid.node,
        h(
          "div",
          { class: "row" },
          button(t("make"), () => place().catch((error) => say(error.message)), { class: "primary" }),
          button(t("back"), () => (this.form.hidden = true)),
        ),
      ),
    );
    this.form.hidden = false;
  }
}
